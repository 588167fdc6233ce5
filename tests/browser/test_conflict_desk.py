"""Conflicts in a browser: one key settles and the next comes, undo brings back, a lost net stores nothing."""

import pytest
from playwright.sync_api import expect

from screening.models import Citation, Decision

from ..makers import PASSWORD, decide, make_member, make_review, make_search_run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def desk(review, page_of):
    make_search_run(review, [f"Trial number {n}" for n in range(1, 5)])
    anna, ben = make_member(review, name="Anna"), make_member(review, name="Ben")
    for citation in Citation.objects.filter(review=review):
        decide(citation, anna, "include")
        decide(citation, ben, "exclude")
    page = page_of(review.created_by.email, PASSWORD)
    page.goto(f"/reviews/{review.slug}/conflicts/title_abstract/")
    page.wait_for_load_state()
    return page


def shows(page, number):
    expect(page.locator("#citation-title")).to_have_text(f"Trial number {number}")
    expect(page.locator(".vote")).to_have_count(2)


def settled():
    rows = Decision.objects.adjudications().standing().order_by("citation")
    return [
        (str(d.citation)[-1], d.verdict, str(d.reason or ""), d.note)
        for d in rows.select_related("citation__representative", "reason")
    ]


def test_one_key_settles_and_the_next_comes(desk):
    shows(desk, 1)
    desk.keyboard.press("i")
    shows(desk, 2)
    desk.keyboard.press("n")
    desk.keyboard.type("Mice")
    desk.keyboard.press("Escape")
    desk.keyboard.press("2")
    shows(desk, 3)
    desk.keyboard.press("s")
    shows(desk, 4)
    desk.keyboard.press("e")
    shows(desk, 3)
    desk.keyboard.press("u")
    shows(desk, 4)
    desk.keyboard.press("i")
    shows(desk, 3)
    desk.keyboard.press("i")

    expect(desk.get_by_role("heading", name="No conflict is open at this stage")).to_be_visible()
    assert settled() == [
        ("1", "include", "", ""),
        ("2", "exclude", "Wrong publication type", "Mice"),
        ("3", "include", "", ""),
        ("4", "include", "", ""),
    ]


def test_without_a_net_nothing_is_stored_and_the_page_says_so(desk):
    shows(desk, 1)
    desk.context.set_offline(True)
    desk.keyboard.press("i")
    expect(desk.get_by_role("alert")).to_contain_text("nothing was stored")
    shows(desk, 1)
    desk.context.set_offline(False)
    desk.keyboard.press("i")

    shows(desk, 2)
    assert settled() == [("1", "include", "", "")]


def test_the_team_talks_beside_the_conflict_and_keys_rest_meanwhile(desk):
    shows(desk, 1)
    desk.get_by_label("Say something to the team").click()
    desk.keyboard.type("is it mice?")
    desk.get_by_role("button", name="Post").click()

    expect(desk.locator(".comment")).to_contain_text("is it mice?")
    shows(desk, 1)
    assert settled() == []
