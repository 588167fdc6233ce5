import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from extraction.agreeing.consensus import (
    NEW,
    RIGHT,
    Choice,
    ConsensusRefused,
    agree,
    compare,
    correct,
    pair_of,
    rows_of,
)
from extraction.entering.entry import ExtractionRefused, save_answers, save_rows, start_extraction, submit
from extraction.models import Arm, ArmResult, Extraction
from extraction.schema import WrongAnswer

from ...makers import make_member
from ..makers import agree_on_left, extract, make_agreed, make_outcome

pytestmark = pytest.mark.django_db


def numbers(extraction):
    return [(row.events, row.n) for row in rows_of(extraction)]


def test_a_second_visit_finds_the_extraction_that_was_begun(study, people):
    assert start_extraction(study=study, extractor=people[0]) == start_extraction(
        study=study, extractor=people[0]
    )


def test_a_third_person_cannot_extract_what_two_have_submitted(study, people, review):
    for person in people:
        extract(study, person, 30, 40)

    with pytest.raises(ExtractionRefused, match="Two people"):
        start_extraction(study=study, extractor=make_member(review))


def test_nobody_changes_a_colleagues_extraction_or_a_submitted_one(study, people):
    mine = start_extraction(study=study, extractor=people[0])
    with pytest.raises(ExtractionRefused, match="Only the person"):
        save_answers(extraction=mine, by=people[1], answers={})

    extract(study, people[0], 30, 40)
    with pytest.raises(ExtractionRefused, match="submitted"):
        save_answers(extraction=Extraction.objects.get(pk=mine.pk), by=people[0], answers={})


def test_submitting_names_what_is_missing(study, people):
    mine = start_extraction(study=study, extractor=people[0])

    with pytest.raises(ExtractionRefused, match="“Design” has no answer"):
        submit(extraction=mine, by=people[0])


def test_words_in_a_number_are_refused(study, people):
    mine = start_extraction(study=study, extractor=people[0])

    with pytest.raises(WrongAnswer):
        save_answers(extraction=mine, by=people[0], answers={"n": {"value": "about forty"}})


def test_equal_extractions_agree_without_a_choice_and_the_agreed_one_names_both(study, people):
    left, right = (extract(study, person, 30, 40) for person in people)

    agreed = agree(study=study, settled_by=people[0], choices={})

    assert (agreed.left, agreed.right) == (left, right)
    assert numbers(agreed) == [(30, 40)]
    assert agreed.answers["regimen"]["value"] == "Zorifen"


def test_what_differs_needs_a_choice(study, people):
    extract(study, people[0], 30, 40)
    extract(study, people[1], 33, 40)

    with pytest.raises(ConsensusRefused, match="Choose a side for: Response"):
        agree(study=study, settled_by=people[0], choices={})


@pytest.mark.parametrize(
    ("choice", "agreed_numbers"), [(Choice(RIGHT), (33, 40)), (Choice(NEW, {"events": 31}), (31, 40))]
)
def test_the_chosen_side_or_the_new_value_is_agreed(study, people, choice, agreed_numbers):
    extract(study, people[0], 30, 40)
    extract(study, people[1], 33, 40)
    (item,) = [item for item in compare(*pair_of(study)) if not item.is_equal]

    agreed = agree(study=study, settled_by=people[0], choices={item.key: choice})

    assert numbers(agreed) == [agreed_numbers]
    assert [numbers(side) for side in (agreed.left, agreed.right)] == [[(30, 40)], [(33, 40)]]


def test_cells_of_both_sides_are_mixed_and_each_brings_its_quote(study, people):
    left = extract(study, people[0], 30, 40, cells={"events": {"quote": "thirty"}, "n": {"quote": "forty"}})
    right = extract(study, people[1], 33, 44, cells={"n": {"quote": "44 patients"}})
    (item,) = [item for item in compare(left, right) if not item.is_equal]

    choice = Choice(NEW, values={"events": 31}, sides={"n": RIGHT})
    agreed = agree(study=study, settled_by=people[0], choices={item.key: choice})

    (row,) = rows_of(agreed)
    assert (row.events, row.n) == (31, 44)
    assert row.cells == {"n": {"quote": "44 patients"}}


def test_a_third_answer_is_checked_like_any_other(study, people):
    for person, population in zip(people, ("Adults", "Children"), strict=True):
        extract(study, person, 30, 40)
        own = Extraction.objects.get(study=study, extractor=person)
        own.answers["n"] = {"value": 40 if population == "Adults" else 41}
        own.save()

    with pytest.raises(ConsensusRefused, match="Participants analysed: “many” is not a number"):
        agree(study=study, settled_by=people[0], choices={("answer", "n"): Choice(NEW, {"value": "many"})})


def test_a_study_is_agreed_once(study, people):
    for person in people:
        extract(study, person, 30, 40)
    agree_on_left(study, people[0])

    with pytest.raises(ConsensusRefused, match="a moment ago"):
        agree_on_left(study, people[1])


def test_a_correction_is_a_new_version_with_its_reason_and_the_old_one_stays(review, people):
    agreed = make_agreed(review, people, "Arden 2019", 30, 40)
    (row,) = rows_of(agreed)

    version = correct(agreed=agreed, by=people[0], reason="Misread digit", rows={row.pk: {"events": 33}})

    assert (numbers(version), numbers(agreed)) == ([(33, 40)], [(30, 40)])
    assert version.supersedes == agreed
    assert Extraction.objects.agreed().get() == version


def test_a_correction_needs_a_reason_and_a_possible_number(review, people):
    agreed = make_agreed(review, people, "Arden 2019", 30, 40)
    (row,) = rows_of(agreed)

    with pytest.raises(ConsensusRefused, match="Say why"):
        correct(agreed=agreed, by=people[0], reason=" ", rows={row.pk: {"events": 33}})
    with pytest.raises(ValidationError, match="More events than participants"), transaction.atomic():
        correct(agreed=agreed, by=people[0], reason="Typo", rows={row.pk: {"events": 41}})
    assert Extraction.objects.agreed().get() == agreed


def test_two_corrections_at_once_cannot_both_stand(review, people):
    agreed = make_agreed(review, people, "Arden 2019", 30, 40)
    correct(agreed=agreed, by=people[0], reason="One")

    with pytest.raises(ConsensusRefused, match="newest version"):
        correct(agreed=agreed, by=people[1], reason="Other")


@pytest.mark.parametrize(
    "impossible",
    [
        {"events": 41, "n": 40},
        {"events": 3},
        {"n": 0},
        {"mean": 1.0, "sd": 0.0},
        {"estimate": 5.3, "ci_low": 9.6, "ci_high": 29.8},
    ],
)
def test_the_database_refuses_impossible_results(study, people, impossible):
    extraction = start_extraction(study=study, extractor=people[0])
    row = ArmResult(arm=extraction.arms.get(), outcome=make_outcome(study.review), **impossible)

    with pytest.raises(IntegrityError), transaction.atomic():
        save_rows(extraction=extraction, by=people[0], rows=[row])


def test_one_row_for_an_outcome_without_a_time_point(study, people):
    extraction = start_extraction(study=study, extractor=people[0])
    same = {"arm": extraction.arms.get(), "outcome": make_outcome(study.review), "events": 1, "n": 2}
    save_rows(extraction=extraction, by=people[0], rows=[ArmResult(**same)])

    with pytest.raises(IntegrityError), transaction.atomic():
        save_rows(extraction=extraction, by=people[0], rows=[ArmResult(**same)])


def test_a_result_belongs_to_an_arm_of_its_own_extraction(study, people):
    mine, other = (start_extraction(study=study, extractor=person) for person in people)
    row = ArmResult(arm=Arm.objects.get(extraction=other), outcome=make_outcome(study.review), events=1, n=2)

    with pytest.raises(ExtractionRefused, match="same extraction"):
        save_rows(extraction=mine, by=people[0], rows=[row])
