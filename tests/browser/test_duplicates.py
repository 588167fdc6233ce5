"""Unsure pairs in a browser: told by key, taken back, and read on a phone."""

import pytest
from playwright.sync_api import expect

from screening.models import DuplicateLink

from ..makers import PASSWORD, make_member, make_review, make_search_run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
PAIRS = 3


@pytest.fixture
def review():
    review = make_review()
    for n in range(PAIRS):
        run = make_search_run(review, [f"Zorifen for itch, {n}", f"Zorifen against itch, {n}"], year=2019)
        first, second = run.records.order_by("position")
        DuplicateLink.objects.create(
            review=review, first=first, second=second, verdict="unsure", score=0.7 - n / 10, rule="unsure"
        )
    return review


@pytest.fixture
def pair(review, page_of):
    page = page_of(make_member(review).email, PASSWORD)
    page.goto(f"/reviews/{review.slug}/duplicates/")
    page.get_by_role("link", name=f"Look at {PAIRS} unsure pairs").click()
    expect(page.locator("#citation-title")).to_have_text("Not sure")
    page.wait_for_load_state()  # keys listen once their script is there
    return page


def verdicts(review):
    return list(
        DuplicateLink.objects.filter(review=review).live().order_by("first").values_list("verdict", flat=True)
    )


def test_a_key_tells_the_pair_and_u_leads_back_to_it(review, pair):
    pair.keyboard.press("s")
    expect(pair.locator(".note")).to_contain_text(
        "Before this: same, “Zorifen for itch, 0”. 2 records are one"
    )
    pair.keyboard.press("d")
    expect(pair.locator(".note")).to_contain_text("Before this: different, “Zorifen for itch, 1”")
    assert verdicts(review) == ["same", "different", "unsure"]

    pair.keyboard.press("u")
    pair.wait_for_url("**/duplicates/*/")
    pair.wait_for_load_state()
    expect(pair.locator("#citation-title")).to_have_text("Different")
    pair.keyboard.press("v")
    expect(pair.locator(".note")).to_contain_text("“Zorifen for itch, 1”")
    assert verdicts(review) == ["same", "version", "unsure"]


def test_a_reload_shows_the_pair_that_was_there(pair):
    pair.keyboard.press("s")
    expect(pair.locator("main")).to_contain_text("Zorifen against itch, 1")
    pair.wait_for_url("**?before=*")
    pair.reload()
    expect(pair.locator("main")).to_contain_text("Zorifen against itch, 1")


def test_both_records_fit_on_a_phone(pair):
    pair.set_viewport_size({"width": 390, "height": 800})
    for cell in pair.get_by_role("row", name="Title").get_by_role("cell").all():
        box = cell.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
