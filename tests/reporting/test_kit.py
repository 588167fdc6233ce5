"""The manuscript kit says what rows say, and nothing else; checklists are filled from it."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document

from analysis.runs import run
from analysis.specs import create_spec
from extraction.bias.assessments import agree as agree_bias
from extraction.bias.sheet import Sheet
from reviewsite.reporting import kits
from reviewsite.reporting.checklist_fill import as_table, filled, note_item
from reviewsite.reporting.checklists import ABSTRACT, LISTS, MAIN, SEARCH
from reviewsite.reporting.document import Manuscript, PageOf, Paragraph, Section, Table
from reviewsite.reporting.kit import anchors_of, make_kit, manuscript_of
from reviewsite.reporting.kits import ask_for_kit
from reviewsite.reporting.word import as_docx, bookmark_of
from reviewsite.reviews import jobs
from reviewsite.reviews.models import Job
from screening.models import SearchRun

from ..extraction.makers import assess, make_agreed, make_outcome
from ..makers import decide, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty():
    return make_review()


@pytest.fixture
def review():
    found = make_review()
    people = [make_member(found), make_member(found)]
    make_agreed(found, people, "Alpha 2020", 30, 40)
    make_agreed(found, people, "Beta 2021", 20, 40)
    excluded = make_search_run(found, ["Not a trial"], database="Embase").records.get().citation
    for person in people:
        decide(excluded, person, "exclude")
    found.protocol.population = "Adults with itch"
    found.protocol.save()
    spec = create_spec(review=found, by=found.created_by, title="Response", outcome=make_outcome(found))
    run(spec=spec, by=found.created_by)
    return found


def test_a_review_without_rows_has_a_kit_that_claims_nothing(empty):
    text = manuscript_of(empty)

    said = [section.key for section in text.sections if section.blocks]
    assert said == list(LISTS)
    assert text.text == ""


def test_the_text_has_the_numbers_of_the_rows(review):
    text = manuscript_of(review).text

    assert "We searched" in text
    assert "Of 3 records screened on title and abstract, 1 was" not in text
    assert "2 studies with 2 reports were included." in text
    assert "Adults with itch" in text
    # 30 + 20 of 40 + 40 people.
    assert "2 studies with 80 participants" in text


def test_nothing_is_said_of_agreement_while_a_stage_is_open(review):
    make_search_run(review, ["Still open"], database="CENTRAL")

    assert "kappa" not in manuscript_of(review).text


def test_the_word_file_opens_and_has_tables_figures_and_bookmarks(review):
    word, _ = make_kit(review)

    document = Document(io.BytesIO(word))
    captions = [p.text for p in document.paragraphs]
    assert any(text.startswith("Figure 1. PRISMA 2020 flow") for text in captions)
    assert any("included studies and their reports" in text for text in captions)
    assert len(document.inline_shapes) == 2
    marks = document.element.xpath("//w:bookmarkStart/@w:name")
    pages = document.element.xpath("//w:instrText/text()")
    assert pages
    assert all(page.split()[1] in marks for page in pages)


def test_the_zip_has_every_table_figure_dataset_and_script(review):
    _, packed = make_kit(review)

    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        names = {name.partition("/")[2] for name in files.namelist()}
        bundle = next(name for name in files.namelist() if "/analyses/" in name)
        inside = zipfile.ZipFile(io.BytesIO(files.read(bundle))).namelist()
    wanted = {"manuscript.docx", "data/results-long.csv", "data/revman.csv", "figures/prisma-flow.svg",
              "tables/included-studies.csv", "checklists/prisma-2020.docx", "searches.txt",
              "SHA256SUMS.txt"}  # fmt: skip
    assert wanted <= names
    assert any(name.endswith("reproduce.R") for name in inside)


def test_the_kit_is_made_in_the_background_and_kept(review, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        kit = ask_for_kit(review=review, by=review.created_by)

    kit.refresh_from_db()
    kit.job.refresh_from_db()
    assert kit.job.state == Job.State.DONE
    assert kit.zip_file.read().startswith(b"PK")
    assert len(kit.sha256) == 64


def test_a_kit_that_is_cancelled_leaves_nothing(review):
    job = jobs.enqueue(review=review, kind=Job.Kind.REPORT, title="Kit", requested_by=review.created_by)
    kit = review.manuscript_kits.create(job=job, asked_by=review.created_by)
    jobs.start(job)
    jobs.request_cancel(job, by=job.review.created_by)

    with pytest.raises(jobs.JobCancelled):
        kits.carry_out(kit)

    assert not kit.word_file
    assert not kit.zip_file


def test_only_one_kit_is_made_at_a_time(review):
    job = jobs.enqueue(review=review, kind=Job.Kind.REPORT, title="Kit", requested_by=review.created_by)
    waiting = review.manuscript_kits.create(job=job, asked_by=review.created_by)

    assert ask_for_kit(review=review, by=review.created_by) == waiting


@pytest.mark.parametrize(
    ("name", "count"),
    # 27 items, with letters 42 (Page et al. 2021, table 1); 12 (table 2); 16 (Rethlefsen et al. 2021).
    [(MAIN, 42), (ABSTRACT, 12), (SEARCH, 16)],
)
def test_the_lists_have_the_items_of_their_sources(name, count):
    assert len(LISTS[name]) == count
    assert len({item.number for item in LISTS[name]}) == count


def test_every_item_points_to_a_section_that_exists_or_asks_people(review):
    known = {section.key for section in manuscript_of(review).sections}

    for name in (MAIN, ABSTRACT):
        for item in LISTS[name]:
            assert item.anchor in known or not item.anchor, item
            assert item.todo, item


def test_items_are_done_where_rows_answer_them_and_else_to_do(review, empty):
    done = {each.item.number for each in filled(review, MAIN, anchors_of(review)) if each.is_done}

    assert {"4", "6", "8", "16a", "17", "20b"} <= done
    assert not {"1", "3", "14", "25", "26"} & done
    assert not [each for each in filled(empty, MAIN, anchors_of(empty)) if each.is_done]


def test_prisma_s_is_answered_only_where_every_search_says_it(review):
    SearchRun.objects.filter(review=review).update(query="itch", platform="Ovid")
    first = SearchRun.objects.filter(review=review).first()
    SearchRun.objects.filter(pk=first.pk).update(platform="")

    done = {each.item.number for each in filled(review, SEARCH, {}) if each.is_done}

    assert {"1", "8", "13", "15", "16"} <= done
    assert not {"2", "9", "14"} & done


def test_a_note_settles_an_item_and_is_on_record(review):
    note_item(review=review, item=f"{MAIN}:25", text="No funding.", by=review.created_by)

    item = next(each for each in filled(review, MAIN, {}) if each.item.number == "25")
    assert item.is_done
    assert review.audit_entries.filter(act="checklist noted").exists()
    note_item(review=review, item=f"{MAIN}:25", text="", by=review.created_by)
    assert not next(each for each in filled(review, MAIN, {}) if each.item.number == "25").is_done


def test_a_checklist_in_the_manuscript_names_pages(review):
    table = as_table(MAIN, filled(review, MAIN, anchors_of(review)), with_pages=True)

    row = next(row for row in table.rows if row[0] == "16a")
    assert row[-1] == PageOf("results-selection")


def test_imported_text_cannot_break_the_word_file_or_run_in_a_spreadsheet():
    table = Table("t", "A \x00 caption", ("Head",), (("=1+1 \x0b",),))
    text = Manuscript("Title \x01", (Section("s", "S \x02", (Paragraph("P \x03"), table)),))

    Document(io.BytesIO(as_docx(text)))

    assert table.as_csv().splitlines()[1].strip('"').startswith("'=1+1")
    assert len(bookmark_of("x" * 90)) == 40


def test_the_pages_of_the_report_open(client, review):
    client.force_login(review.created_by)
    base = f"/reviews/{review.slug}/report/"

    assert "Manuscript kit" in client.get(base).content.decode() or client.get(base).status_code == 200
    for name in LISTS:
        assert client.get(f"{base}checklists/{name}/").status_code == 200
        assert client.get(f"{base}checklists/{name}.docx").content.startswith(b"PK")
    csv = client.get(f"{base}data/revman.csv").content.decode()
    assert "Alpha 2020" in csv
    assert client.get(f"{base}data/long.csv").status_code == 200


def test_risk_of_bias_is_drawn_once_it_is_agreed(review):
    people = [each.user for each in review.memberships.exclude(user=review.created_by)]
    study = review.studies.get(label="Alpha 2020")
    for person in people:
        assess(study, person, "22222222")

    before = anchors_of(review)
    agree_bias(study=study, settled_by=people[0], appraisal=review.appraisals.get(), sheet=Sheet())

    assert "results-bias" not in before
    assert "results-bias" in anchors_of(review)
