"""The whole of screening in a browser that runs no script: every act is a form, every page a full one."""

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


@pytest.fixture
def review():
    review = make_review()
    make_search_run(review, [f"Trial number {n}" for n in range(1, 6)], abstract="Forty adults.")
    return review


@pytest.fixture
def anna(review):
    return make_member(review, name="Anna")


def shows(page, number):
    expect(page.locator("#citation-title")).to_have_text(f"Trial number {number}")


def press(page, name):
    page.get_by_role("button", name=name).first.click()


def standing(**wanted):
    rows = Decision.objects.filter(**wanted).standing().order_by("citation")
    return [(str(d.citation)[-1], d.verdict) for d in rows.select_related("citation__representative")]


def test_titles_are_decided_skipped_labelled_and_undone(review, anna, page_of):
    page = page_of(anna.email, PASSWORD, java_script_enabled=False)
    page.goto(f"/reviews/{review.slug}/screen/title_abstract/")

    shows(page, 1)
    press(page, "Include")
    shows(page, 2)
    page.get_by_label("Note").fill("ask the team")
    press(page, "Skip")
    shows(page, 3)
    press(page, "Wrong population")
    shows(page, 4)
    press(page, "Undo")
    shows(page, 3)
    press(page, "Maybe")
    shows(page, 4)
    page.get_by_label("Label to put on").fill("Background")
    press(page, "Put on")
    shows(page, 4)
    expect(page.locator("[data-card-labels]").first).to_contain_text("Background")
    press(page, "Exclude")
    shows(page, 5)
    press(page, "Include")
    shows(page, 2)
    expect(page.get_by_label("Note")).to_have_value("ask the team")
    press(page, "Include")
    expect(page.get_by_role("heading", name="Nothing awaits you here")).to_be_visible()

    assert standing(reviewer=anna) == [
        ("1", "include"),
        ("2", "include"),
        ("3", "maybe"),
        ("4", "exclude"),
        ("5", "include"),
    ]


def test_conflicts_and_full_texts_are_settled_and_decided(review, anna, page_of):
    owner = review.created_by
    for citation in Citation.objects.filter(review=review):
        decide(citation, anna, "include")
        decide(citation, owner, "exclude" if str(citation).endswith("1") else "include")
    for report in [c.report for c in Citation.objects.filter(title_abstract_state="included")]:
        record_retrieval(reports=[report], state="obtained", note="", by=owner)
    page = page_of(owner.email, PASSWORD, java_script_enabled=False)

    page.goto(f"/reviews/{review.slug}/conflicts/")
    page.get_by_role("link", name="Settle it").click()
    shows(page, 1)
    page.get_by_label("Say something to the team").fill("Mice?")
    press(page, "Post")
    expect(page.locator(".comment")).to_contain_text("Mice?")
    press(page, "Exclude")
    expect(page.get_by_role("heading", name="No conflict is open at this stage")).to_be_visible()
    press(page, "Undo my last")
    shows(page, 1)
    press(page, "Include")

    page.goto(f"/reviews/{review.slug}/screen/full_text/")
    shows(page, 2)
    press(page, "Wrong population")
    shows(page, 3)
    press(page, "Undo")
    shows(page, 2)
    press(page, "Include")
    shows(page, 3)
    press(page, "Skip")
    shows(page, 4)

    assert standing(stage="title_abstract", kind="adjudicate") == [("1", "include")]
    assert standing(stage="full_text") == [("2", "include")]


def test_lists_are_narrowed_and_many_are_decided_at_once(review, page_of):
    page = page_of(review.created_by.email, PASSWORD, java_script_enabled=False)
    page.goto(f"/reviews/{review.slug}/citations/")
    page.get_by_label("Words").fill("trial 3")
    press(page, "Filter")
    expect(page.locator("caption")).to_contain_text("1 citation")
    page.get_by_label("Tick Trial number 3").check()
    page.locator("summary", has_text="Decide on many at once").click()
    page.get_by_label("Decision").last.select_option("include")
    page.get_by_label("Why").fill("Known to be relevant")
    press(page, "Decide")
    expect(page.locator("h1")).to_be_visible()

    assert standing() == [("3", "include")]
