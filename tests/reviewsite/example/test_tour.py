"""The tour: every step has a page that every member may open, and it goes on where it was left."""

import pytest

from reviewsite.reviews.models import Role
from reviewsite.tour.steps import STEPS

from ...makers import make_member, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review()


@pytest.mark.parametrize("role", Role.values)
def test_every_member_can_take_every_step(review, signed_in, role):
    client = signed_in(make_member(review, role=role))
    for number, step in enumerate(STEPS, 1):
        answer = client.get(f"/reviews/{review.slug}/tour/{number}/", follow=True)
        assert answer.status_code == 200
        assert f"step {number} of {len(STEPS)}" in answer.content.decode()
        assert str(step.title) in answer.content.decode()


def test_the_tour_goes_on_where_it_was_left(review, signed_in):
    client = signed_in(make_member(review))
    client.get(f"/reviews/{review.slug}/tour/4/")

    answer = client.get(f"/reviews/{review.slug}/tour/", follow=True)

    assert f"step 4 of {len(STEPS)}" in answer.content.decode()


def test_a_step_that_is_none_is_not_found(review, signed_in):
    client = signed_in(make_member(review))
    assert client.get(f"/reviews/{review.slug}/tour/99/").status_code == 404
    page = client.get(f"/reviews/{review.slug}/?tour=99")
    assert page.status_code == 200
    assert "Tour, step" not in page.content.decode()


def test_strangers_are_led_nowhere(review, signed_in):
    assert signed_in(make_member(make_review())).get(f"/reviews/{review.slug}/tour/").status_code == 404
