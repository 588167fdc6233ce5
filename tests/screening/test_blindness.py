"""Before enough people have decided, a colleague's work is in no response that one may open."""

import pytest

from extraction.entry import save_answers, save_rows, start_extraction, submit
from extraction.models import ArmResult
from reviewsite.reviews.models import Role
from screening.decisions import record_decision

from ..extraction.makers import ANSWERS, assess, make_outcome
from ..makers import make_citation, make_member, make_review
from ..reviewsite.pages import Page, lasting, populate
from ..reviewsite.test_access import READ

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
