"""Full-text decisions in a browser: a lost net, a closed tab, a double click, undo, a refusal."""

import pytest
from playwright.sync_api import expect

from screening.full_text.retrieval import record_retrieval
from screening.models import Citation, Decision

from ..makers import PASSWORD, decide, make_member, make_review, make_search_run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
FULL_TEXT = "full_text"


@pytest.fixture
def review():
    return make_review(decisions=1)


@pytest.fixture
def anna(review):
    return make_member(review, name="Anna")


@pytest.fixture
def desk(review, anna, page_of):
    make_search_run(review, [f"Report number {n}" for n in range(1, 5)])
    for citation in Citation.objects.filter(review=review):
        decide(citation, anna, "include")
        report = Citation.objects.get(pk=citation.pk).report
        record_retrieval(reports=[report], state="obtained", note="", by=anna)
    page = page_of(anna.email, PASSWORD)
    page.goto(f"/reviews/{review.slug}/screen/full_text/")
    return page


def shows(page, number):
    expect(page.locator("#citation-title")).to_have_text(f"Report number {number}")
    # Keys listen once the script is there, and buttons rest while a decision is on its way.
    for _ in range(100):
        if page.evaluate("Boolean(window.winnowDesk?.outbox.store) && !window.winnowDesk.pending"):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the page did not get ready")


def standing():
    rows = Decision.objects.filter(stage=FULL_TEXT).standing().order_by("citation")
    return [(str(d.citation)[-1], d.verdict, d.note) for d in rows.select_related("citation__representative")]


def test_keys_decide_skip_and_undo_and_notes_go_along(desk):
    shows(desk, 1)
    desk.keyboard.press("n")
    desk.keyboard.type("page 3")
    desk.keyboard.press("Escape")
    desk.keyboard.press("1")
    shows(desk, 2)
    desk.keyboard.press("s")
    shows(desk, 3)
    desk.keyboard.press("i")
    shows(desk, 4)
    desk.keyboard.press("u")
    shows(desk, 3)

    assert standing() == [("1", "exclude", "page 3")]


def test_a_decision_without_a_net_waits_outlives_the_tab_and_is_stored_once(desk):
    shows(desk, 1)
    context, address = desk.context, desk.url
    context.set_offline(True)
    desk.keyboard.press("i")
    expect(desk.locator("[data-unsent]")).to_contain_text("1 unsent")
    desk.keyboard.press("i")
    assert standing() == []
    desk.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(address)

    shows(again, 2)
    assert standing() == [("1", "include", "")]


def test_without_a_net_an_undo_takes_back_what_was_never_sent(desk):
    shows(desk, 1)
    desk.context.set_offline(True)
    desk.keyboard.press("i")
    expect(desk.locator("[data-unsent]")).to_contain_text("1 unsent")
    desk.keyboard.press("u")
    expect(desk.locator("[data-unsent]")).to_have_text("")
    desk.keyboard.press("2")
    expect(desk.locator("[data-unsent]")).to_contain_text("1 unsent")
    desk.context.set_offline(False)

    shows(desk, 2)
    assert [(number, verdict) for number, verdict, _ in standing()] == [("1", "exclude")]


def test_an_answer_that_gets_lost_and_a_double_click_store_one_decision(desk):
    shows(desk, 1)
    lost = []

    def lose_the_first_answer(route):
        if not lost:
            route.fetch()
            route.abort()
        else:
            route.continue_()
        lost.append(1)

    desk.route("**/acts/", lose_the_first_answer)
    desk.get_by_role("button", name="Include").dblclick()

    shows(desk, 2)
    assert len(lost) == 2
    assert [(number, verdict) for number, verdict, _ in standing()] == [("1", "include")]


def test_a_refusal_is_told_and_the_report_stays(desk, anna):
    shows(desk, 1)
    decide(Citation.objects.order_by("pk").first(), anna, "include", FULL_TEXT)
    desk.keyboard.press("1")

    expect(desk.locator("#refused")).to_contain_text("Already decided")
    expect(desk.locator("#citation-title")).to_have_text("Report number 1")
    assert [(number, verdict) for number, verdict, _ in standing()] == [("1", "include")]
