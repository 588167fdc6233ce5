"""Before enough people have decided, a colleague's work is in no response that one may open."""

import pytest
from django.db import transaction

from extraction.entering.entry import save_answers, save_rows, start_extraction, submit
from extraction.models import ArmResult
from reviewsite.reviews.models import Role
from screening.deciding.decisions import record_decision
from screening.room import queue
from screening.rounds.choosing import Choice, How
from screening.rounds.rules import Place, change_round, main_round, open_round, unblind

from ...extraction.makers import ANSWERS, assess, make_outcome
from ...makers import make_citation, make_member, make_review, make_search_run
from ...reviewsite.matrix import READ
from ...reviewsite.pages import Page, lasting, populate

pytestmark = pytest.mark.django_db
MARKER = "unmistakable-xyzzy"


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def people(review):
    return [make_member(review, name="Anna"), make_member(review, name="Ben")]


def every_page(client, review, rows, reader):
    client.force_login(reader)
    # The first visit to a form begins one's own work; what is compared is the pages after that.
    for form in (
        Page("extraction:extract", ("waiting",)),
        Page("extraction:assess", ("appraisal", "waiting")),
    ):
        client.get(form.url(review, rows))
    bodies = {}
    for page, allowed in READ:
        role = review.memberships.get(user=reader).role
        if role in allowed:
            answer = client.get(page.url(review, rows), follow=True)
            bodies[page.name] = lasting(answer)
    return bodies


def test_a_first_decision_changes_no_page_of_the_second_reviewer(client, review, people):
    rows = populate(review, people)
    anna, ben = people
    citation = make_citation(review, "A trial both must screen")
    before = every_page(client, review, {**rows, "citation": citation.pk}, ben)

    reason = review.exclusion_reasons.get(stage="title_abstract", label="Wrong population")
    record_decision(
        citation=citation,
        stage="title_abstract",
        reviewer=anna,
        verdict="exclude",
        reason=reason,
        note=MARKER,
    )

    assert every_page(client, review, {**rows, "citation": citation.pk}, ben) == before


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.EXTRACTOR, Role.STATISTICIAN, Role.VIEWER])
def test_nobody_reads_the_note_of_a_blind_decision(client, review, people, role):
    rows = populate(review, people)
    citation = make_citation(review)
    record_decision(
        citation=citation, stage="title_abstract", reviewer=people[0], verdict="include", note=MARKER
    )

    bodies = every_page(client, review, {**rows, "citation": citation.pk}, make_member(review, role))

    assert not [name for name, body in bodies.items() if MARKER.encode() in body]


def test_an_owner_sees_how_many_were_decided_and_never_what(client, review, people):
    rows = populate(review, people)
    citation = make_citation(review)
    record_decision(
        citation=citation, stage="title_abstract", reviewer=people[0], verdict="include", note=MARKER
    )
    include = every_page(client, review, {**rows, "citation": citation.pk}, review.created_by)

    assert not [name for name, body in include.items() if MARKER.encode() in body]


def test_a_colleagues_extraction_and_judgement_are_on_no_page_before_both_are_in(client, review, people):
    rows = populate(review, people)
    anna, ben = people
    study = review.studies.get(pk=rows["waiting"])
    before = every_page(client, review, rows, ben)

    extraction = start_extraction(study=study, extractor=anna)
    answers = {name: {"value": value} for name, value in {**ANSWERS, "note": MARKER}.items()}
    save_answers(extraction=extraction, by=anna, answers=answers)
    result = ArmResult(
        arm=extraction.arms.get(),
        outcome=make_outcome(review),
        events=13,
        n=40,
        quote=MARKER,
        population=MARKER,
    )
    save_rows(extraction=extraction, by=anna, rows=[result])
    submit(extraction=extraction, by=anna)
    assess(study, anna, "22222221", support=MARKER)

    assert every_page(client, review, rows, ben) == before


def test_once_both_have_decided_both_votes_can_be_read(client, review, people):
    citation = make_citation(review)
    for person, verdict in zip(people, ["include", "exclude"], strict=True):
        record_decision(
            citation=citation, stage="title_abstract", reviewer=person, verdict=verdict, note=MARKER
        )
    client.force_login(people[1])

    body = client.get(f"/reviews/{review.slug}/citations/{citation.pk}/").content.decode()

    assert body.count(MARKER) == 2


SCREENING_PAGES = ("screening:", "dashboard:", "reviews:")


def screening_pages(client, review, rows, reader):
    """Every page that tells of screening, with what the queue hands out and in which order."""
    client.force_login(reader)
    role = review.memberships.get(user=reader).role
    pages = [page for page, allowed in READ if role in allowed and page.name.startswith(SCREENING_PAGES)]
    return {page.name: lasting(client.get(page.url(review, rows), follow=True)) for page in pages}


def in_a_pilot(review, people):
    make_search_run(review, [f"Pilot trial {n}" for n in range(4)])
    choice = Choice(How.WORDS, words="Pilot trial")
    places = [Place(person.pk) for person in people]
    return open_round(
        review=review,
        stage="title_abstract",
        by=review.created_by,
        kind="pilot",
        name="Pilot",
        choice=choice,
        people=places,
    )


@pytest.mark.parametrize("role", [None, Role.STATISTICIAN])
def test_votes_in_a_running_pilot_change_no_page_of_those_who_have_not_voted(client, review, people, role):
    rows = populate(review, people)
    round = in_a_pilot(review, people)
    reader = make_member(review, role) if role else people[1]
    citations = list(review.citations.filter(places__round=round))
    before = screening_pages(client, review, {**rows, "round": round.pk}, reader)

    for citation, verdict in zip(citations, ["include", "exclude", "maybe"], strict=False):
        record_decision(
            citation=citation, stage="title_abstract", reviewer=people[0], verdict=verdict, note=MARKER
        )

    assert screening_pages(client, review, {**rows, "round": round.pk}, reader) == before


@pytest.mark.parametrize(("needs_expert", "target"), [(True, None), (False, 1)])
def test_where_a_vote_shows_that_work_is_done_it_never_shows_how(
    client, review, people, needs_expert, target
):
    """With experts or targets a colleague's vote moves what is left to others; which vote must not matter."""
    rows = populate(review, people)
    anna, ben = people
    citation, _ = make_citation(review, "First of two"), make_citation(review, "Second of two")
    third = make_member(review, name="Cleo")
    places = [Place(anna.pk), Place(ben.pk, target=target), Place(third.pk, is_expert=True)]
    round = open_main(review, places, needs_expert=needs_expert)
    rows |= {"round": round.pk}

    seen = []
    for verdict in ("include", "exclude"):
        with transaction.atomic():
            record_decision(
                citation=citation, stage="title_abstract", reviewer=anna, verdict=verdict, note=MARKER
            )
            seen.append(screening_pages(client, review, rows, ben))
            transaction.set_rollback(True)

    assert seen[0] == seen[1]


def open_main(review, places, **fields):
    # The page's rows may hold the main round already.
    round = main_round(review=review, stage="title_abstract", by=review.created_by)
    return change_round(
        round=round, by=review.created_by, name="Main", decisions_needed=2, people=places, **fields
    )


def test_a_colleagues_vote_moves_nothing_in_ones_own_queue(review, people):
    anna, ben = people
    found = make_search_run(review, [f"Trial {n}" for n in range(8)])
    before = queue.take(review, ben, "title_abstract", 8)

    for record in list(found.records.all())[2:6]:
        record_decision(
            citation=record.citation, stage="title_abstract", reviewer=anna, verdict="exclude", note=MARKER
        )

    assert queue.take(review, ben, "title_abstract", 8) == before
    assert queue.my_progress(review, ben, "title_abstract").waiting == 8


def test_once_unblinded_everybody_reads_the_votes_of_that_round(client, review, people):
    citation = make_citation(review)
    record_decision(
        citation=citation, stage="title_abstract", reviewer=people[0], verdict="include", note=MARKER
    )
    page = f"/reviews/{review.slug}/citations/{citation.pk}/"
    client.force_login(people[1])
    assert MARKER not in client.get(page).content.decode()

    round = main_round(review=review, stage="title_abstract", by=review.created_by)
    unblind(round=round, by=review.created_by, reason="Ben is new here.")

    assert MARKER in client.get(page).content.decode()
