"""A tool drawn up in a form: what is written judges as the form says; the page previews and stores."""

from dataclasses import replace

import pytest
from django.urls import reverse

from extraction.risk_of_bias import DefinitionRefused, catalogue
from extraction.risk_of_bias.drafting import Draft, DraftAnswer, DraftDomain, DraftLevel, definition_of

LEVELS = (DraftLevel("Low", "low"), DraftLevel("Some concerns", "some"), DraftLevel("High", "high"))
ANSWERS = (
    DraftAnswer("Yes", "Low"),
    DraftAnswer("No", "High"),
    DraftAnswer("No information", "Some concerns"),
    DraftAnswer("Not applicable"),
)
WARD = Draft(
    "wards",
    'The "ward" tool',
    "Studies of one ward.",
    LEVELS,
    ANSWERS,
    (DraftDomain("Patients", ("Consecutive?", "One ward?")), DraftDomain("Outcome", ("Blind?",))),
)


@pytest.mark.parametrize(
    ("answers", "domains", "overall"),
    [
        ({"1.1": "Y", "1.2": "Y", "2.1": "Y"}, ("Low", "Low"), "Low"),
        ({"1.1": "Y", "1.2": "NI", "2.1": "Y"}, ("Some concerns", "Low"), "Some concerns"),
        ({"1.1": "N", "1.2": "NI", "2.1": "NI"}, ("High", "Some concerns"), "High"),
        ({"1.1": "NA", "1.2": "Y", "2.1": "NA"}, ("Low", "Low"), "Low"),
    ],
)
def test_the_worst_that_an_answer_points_to_is_proposed(answers, domains, overall):
    tool = catalogue.read_own(definition_of(WARD))

    found = {
        domain.key: domain.propose(
            {number: answer for number, answer in answers.items() if number.startswith(domain.key[1:])}
        ).judgement
        for domain in tool.domains
    }

    assert tuple(found.values()) == domains
    assert tool.propose_overall(found).judgement == overall
    assert tool.name == 'The "ward" tool'


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"levels": LEVELS[:1]}, "at least two judgements"),
        ({"levels": (LEVELS[0], LEVELS[0])}, "same name"),
        ({"answers": (*ANSWERS, DraftAnswer("Nearly", "High"))}, "same name"),
        ({"answers": (DraftAnswer("Yes"), DraftAnswer("No"))}, "which judgement"),
        ({"answers": (DraftAnswer("Yes", "Fair"), DraftAnswer("No", "Low"))}, "no judgement here"),
        ({"domains": ()}, "at least one domain"),
        ({"domains": (DraftDomain("Empty", ()),)}, "has no question"),
    ],
)
def test_what_is_missing_is_said_in_words(changed, said):
    with pytest.raises(DefinitionRefused, match=said):
        definition_of(replace(WARD, **changed))


FILLED = {
    "name": "Ward tool", "key": "wards", "about": "Studies of one ward.", "source": "The team",
    "url": "https://example.org/protocol", "unit": "study", "has_overall": "on", "domains": "3",
    "level-1": "Low", "tone-1": "low", "level-2": "High", "tone-2": "high", "level-3": "", "tone-3": "some",
    "level-4": "", "tone-4": "none", "answer-1": "Yes", "points-1": "1", "answer-2": "No", "points-2": "2",
    "domain-1": "Patients", "questions-1": "Consecutive?\nOne ward?",
}  # fmt: skip


@pytest.fixture
def page(client, review):
    client.force_login(review.created_by)
    address = reverse("extraction:tool_builder", args=[review.slug])
    return lambda **told: client.post(address, {**FILLED, **told})


def test_a_preview_shows_the_questions_and_stores_nothing(page, review):
    answer = page(act="preview").content.decode()

    assert "As reviewers will see it: Ward tool" in answer
    assert "One ward?" in answer
    assert not review.own_tools.exists()


def test_the_tool_is_stored_and_can_be_put_to_use(page, review):
    assert page(act="store").status_code == 302

    own = review.own_tools.get()
    assert [each.label for each in own.tool.domains] == ["Patients"]


def test_a_further_domain_keeps_what_was_typed_and_complains_of_nothing(page):
    answer = page(act="add", name="").content.decode()

    assert 'name="domain-4"' in answer
    assert "Consecutive?" in answer
    assert "is-invalid" not in answer


def test_a_tool_without_a_question_is_told_what_it_lacks(page):
    answer = page(act="preview", **{"questions-1": ""})

    assert answer.status_code == 422


def test_a_question_is_asked_only_after_the_answers_at_its_end():
    asked = ("Consecutive?", "Why not? [if 1.1 = No/No information]", "Sure? [si 1.1 = Yes y 1.2 = No]")
    tool = catalogue.read_own(definition_of(replace(WARD, domains=(DraftDomain("Patients", asked),))))

    domain = tool.domains[0]
    assert [question.text for question in domain.questions] == ["Consecutive?", "Why not?", "Sure?"]
    assert domain.questions[1].condition == "1.1 = N/NI"
    assert domain.questions[2].condition == "1.1 = Y and 1.2 = N"
    assert domain.propose({"1.1": "Y"}).judgement == "Low"
    assert domain.propose({"1.1": "N", "1.2": "Y"}).judgement == "High"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Why? [if 1.1 = Perhaps]", "none of the answers"),
        ("Why? [if 1.1]", "which answer"),
        ("Why? [if 7.1 = No]", "7.1"),
    ],
)
def test_a_condition_that_cannot_hold_is_refused_in_words(line, said):
    with pytest.raises(DefinitionRefused, match=said):
        catalogue.read_own(
            definition_of(replace(WARD, domains=(DraftDomain("Patients", ("Consecutive?", line)),)))
        )
