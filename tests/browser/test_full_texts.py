"""PDFs in a browser: uploaded and matched, read beside the decision, quoted into the form and back."""

import re

import pytest
from playwright.sync_api import expect

from extraction.building.vocabulary import add_outcome
from extraction.models import ArmResult, Extraction, Outcome
from screening.models import Decision, Document

from ..extraction.makers import make_study
from ..makers import PASSWORD, decide, make_citation, make_member, make_review
from ..screening.documents.makers import make_document
from ..screening.documents.pdfs import make_pdf

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
TITLE = "Zorifen for chronic itch in adults: a randomised trial of forty weeks"
STANDS_STILL = """async word => {
  const frame = () => new Promise(requestAnimationFrame);
  const place = () => { const box = word.getBoundingClientRect(); return `${box.x} ${box.y} ${box.width}`; };
  for (let still = 0, last = place(); still < 10; last = place()) {
    await frame();
    still = place() === last ? still + 1 : 0;
  }
}"""


@pytest.fixture
def review():
    return make_review(decisions=1)


@pytest.fixture
def anna(review):
    return make_member(review, name="Anna")


def select(page, first, last):
    """Drags the mouse over the PDF from the beginning of one word into the end of another."""
    # A page that still glides to a hit would carry the words away under the mouse.
    page.locator(".page-text tspan", has_text=re.compile(rf"^{first}$")).first.evaluate(STANDS_STILL)
    start, end = (
        page.locator(".page-text tspan", has_text=re.compile(rf"^{word}$")).first.evaluate(
            "word => word.getBoundingClientRect().toJSON()"
        )
        for word in (first, last)
    )
    page.mouse.move(start["x"] + 1, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] - 2, end["y"] + end["height"] / 2, steps=6)
    page.mouse.up()


def test_a_pdf_is_matched_attached_and_read_beside_the_decision(page_of, review, anna, tmp_path):
    citation = make_citation(review, TITLE)
    decide(citation, anna, "include")
    files = [tmp_path / "download (3).pdf", tmp_path / "paywall.pdf"]
    files[0].write_bytes(make_pdf(["Annals of Itch 2019", TITLE], ["We left out children.", "Itch stopped."]))
    files[1].write_bytes(b"<html>Sign in</html>")
    page = page_of(anna.email, PASSWORD)

    page.goto(f"/reviews/{review.slug}/reports/pdfs/")
    page.get_by_label("PDF files").set_input_files(files)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".messages")).to_contain_text("paywall.pdf: not a PDF but a web page")
    expect(page.get_by_role("row", name="download (3).pdf")).to_contain_text("title on its first page")
    page.get_by_role("button", name="Attach the ticked ones").click()
    expect(page.locator(".messages")).to_contain_text("1 PDF attached")

    page.goto(f"/reviews/{review.slug}/screen/full_text/")
    page.keyboard.press("/")
    page.keyboard.type("left out children")
    page.keyboard.press("Enter")
    expect(page.locator(".viewer-hits")).to_contain_text("1 place with “left out children”")
    expect(page.locator("[data-page='2'] .page-hit.is-current")).to_be_visible()
    expect(page.locator("[data-viewer-page]")).to_have_value("2")
    # In the pages the arrow keys scroll; on this page they would else include the report.
    page.locator("[data-viewer-pages]").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("Note").focus()
    select(page, "left", "children.")
    expect(page.get_by_label("Note")).to_have_value("“left out children.” (p. 2)")
    page.get_by_role("button", name="Wrong population").click()

    expect(page.get_by_role("heading", name="Nothing awaits you here")).to_be_visible()
    decision = Decision.objects.get(stage="full_text")
    assert (decision.verdict, decision.reason.label) == ("exclude", "Wrong population")
    assert decision.note == "“left out children.” (p. 2)"


def test_selecting_text_fills_the_source_of_a_cell_and_the_source_leads_back(page_of, review, anna):
    add_outcome(review=review, by=anna, name="Response", kind=Outcome.Kind.DICHOTOMOUS)
    study = make_study(review, [anna])
    lines = ("Adults with chronic itch took part.", "Response was seen in 88 of 109 adults.")
    make_document(review, anna, *lines, report=study.reports.get())
    page = page_of(anna.email, PASSWORD)
    page.goto(f"/reviews/{review.slug}/extraction/{study.pk}/")

    answer = page.locator("[data-source-cell]").filter(has=page.locator("[data-source-quote]")).first
    answer.locator(".answer-value").locator("input, select, textarea").first.focus()
    select(page, "Adults", "took")
    expect(answer.locator("[data-source-quote]")).to_have_value("Adults with chronic itch took")
    expect(answer.locator("[data-source-page]")).to_have_value("1")
    page.get_by_label(re.compile("^Events, Response")).first.focus()
    page.keyboard.type("88")
    with page.expect_response(lambda answer: "88 of 109 adults." in (answer.request.post_data or "")):
        select(page, "88", "adults.")
    expect(page.locator("[data-bar-quote]")).to_have_value("88 of 109 adults.")

    row = ArmResult.objects.get()
    assert row.cells["events"] == {"page": "1", "quote": "88 of 109 adults."}
    stored = Extraction.objects.get().answers
    assert {"page": "1", "quote": "Adults with chronic itch took"}.items() <= next(
        iter(stored.values())
    ).items()
    page.goto(f"/reviews/{review.slug}/studies/{study.pk}/source/?page=1&quote=88 of 109 adults.")
    assert page.url.split("?")[0].endswith(f"/documents/{Document.objects.get().pk}/")
    expect(page.locator(".page-hit.is-current rect")).to_be_visible()
    expect(page.locator(".viewer-said")).to_contain_text("The quote stands on page 1")
