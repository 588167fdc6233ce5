"""The screening room on a phone: swipes decide, reading does not, and the buttons lie at the thumb."""

import pytest
from playwright.sync_api import expect

from screening.models import Decision

from ..makers import PASSWORD, make_member, make_review, make_search_run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def phone(page_of):
    review = make_review()
    make_search_run(review, [f"Trial number {n}" for n in range(1, 9)], abstract="Forty adults. " * 60)
    page = page_of(make_member(review).email, PASSWORD, **PHONE)
    page.goto(f"/reviews/{review.slug}/screen/title_abstract/")
    shows(page, 1)
    for _ in range(100):
        if page.evaluate("Boolean(window.winnowRoom?.outbox.store)"):
            return page
        page.wait_for_timeout(50)
    raise AssertionError("the page did not get ready")


def shows(page, number):
    expect(page.locator("#citation-title")).to_have_text(f"Trial number {number}")


def swipe(page, across, down=0):
    """One finger over the abstract, as the browser gets it from the screen."""
    client = page.context.new_cdp_session(page)
    x, y = 195, 300

    def touch(kind, *points):
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for step in range(1, 6):
        touch("touchMove", {"x": x + across * step / 5, "y": y + down * step / 5})
    touch("touchEnd")
    client.detach()


def decided(page, *expected):
    """Waits until these decisions, and no others, are stored: they are sent behind the page."""
    for _ in range(100):
        rows = Decision.objects.standing().order_by("citation").select_related("citation__representative")
        stored = [(str(d.citation)[-1], d.verdict) for d in rows]
        if len(stored) >= len(expected):
            break
        page.wait_for_timeout(100)
    assert stored == list(expected)


def test_a_swipe_to_the_right_includes_and_one_to_the_left_excludes(phone):
    swipe(phone, 150)
    shows(phone, 2)
    swipe(phone, -150)
    shows(phone, 3)

    decided(phone, ("1", "include"), ("2", "exclude"))


def test_a_short_swipe_or_reading_on_decides_nothing(phone):
    swipe(phone, 60)
    swipe(phone, 100, down=-150)
    swipe(phone, 10, down=-200)
    shows(phone, 1)

    # Then something that decides, so that nothing of the above can still be on its way.
    phone.get_by_role("button", name="Include", exact=True).tap()
    shows(phone, 2)
    decided(phone, ("1", "include"))


def test_the_buttons_lie_within_the_thumbs_reach_and_nothing_is_wider_than_the_screen(phone):
    for name in ("Exclude", "Maybe", "Include"):
        box = phone.get_by_role("button", name=name, exact=True).bounding_box()
        assert box["height"] >= 44
        assert 0 <= box["x"] <= 390 - box["width"]
        assert 844 / 2 < box["y"] < 844 - box["height"]
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    phone.get_by_role("button", name="Maybe", exact=True).tap()
    shows(phone, 2)
    decided(phone, ("1", "maybe"))
