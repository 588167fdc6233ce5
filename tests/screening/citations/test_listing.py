"""What a list of citations is narrowed to, and that narrowing it tells nothing that is blind."""

import pytest

from reviewsite.reviews.models import Stage
from screening.citations.listing import Narrowing, listed
from screening.searches.imports import register_file, remove_run

from ...makers import decide, make_citation, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def people(review):
    return make_member(review, name="Anna"), make_member(review, name="Ben")


def titles(review, viewer, **wanted):
    return [str(citation) for citation in listed(review, viewer, Narrowing(**wanted))]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"text": "itch"}, ["Itch in adults", "Sneezing"]),
        ({"text": "ITCH adults"}, ["Itch in adults"]),
        ({"database": "Embase"}, ["Sneezing"]),
        ({"year_from": 2001}, ["Sneezing"]),
        ({"year_to": 2000}, ["Itch in adults"]),
        ({"year_from": 1990, "year_to": 2010, "abstract": "yes"}, ["Sneezing"]),
        ({"abstract": "no"}, ["Itch in adults"]),
        ({}, ["Itch in adults", "Sneezing"]),
    ],
)
def test_a_list_is_narrowed_by_what_the_records_say(review, people, wanted, found):
    make_search_run(review, ["Itch in adults"], year=2000)
    make_search_run(review, ["Sneezing"], database="Embase", year=2005, abstract="Less itch than sneezing.")
    make_citation(make_review(), "Itch elsewhere")

    assert titles(review, people[0], **wanted) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("leuk", True),
        ("LEUKÄMIE", True),
        ("ämie", False),
        ("il-2", True),
        ("intravenous", True),
        ("refractory il-2", True),
        ("refractory zorifen", False),
        ("急性白", True),
        ("白血病", True),
        ("‰", False),
        ("0.05%", True),
        ('"il" OR zorifen', False),
        ("zorifen*", False),
    ],
)
def test_words_are_found_by_their_beginning_in_title_and_abstract_together(review, people, text, found):
    abstract = "Refractory leukaemia, oral/intravenous IL-2 (p < 0.05%). 急性白血病."
    make_search_run(review, ["Leukämie in adults"], abstract=abstract)

    assert titles(review, people[0], text=text) == (["Leukämie in adults"] if found else [])


def test_a_run_that_was_undone_is_found_no_more_and_may_come_again(review, people):
    content = b"TY  - JOUR\nTI  - Zorifen for itch\nER  -\n"
    told = {"review": review, "file_name": "a.ris", "database": "Embase", "by": review.created_by}
    run = register_file(content=content, **told)
    assert titles(review, people[0], text="zorifen") == ["Zorifen for itch"]

    remove_run(run=run, by=review.created_by)
    assert titles(review, people[0], text="zorifen") == []

    register_file(content=content, **told)
    assert titles(review, people[0], text="zorifen") == ["Zorifen for itch"]


def test_a_list_is_narrowed_by_conclusion_and_by_ones_own_decision(review, people):
    anna, ben = people
    both, mine, nobodys = (make_citation(review, title) for title in ("Both", "Mine", "Nobody's"))
    for person in people:
        decide(both, person, "include")
    decide(mine, anna, "maybe")

    assert titles(review, anna, title_abstract="included") == ["Both"]
    assert titles(review, anna, mine="title_abstract:maybe") == ["Mine"]
    assert titles(review, anna, mine="title_abstract:none") == ["Nobody's"]
    assert titles(review, ben, mine="title_abstract:none") == ["Mine", "Nobody's"]


def test_a_colleagues_reason_finds_a_citation_only_once_it_is_concluded(review, people):
    anna, ben = people
    citation = make_citation(review, "Off topic")
    reason = review.exclusion_reasons.offered(Stage.TITLE_ABSTRACT).first()
    decide(citation, anna, "exclude")

    assert titles(review, anna, reason=reason) == ["Off topic"]
    assert titles(review, ben, reason=reason) == []
    decide(citation, ben, "include")
    assert titles(review, ben, reason=reason) == ["Off topic"]


def test_a_filter_that_says_nothing_sensible_is_told_and_does_not_narrow(client, review, people):
    make_citation(review)
    client.force_login(people[0])

    answer = client.get(f"/reviews/{review.slug}/citations/?year_from=soon&text=trial&label=999")

    assert answer.context["page"].paginator.count == 1
    assert "Enter a whole number" in answer.content.decode()
