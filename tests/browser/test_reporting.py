"""The pages of reporting: versions, the wording of the flow, the kit, a checklist, a review carried over."""

import io
import uuid
import zipfile

import pytest
from django.urls import reverse
from docx import Document
from playwright.sync_api import expect

from analysis.runs import run
from analysis.specs import create_spec
from reviewsite.reviews.models import Review
from screening.models import Decision

from ..extraction.makers import make_agreed, make_outcome
from ..makers import PASSWORD, make_member, make_review, make_search_run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
def people():
    review = make_review()
    return review, [make_member(review, name="Ann"), make_member(review, name="Bob")]


@pytest.fixture
def review(people):
    """Two studies agreed on, and pooled."""
    made, two = people
    for label, events in (("Arden 2019", 30), ("Birch 2020", 20)):
        make_agreed(made, two, label, events, 40)
    spec = create_spec(review=made, by=made.created_by, title="Response", outcome=make_outcome(made))
    run(spec=spec, by=made.created_by)
    return made


@pytest.fixture
def page(page_of, review):
    """The owner's, whose pages may take their time: figures are drawn and files written within a request."""
    opened = page_of(review.created_by.email, PASSWORD)
    opened.set_default_timeout(60_000)
    return opened


def downloaded(page, link) -> bytes:
    with page.expect_download() as told:
        link.click()
    return told.value.path().read_bytes()


def freeze(page, review, name: str) -> None:
    page.goto(reverse("reporting:versions", args=[review.slug]))
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def test_a_version_is_frozen_and_what_came_after_it_is_told(page, people, review):
    freeze(page, review, "First submission")
    expect(page.locator("#main")).to_contain_text("Nothing has changed.")

    make_search_run(review, ["A late trial", "Another late trial"], database="Embase")
    make_agreed(review, people[1], "Cole 2021", 10, 40)
    page.reload()
    since = page.get_by_role("region", name="Since First submission")
    expect(since).to_contain_text("Cole 2021: new")
    expect(since).to_contain_text("rows have changed since this run")

    freeze(page, review, "Second submission")
    page.get_by_role("link", name="First submission").click()
    page.get_by_role("link", name="Second submission").click()
    between = page.get_by_role("region", name="From here to Second submission")
    expect(between).to_contain_text("Embase")
    expect(between).to_contain_text("Cole 2021: new")

    page.get_by_role("link", name="All versions").click()
    page.get_by_role("link", name="Flow of the update").click()
    expect(page.locator(".flow")).to_contain_text("Studies included in previous version of review")
    box, drawing = page.locator(".flow").bounding_box(), page.locator(".flow svg").bounding_box()
    assert drawing["width"] <= box["width"]


def test_own_words_stand_in_the_flow_and_in_its_files_and_numbers_stay(page, review):
    page.goto(reverse("screening:prisma", args=[review.slug]))
    page.get_by_role("link", name="Wording").click()
    page.get_by_label("Records screened", exact=True).fill("Titles read by two people")
    page.get_by_role("button", name="Keep").click()

    expect(page.locator(".flow")).to_contain_text("Titles read by two people (n = 2)")
    page.get_by_role("button", name="Take the diagram").click()
    assert b"Titles read by two people" in downloaded(page, page.get_by_role("link", name="SVG"))

    page.locator(".flow a", has_text="n = 2").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 rows")


def test_the_kit_is_made_and_its_files_are_whole(page, review):
    page.goto(reverse("reporting:kits", args=[review.slug]))
    page.get_by_role("button", name="Make the manuscript kit").click()
    kit = page.get_by_role("region", name="Manuscript kit of")

    text = Document(io.BytesIO(downloaded(page, kit.get_by_role("link", name="Word"))))
    said = "\n".join(paragraph.text for paragraph in text.paragraphs)
    assert "Response (2 studies): " in said
    assert " were pooled in a random-effects model by inverse variance." in said
    with zipfile.ZipFile(io.BytesIO(downloaded(page, kit.get_by_role("link", name="ZIP")))) as files:
        assert files.testzip() is None
        assert [name for name in files.namelist() if "/figures/forest-" in name and name.endswith(".svg")]


def test_a_note_ticks_an_item_of_the_checklist_off(page, review):
    page.goto(reverse("reporting:checklist", args=[review.slug, "prisma-2020"]))
    todo = page.get_by_role("region", name="To do")
    expect(todo).to_contain_text("25 Support")
    item = page.locator("[id='item-25']")
    item.get_by_text("Note", exact=True).click()
    item.get_by_label("Note on item 25").fill("A public grant, page 12")
    item.get_by_role("button").click()

    page.wait_for_url("**#item-25")
    expect(todo).not_to_contain_text("25 Support")
    expect(item.get_by_label("Note on item 25")).to_have_value("A public grant, page 12")
    assert "A public grant, page 12" in downloaded(page, page.get_by_role("link", name="CSV")).decode()


def test_a_review_is_exported_and_brought_in_again_as_elsewhere(page, review, tmp_path):
    page.goto(reverse("portability:export", args=[review.slug]))
    page.get_by_role("button", name="Make the file").click()
    file = tmp_path / "review.zip"
    file.write_bytes(downloaded(page, page.get_by_role("link", name="Download")))
    # As if the first lay on another installation: no decision may be in one installation twice.
    for decision in Decision.objects.all():
        Decision.objects.filter(pk=decision.pk).update(client_uuid=uuid.uuid4())

    page.goto(reverse("portability:import"))
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Bring it in").click()
    done = page.locator(".transfer").first
    expect(done).to_contain_text("comes to the same counts, hashes and estimates")
    done.get_by_role("link", name=review.title).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert Review.objects.filter(title=review.title).count() == 2

    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    page.goto(reverse("portability:import"))
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator(".transfer").first).to_contain_text("This is not a ZIP file, or it is cut short")
