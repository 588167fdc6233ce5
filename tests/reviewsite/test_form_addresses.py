"""Whoever opens an address that only takes forms is led to the page of that form."""

import pytest

from ..makers import make_review

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def owner(client):
    review = make_review()
    client.force_login(review.created_by)
    return client, f"/reviews/{review.slug}/"


@pytest.mark.parametrize(
    ("address", "page"), [("members/invite/", "members/"), ("searches/upload/", "searches/")]
)
def test_after_a_refused_form_another_language_shows_the_page_of_the_form(owner, address, page):
    client, review = owner
    assert client.post(review + address, {}).status_code == 422

    answer = client.post(
        "/language/",
        {"language": "es"},
        headers={"Referer": f"http://testserver{review}{address}", **BROWSER},
        follow=True,
    )

    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == review + page
    assert 'lang="es"' in answer.content.decode()


def test_a_program_is_told_that_the_method_is_not_allowed(owner):
    client, review = owner

    assert client.get(review + "members/invite/").status_code == 405
    assert client.get(review + "members/invite/", headers={"Accept": "*/*"}).status_code == 405


def test_nobody_is_led_away_from_a_page_that_is_not_there(owner):
    client, review = owner

    assert client.get(review + "nothing/", headers=BROWSER).status_code == 404
