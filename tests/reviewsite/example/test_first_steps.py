"""The steps that a new review shows its owner."""

import pytest

from reviewsite.dashboard.first_steps import first_steps
from reviewsite.reviews.invitations import invite
from reviewsite.reviews.models import Review
from reviewsite.reviews.rules import create_review
from screening.importers.origin import origin_of

from ...makers import make_member, make_search_run, make_user

pytestmark = pytest.mark.django_db


def steps(review):
    """Fresh from the database: what is done, by the first word of each step."""
    fresh = Review.objects.get(pk=review.pk)
    return {step.label: step.is_done for step in first_steps(fresh)}


@pytest.fixture
def review():
    return create_review(title="Itch", owner=make_user())


def test_of_a_new_review_nothing_is_done(review):
    assert set(steps(review).values()) == {False}


def test_a_second_reviewer_is_needed_where_two_decide(review):
    make_member(review)
    assert steps(review)["Bring in your colleagues"]


def test_who_is_invited_is_counted_until_they_come(review):
    invite(review=review, email="nora@example.org", role="reviewer", by=review.created_by)

    [step] = [each for each in first_steps(review) if each.label == "Bring in your colleagues"]

    assert step.why.endswith("1 can screen now. 1 is invited.")
    assert not step.is_done


def test_only_the_first_open_step_is_next(review):
    assert [step.is_next for step in first_steps(review)] == [True] + [False] * 5
    make_member(review)
    make_search_run(review, ["Zorifen for itch"])
    fresh = Review.objects.get(pk=review.pk)
    assert [step.is_next for step in first_steps(fresh)] == [True] + [False] * 5


def test_a_search_counts_once_its_records_are_in(review):
    run = make_search_run(review, ["Zorifen for itch"])
    assert steps(review)["Bring in the searches"]
    run.imported_at = None
    run.save()
    assert not steps(review)["Bring in the searches"]


def test_the_owner_sees_the_steps_and_others_do_not(review, signed_in):
    address = f"/reviews/{review.slug}/"
    assert b"First steps" in signed_in(review.created_by).get(address).content
    assert b"First steps" not in signed_in(make_member(review)).get(address).content


def test_a_review_of_a_usual_kind_begins_with_what_fits_it(client):
    owner = make_user()
    client.force_login(owner)

    client.post("/reviews/new/", {"title": "Zorifen for itch", "start": "accuracy"})

    review = Review.objects.get()
    assert "diagnostic accuracy" in review.protocol.study_designs
    assert review.exclusion_reasons.filter(stage="full_text", label="Wrong or no reference standard").exists()


def test_without_a_kind_it_begins_with_reasons_only(client):
    client.force_login(make_user())

    client.post("/reviews/new/", {"title": "Zorifen for itch"})

    review = Review.objects.get()
    assert review.protocol.study_designs == ""
    assert review.exclusion_reasons.filter(stage="title_abstract").count() == 5


@pytest.mark.parametrize("name", ["pubmed", "embase", "central"])
def test_the_sample_files_name_their_database(client, name):
    answer = client.get(f"/samples/{name}/")

    assert origin_of(b"".join(answer.streaming_content)).database.lower() == name
