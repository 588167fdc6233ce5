"""Who may open what: every address and method against every kind of person.

What is expected stands in access.txt, which is read at review; its head says what the words mean.
"""

import inspect

import pytest
from django.db import transaction
from django.urls import URLPattern

from extraction.entering.entry import start_extraction
from reviewsite.reviews.models import Role, User
from reviewsite.reviews.rules import change_role, end_membership

from ..extraction.makers import extract, make_study
from ..makers import make_member, make_review, make_user
from .matrix import PEOPLE, ROWS
from .pages import lasting, patterns, populate

pytestmark = pytest.mark.django_db
OF_A_REVIEW = [row for row in ROWS if row.is_of_a_review]
# Arguments that are the same in every review.
OF_NO_REVIEW = {"tour_step", "stage", "svg", "csv", "tool", "traffic", "caterpillar", "all", "xlsx"}
OF_NO_REVIEW |= {"revman", "checklist"}


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def rows(review):
    return populate(review, [make_member(review), make_member(review)])


@pytest.fixture
def person(review):
    """A function that gives one of the kinds of people; None for a visitor."""
    return lambda kind: _make_person(kind, review)


def _make_person(kind: str, review) -> User | None:
    if kind == "anonymous":
        return None
    if kind == "stranger":
        return make_user()
    if kind == "elsewhere":
        return make_review(owner=make_user()).created_by
    if kind == "removed":
        # Somebody who could do everything.
        user = make_member(review, is_adjudicator=True)
        membership = review.memberships.get(user=user)
        change_role(membership=membership, role=Role.OWNER, by=review.created_by)
        end_membership(membership=membership, by=review.created_by)
        return user
    return review.created_by if kind == "owner" else make_member(review, kind)


def begin_own_work(review, rows, user) -> dict[str, object]:
    """Addresses of one's own extractions exist once one has begun: one that is open, one handed in."""
    membership = review.memberships.current().filter(user=user).first()
    if user is None or membership is None or not membership.may_extract:
        return {**rows, "handed_in": rows["study"], "own": rows["waiting"]}
    begun = make_study(review, [make_member(review), make_member(review)], f"Begun by {user}")
    handed_in = make_study(review, [make_member(review), make_member(review)], f"Done by {user}")
    start_extraction(study=begun, extractor=user)
    extract(handed_in, user, 30, 40)
    return {**rows, "own": begun.pk, "handed_in": handed_in.pk}


def sign_in(client, user) -> None:
    client.logout()
    if user is not None:
        client.force_login(user)


def answer_of(client, row, url: str) -> str:
    """The answer in the file's words; what an act changes is taken back."""
    with transaction.atomic():
        answer = client.generic(row.method, url)
        transaction.set_rollback(True)
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return "sign-in"
    opened = {200, 201, 204, 301, 302, 400, 409, 410, 422}
    return "open" if answer.status_code in opened else str(answer.status_code)


def mistakes(client, review, rows, kind: str, user) -> list[str]:
    wrong = []
    own = begin_own_work(review, rows, user)
    sign_in(client, user)
    for row in ROWS:
        if row.method == "POST" and not row.is_of_a_review:
            sign_in(client, user)  # signing out is one of the acts
        answer = answer_of(client, row, row.page.url(review, own))
        expected = row.answers[kind]
        if answer != ("404" if expected == "nothing" else expected):
            wrong.append(f"{row.method} {row.page.name}: {expected} expected, got {answer}")
    return wrong


@pytest.mark.parametrize("kind", PEOPLE)
def test_everybody_gets_the_answers_of_the_matrix_and_no_others(client, review, rows, person, kind):
    assert mistakes(client, review, rows, kind, person(kind)) == []


def test_every_address_of_the_site_has_a_row_in_the_matrix():
    assert set(patterns()) == {row.page.name for row in ROWS}


def test_every_view_that_reads_what_was_posted_has_a_row_for_that():
    posting = {
        name
        for name, pattern in patterns().items()
        if ":" in name and any(word in _source(pattern) for word in ("request.POST", "request.method"))
    }

    assert posting - {row.page.name for row in ROWS if row.method != "GET"} == set()


def _source(pattern: URLPattern) -> str:
    return inspect.getsource(inspect.unwrap(pattern.callback))


def test_addresses_without_a_row_for_reading_only_act(client, review, rows):
    rows = begin_own_work(review, rows, review.created_by)
    read = {row.page.name for row in ROWS if row.method == "GET"}
    client.force_login(review.created_by)
    for row in OF_A_REVIEW:
        if row.page.name not in read:
            assert client.get(row.page.url(review, rows)).status_code == 405, row.page.name


def test_a_stranger_gets_the_same_404_as_for_a_review_that_does_not_exist(client, review, rows):
    rows = begin_own_work(review, rows, None)
    client.force_login(make_user())
    for row in OF_A_REVIEW:
        url = row.page.url(review, rows)
        answer = client.generic(row.method, url)
        missing = client.generic(row.method, url.replace(review.slug, "no-such-review"))
        assert answer.status_code == missing.status_code == 404, row.page.name
        assert lasting(answer) == lasting(missing), row.page.name


def test_a_visitor_is_sent_to_sign_in_for_a_review_that_does_not_exist_too(client, review, rows):
    rows = begin_own_work(review, rows, None)
    for row in OF_A_REVIEW:
        url = row.page.url(review, rows).replace(review.slug, "no-such-review")
        assert client.generic(row.method, url)["Location"].startswith("/accounts/login/"), row.page.name


def test_rows_of_another_review_are_not_found_under_ones_own(client, review, rows):
    rows = begin_own_work(review, rows, None)
    own = make_review(owner=make_user())
    client.force_login(own.created_by)
    for row in OF_A_REVIEW:
        if set(row.page.arguments) - OF_NO_REVIEW:
            answer = client.generic(row.method, row.page.url(own, rows))
            assert answer.status_code == 404, (row.method, row.page.name)
