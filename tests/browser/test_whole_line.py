"""The whole line in a browser, with two people: from a file to a pooled estimate and a PRISMA flow."""

import re

import pytest
from playwright.sync_api import expect

from reviewsite.reviews.models import Role
from reviewsite.reviews.rules import create_review
from screening.models import Citation

from ..makers import PASSWORD, make_member, make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]

RIS = """TY  - JOUR
TI  - Zorifen for chronic itch in adults: a randomised trial of forty weeks
AU  - Arden, P.
PY  - 2019
JO  - Annals of Itch
ER  -
TY  - JOUR
TI  - Zorifen in adults with chronic itch, an open single-arm study
AU  - Birch, Q.
PY  - 2021
JO  - Annals of Itch
ER  -
TY  - JOUR
TI  - Zorifen for chronic itch in adults: a randomised trial of forty weeks.
AU  - Arden P
PY  - 2019
JO  - Ann Itch
ER  -
TY  - JOUR
TI  - A narrative review of treatments for itch
AU  - Cole, R.
PY  - 2020
JO  - Skin Letters
ER  -
"""


def test_two_people_take_a_review_from_a_file_to_a_forest_plot_and_a_flow(page_of, tmp_path):
    owner, anna = make_user("Olga Owner"), None
    review = create_review(title="Zorifen for itch", owner=owner)
    anna = make_member(review, Role.REVIEWER, name="Anna A")
    first, second = page_of(owner.email, PASSWORD), page_of(anna.email, PASSWORD)

    import_a_file(first, review, tmp_path)
    screen_to_a_conflict(first, second, review)
    settle(first, review)
    obtain_and_include(first, second, review)
    group_into_studies(first, review)
    extract_twice(first, second, review)
    agree(first, review)
    pool(first, review)
    correct_and_rerun(first, review)
    export_the_flow(first, review)


def address(review, path=""):
    return f"/reviews/{review.slug}/{path}"


def import_a_file(page, review, tmp_path):
    export = tmp_path / "export.ris"
    export.write_text(RIS)
    page.goto(address(review, "searches/"))
    page.get_by_label("Export files").set_input_files(export)
    page.get_by_label("Database", exact=True).fill("Embase")
    page.get_by_role("button", name="Import", exact=True).click()

    expect(page.locator(".stat").first).to_contain_text(re.compile(r"4\s*records read"))
    page.goto(address(review, "duplicates/"))
    expect(page.locator(".stat-row")).to_contain_text(re.compile(r"4\s*records\s*1\s*duplicates"))
    expect(page.locator(".stat-row")).to_contain_text(re.compile(r"3\s*citations"))


def screen_to_a_conflict(first, second, review):
    """By key: both include the trials, the owner excludes the review with a reason, Anna includes it."""
    for page, keys in ((first, ["i", "i", "5"]), (second, ["i", "m", "i"])):
        page.goto(address(review, "screen/title_abstract/"))
        for left, key in zip((3, 2, 1), keys, strict=True):
            expect(page.locator(".screen-count")).to_contain_text(f"{left} to decide")
            page.keyboard.press(key)
        expect(page.get_by_role("heading", name="Nothing awaits you here")).to_be_visible()


def settle(page, review):
    page.goto(address(review, "conflicts/"))
    page.get_by_role("link", name="Settle it").click()
    expect(page.locator(".votes")).to_contain_text("Wrong publication type")
    page.wait_for_load_state()  # keys listen once their script is there
    expect(page.locator(".votes")).to_contain_text("Include")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="No conflict is open at this stage")).to_be_visible()


def obtain_and_include(first, second, review):
    first.goto(address(review, "reports/"))
    for box in first.get_by_role("checkbox").all():
        box.check()
    first.get_by_role("button", name="Obtained").click()
    expect(first.locator(".messages")).to_contain_text("2 marked as obtained")
    for page in (first, second):
        page.goto(address(review, "screen/full_text/"))
        for left in (2, 1):
            expect(page.locator(".screen-count")).to_contain_text(f"{left} to decide")
            page.keyboard.press("i")
        expect(page.get_by_role("heading", name="Nothing awaits you here")).to_be_visible()


def group_into_studies(page, review):
    page.goto(address(review, "studies/"))
    for label in ("Arden 2019", "Birch 2021"):
        expect(page.get_by_label("Label")).to_have_value(label)
        page.get_by_role("button", name="Group into a new study").click()
    expect(page.get_by_text("2 included studies")).to_be_visible()


def extract_twice(first, second, review):
    first.goto(address(review, "extraction/vocabulary/"))
    first.get_by_label("Name*").fill("Response")
    first.get_by_role("button", name="Add the outcome").click()
    for page, counts in (
        (first, {"Arden": (30, 40), "Birch": (45, 90)}),
        (second, {"Arden": (30, 40), "Birch": (54, 90)}),
    ):
        for study, (events, n) in counts.items():
            extract(page, review, study, events, n)


def extract(page, review, study, events, n):
    page.goto(address(review, "extraction/"))
    page.get_by_role("row", name=study).get_by_role("link", name="Extract").click()
    page.get_by_label("Design").select_option("Single-arm trial")
    page.locator("#id_answers-population").fill("Adults with itch")
    page.locator("#id_answers-n").fill(str(n))
    page.locator("#id_answers-regimen").fill("Zorifen")
    # Both cells are filled by what is typed into the first.
    page.get_by_label("Events, Response, All participants").fill(f"{events}/{n}")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-save-state]")).to_have_text("All saved.")
    expect(page.get_by_label("N, Response, All participants")).to_have_value(str(n))
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".messages")).to_contain_text("Submitted")


def agree(page, review):
    for study, clashes in (("Arden", 0), ("Birch", 1)):
        page.goto(address(review, "extraction/"))
        page.get_by_role("row", name=study).get_by_role("link", name="Compare and agree").click()
        expect(page.locator(".compare-item")).to_have_count(clashes)
        if clashes:
            page.locator("input[value=left]").check()
        page.get_by_role("button", name="Agree").click()
        expect(page.locator(".messages")).to_contain_text("is agreed")


def pool(page, review):
    """30/40 and 45/90 by raw proportions, DerSimonian-Laird, Wald.

    By hand from DerSimonian and Laird 1986: effects 0.75 and 0.5, variances 0.0046875 and 0.0027778;
    Q = 8.3721, tau2 = 0.027517, weights 31.050 and 33.008, estimate 0.62118, SE 0.12494.
    """
    page.goto(address(review, "analyses/new/"))
    page.get_by_label("Title").fill("Response")
    page.get_by_label("Outcome").select_option("Response")
    page.get_by_label("Effect measure").select_option("Proportion, raw")
    page.get_by_label("τ² estimator").select_option("DerSimonian-Laird")
    page.locator("#id_interval").select_option("Wald (normal)")
    page.get_by_role("button", name="Make and run").click()
    expect(page.locator(".stat").first).to_contain_text("62.1%")
    expect(page.locator(".stat").first).to_contain_text("37.6% to 86.6%")
    expect(page.locator(".figure-frame svg")).to_contain_text("62.1")


def correct_and_rerun(page, review):
    """45 becomes 54 of 90: effects 0.75 and 0.6, and the analysis says so before it is run again."""
    page.get_by_role("link", name="Birch 2021", exact=True).click()
    expect(page.locator("#main")).to_contain_text("the searches that found them")
    page.get_by_role("link", name="Agreed").click()
    page.get_by_role("link", name="Correct").click()
    page.get_by_label("Events").fill("54")
    page.get_by_label("Reason").fill("Misread digit")
    page.get_by_role("button", name="Correct").click()
    page.goto(address(review, "analyses/"))
    expect(page.get_by_role("row", name="Response")).to_contain_text("Stale")
    page.get_by_role("link", name="Response").click()
    expect(page.locator("#main")).to_contain_text("events 45 → 54")
    expect(page.locator("#main")).to_contain_text("Misread digit")
    page.get_by_role("button", name="Run again").click()
    expect(page.locator("#main")).to_contain_text("Against the run before")
    expect(page.locator("table").first).to_contain_text("62.1%")


def export_the_flow(page, review):
    page.goto(address(review, "prisma/"))
    expect(page.locator(".flow svg")).to_contain_text("Records screened (n = 3)")
    expect(page.locator(".flow svg")).to_contain_text("Studies included in review (n = 2)")
    page.get_by_role("button", name="Take the diagram").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV for the PRISMA2020 package").click()
    table = download.value.path().read_text()
    assert "database_results" in table
    assert Citation.objects.filter(review=review).live().count() == 3
