"""The screening room in a browser: keys, undo, a lost net, a closed tab."""

import pytest
from playwright.sync_api import expect

from screening.models import Decision

from ..makers import PASSWORD, make_member, make_review, make_search_run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
COUNT = 24


@pytest.fixture
def review():
    review = make_review()
    make_search_run(review, [f"Trial number {n:02}" for n in range(1, COUNT + 1)], abstract="Forty adults.")
    return review


@pytest.fixture
def room(review, page_of):
    page = page_of(make_member(review).email, PASSWORD)
    page.goto(f"/reviews/{review.slug}/screen/title_abstract/")
    return page


def title(page, number):
    return expect(page.locator("#citation-title")).to_have_text(f"Trial number {number:02}")


def all_sent(page):
    expect(page.locator("[data-unsent]")).to_have_text("")


def stored(page, count):
    """A page that has just opened shows nothing unsent until it has looked; so the rows are waited for."""
    for _ in range(100):
        if len(standing()) == count:
            return
        page.wait_for_timeout(100)


def standing():
    rows = Decision.objects.standing().order_by("citation")
    return [
        (str(d.citation)[-2:], d.verdict, d.note) for d in rows.select_related("citation__representative")
    ]


def test_keys_decide_undo_skip_and_rest_in_a_field(room):
    for number, key in enumerate(["i", "2", "m", "ArrowLeft"], 1):
        title(room, number)
        room.keyboard.press(key)
    title(room, 5)
    room.keyboard.press("u")
    room.keyboard.press("Backspace")
    title(room, 3)
    room.keyboard.press("n")
    room.keyboard.type("is this it?")
    room.keyboard.press("Escape")
    room.keyboard.press("i")
    title(room, 4)
    room.keyboard.press("s")
    title(room, 5)
    all_sent(room)

    assert standing() == [("01", "include", ""), ("02", "exclude", ""), ("03", "include", "is this it?")]
    expect(room.locator(".screen-count")).to_contain_text(f"{COUNT - 3} to decide")
    for number in range(5, COUNT + 1):
        title(room, number)
        room.keyboard.press("e")
    title(room, 4)
    room.keyboard.press("i")
    expect(room.get_by_role("heading", name="Nothing awaits you here")).to_be_visible()
    assert len(standing()) == COUNT


def test_without_a_net_decisions_wait_and_outlive_the_tab(room):
    context = room.context
    title(room, 1)
    context.set_offline(True)
    for _ in range(4):
        room.keyboard.press("i")
    room.keyboard.press("u")
    title(room, 4)
    expect(room.locator("[data-unsent]")).to_contain_text("3 unsent")
    assert standing() == []

    address = room.url
    room.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)

    title(again, 4)
    stored(again, 3)
    all_sent(again)
    assert [verdict for _, verdict, _ in standing()] == ["include"] * 3


def test_answers_that_get_lost_and_posts_that_come_twice_store_each_decision_once(room):
    lost = []

    def lose_every_other_answer(route):
        if len(lost) % 2 == 0:
            route.fetch()  # it arrives, and arrives again when the page tries anew
            route.abort()
        else:
            route.continue_()
        lost.append(1)

    room.route("**/acts/", lose_every_other_answer)
    for number in range(1, 7):
        title(room, number)
        room.keyboard.press("i")
    all_sent(room)

    assert Decision.objects.count() == 6


def test_a_refusal_is_told_and_stays_until_it_was_read(room):
    # Two browsers of one person do not hear each other, as two tabs do.
    room.context.add_init_script("delete window.BroadcastChannel")
    other = room.context.new_page()
    for page in (room, other):
        page.goto(room.url)
        title(page, 1)
    other.keyboard.press("e")
    all_sent(other)
    room.keyboard.press("i")

    expect(room.locator("#refused")).to_contain_text("Already decided")
    room.reload()
    expect(room.locator("#refused")).to_contain_text("“Trial number 01” was not stored")
    room.get_by_role("button", name="I have read it").click()
    expect(room.locator("#refused .alert")).to_have_count(0)
    assert [verdict for _, verdict, _ in standing()] == ["exclude"]
