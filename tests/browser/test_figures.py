"""Figures in a browser: a mark leads to its row and its sentence, by mouse and by keyboard."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from analysis.runs import run
from analysis.specs import create_spec

from ..analysis.makers import make_compared
from ..extraction.makers import make_outcome
from ..makers import PASSWORD, make_member, make_review

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
def stored():
    review = make_review()
    people = [make_member(review), make_member(review)]
    outcome = make_outcome(review)
    for label, events in (("Arden 2019", 4), ("Birch 2020", 9), ("Cole 2021", 6)):
        treated = {"events": events, "n": 40, "quote": f"{events} of 40 responded", "page": "5"}
        make_compared(review, people, label, outcome, [treated], {"events": events + 3, "n": 38})
    spec = create_spec(review=review, by=review.created_by, title="Response", outcome=outcome, measure="RR")
    return run(spec=spec, by=review.created_by)


def test_a_mark_says_its_row_and_sentence_and_opens_what_stands_behind_it(page_of, stored):
    review = stored.spec.review
    page = page_of(review.created_by.email, PASSWORD)
    page.goto(reverse("analysis:analysis", args=[review.slug, stored.spec_id]))
    marks, said = page.locator("[data-linked-figure] a"), page.locator("[data-figure-said]")
    row = page.locator("[data-figure-row]")

    marks.nth(1).hover()
    expect(said).to_contain_text("Birch 2020: 9/40 v 12/38")
    expect(said).to_contain_text("p. 5: “9 of 40 responded”")
    expect(row.nth(1)).to_have_class(re.compile("is-marked"))

    marks.nth(0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(marks.nth(2)).to_be_focused()
    expect(said).to_contain_text("Cole 2021")
    expect(row.nth(2)).to_have_class(re.compile("is-marked"))

    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cole 2021 in “Response”")
    expect(page.locator("#main")).to_contain_text("6 of 40 responded")


def test_choices_of_a_figure_are_drawn_and_go_into_its_files(page_of, stored):
    review = stored.spec.review
    page = page_of(review.created_by.email, PASSWORD)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(reverse("analysis:figures", args=[review.slug, stored.pk]))
    figure = page.locator("[data-linked-figure]")
    expect(figure).to_contain_text("Weight")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.get_by_label("Style").select_option("JAMA")
    page.get_by_label("No weights").check()
    page.get_by_role("button", name="Draw").click()

    expect(figure).not_to_contain_text("Weight")
    with page.expect_download() as download:
        page.get_by_role("link", name="TIFF").click()
    assert download.value.suggested_filename.endswith(".tiff")
    assert "style=JAMA" in download.value.url
