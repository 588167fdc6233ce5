"""Typing an extraction in a browser without a mouse: moving, pasting, sources, deriving, two windows."""

import pytest
from playwright.sync_api import expect

from extraction.agreeing.consensus import rows_of
from extraction.building.vocabulary import add_outcome, add_time_point
from extraction.entering.entry import save_answers, save_rows, start_extraction, submit
from extraction.models import ArmResult, Extraction, Outcome

from ..extraction.makers import ANSWERS, make_study
from ..makers import PASSWORD, make_member, make_review

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
SAVED = "[data-save-state]"


@pytest.fixture
def study():
    review = make_review()
    people = [make_member(review, name=name) for name in ("Anna", "Ben")]
    for name, kind in (("Death", Outcome.Kind.DICHOTOMOUS), ("Pain", Outcome.Kind.CONTINUOUS)):
        add_outcome(review=review, by=people[0], name=name, kind=kind)
    for label in ("Week 4", "Week 12"):
        add_time_point(review=review, by=people[0], label=label)
    study = make_study(review, people)
    study.anna = people[0]
    return study


@pytest.fixture
def address(study):
    return f"/reviews/{study.review.slug}/extraction/{study.pk}/"


def numbers(outcome, *columns):
    rows = ArmResult.objects.filter(outcome__name=outcome).order_by("time_point__position", "arm__position")
    return list(rows.values_list(*columns))


def paste(page, text):
    """What the browser does on Ctrl+V, with a table as Word and Excel put it on the clipboard."""
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def test_a_study_is_typed_without_a_mouse(page_of, study, address):
    page = page_of(study.anna.email, PASSWORD)
    page.goto(address)
    page.get_by_label("A further arm").fill("Placebo")
    page.keyboard.press("Enter")
    cell = page.get_by_label("Events, Death, Week 4, All participants")
    expect(page.get_by_label("Events, Death, Week 4, Placebo")).to_be_visible()
    expect(page.locator("[data-submit]")).to_be_enabled()
    cell.focus()

    # Tab goes on to the right, Enter goes down; one text fills two cells.
    for key in ("3/40", "Tab", "Tab", "5", "Tab", "41", "ArrowDown", "38", "ArrowLeft", "4", "Enter"):
        page.keyboard.press(key) if key[0].isalpha() else page.keyboard.type(key)
    expect(page.locator(SAVED)).to_have_text("All saved.")
    assert numbers("Death", "events", "n") == [(3, 40), (5, 41), (4, 38)]

    # A number that cannot be is named and not stored; Ctrl+Z brings the one before back.
    cell.focus()
    page.keyboard.type("99")
    page.keyboard.press("Tab")
    expect(page.locator(SAVED)).to_contain_text("not saved")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("[data-bar-message]")).to_contain_text("More events than participants")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(SAVED)).to_have_text("All saved.")
    assert numbers("Death", "events")[0] == (3,)

    # Page and quote of the cell, from the bar and from the PDF.
    page.keyboard.press("Alt+p")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()
    page.evaluate(
        """() => document.dispatchEvent(new CustomEvent("winnow:quote",
            {cancelable: true, detail: {page: "8", quote: "Three died"}}))"""
    )
    expect(page.locator(SAVED)).to_have_text("All saved.")
    page.locator("[data-save-state][data-state=saved]").wait_for()
    page.reload()
    expect(cell).to_have_attribute("data-quote", "Three died")
    assert ArmResult.objects.filter(events=3).get().cells == {"events": {"page": "8", "quote": "Three died"}}


def test_a_table_is_pasted_and_an_sd_derived(page_of, study, address):
    page = page_of(study.anna.email, PASSWORD)
    page.goto(address)
    expect(page.locator("[data-submit]")).to_be_enabled()
    page.get_by_label("SE", exact=True).check()
    page.get_by_label("Mean, Pain, Week 4").focus()
    paste(page, "5·2\t\t16\t0.5\n4,1 (1.3)\t16\nMean age\n")

    expect(page.locator("[data-bar-message]")).to_contain_text(
        "Left out, as no number or no place for it: Mean age"
    )
    expect(page.locator(SAVED)).to_have_text("All saved.")
    assert numbers("Pain", "mean", "sd", "n", "se") == [(5.2, None, 16, 0.5), (4.1, 1.3, 16, None)]

    page.get_by_label("SD, Pain, Week 4").focus()
    page.keyboard.press("Alt+d")
    dialog = page.locator("[data-row-dialog]")
    dialog.get_by_role("button", name="Take SD from the standard error").click()
    expect(dialog).to_contain_text("SD = SE × √n")
    dialog.get_by_role("button", name="Close").click()
    sd = page.get_by_label("SD, Pain, Week 4")
    expect(sd).to_have_attribute("data-derived", "SD from the standard error")
    expect(sd).to_have_value("2")


def test_two_windows_show_both_numbers_and_the_person_chooses(page_of, study, address):
    first, second = (page_of(study.anna.email, PASSWORD) for _ in range(2))
    for page in (first, second):
        page.goto(address)
        expect(page.locator("[data-submit]")).to_be_enabled()
    cell = "N, Death, Week 4, All participants"
    for page, number, told in ((first, "40", "All saved."), (second, "44", "1 cell is not saved")):
        page.get_by_label(cell).fill(number)
        page.keyboard.press("Tab")
        expect(page.locator(SAVED)).to_contain_text(told)
    assert numbers("Death", "n") == [(40,)]

    second.get_by_label(cell).focus()
    expect(second.locator("[data-bar-message]")).to_contain_text("Another window of yours stored 40")
    second.get_by_role("button", name="Keep mine").click()

    expect(second.locator(SAVED)).to_have_text("All saved.")
    assert numbers("Death", "n") == [(44,)]


def test_two_extractions_are_settled_by_key(page_of, study):
    ben = study.review.memberships.get(user__name="Ben").user
    death = study.review.outcomes.get(name="Death")
    for person, events, n, note in ((study.anna, 3, 40, "As printed"), (ben, 4, 41, "From the figure")):
        own = start_extraction(study=study, extractor=person)
        answers = {name: {"value": value} for name, value in {**ANSWERS, "note": note}.items()}
        save_answers(extraction=own, by=person, answers=answers)
        row = ArmResult(arm=own.arms.get(), outcome=death, events=events, n=n)
        save_rows(extraction=own, by=person, rows=[row])
        submit(extraction=own, by=person)
    page = page_of(ben.email, PASSWORD)
    page.goto(f"/reviews/{study.review.slug}/extraction/{study.pk}/compare/")
    expect(page.locator("main")).to_contain_text("3 cells to settle")
    expect(page.locator("[data-cell]").first).to_be_focused()

    page.keyboard.press("2")
    page.keyboard.press("1")
    page.keyboard.press("n")
    page.keyboard.type("42")
    page.keyboard.press("Enter")
    expect(page.locator("[data-left-open]")).to_have_text("0 still open.")
    page.keyboard.press("Enter")

    expect(page.locator(".messages")).to_contain_text("is agreed")
    agreed = Extraction.objects.agreed().get()
    assert agreed.answers["note"]["value"] == "From the figure"
    assert [(row.events, row.n) for row in rows_of(agreed)] == [(3, 42)]
