"""PDFs come in, find their report, and go; what a person sees of them and what a browser may do with them."""

from pathlib import Path

import pytest
from django.urls import reverse

from reviewsite.reviews.models import AuditEntry, Job, Stage
from screening.document_tasks import read_documents
from screening.full_text import full_texts
from screening.full_text.document_files import folder_of
from screening.full_text.full_texts import FilingRefused, attach, remove, take_in
from screening.full_text.retrieval import record_retrieval
from screening.models import Document, Retrieval
from screening.recount import differences

from ...extraction.makers import agree_on_left, extract, make_study
from ...makers import decide, make_citation, make_member, make_review
from .makers import make_document
from .pdfs import make_pdf, uploaded

pytestmark = pytest.mark.django_db
TITLE = "Zorifen for chronic itch in adults: a randomised trial of forty weeks"


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def people(review):
    return [make_member(review), make_member(review)]


@pytest.fixture
def report(review, people):
    citation = make_citation(review, TITLE)
    for person in people:
        decide(citation, person, "include")
    return citation.report


def address(name, review, *arguments):
    return reverse(f"screening:{name}", args=[review.slug, *arguments])


def test_many_files_come_in_and_a_wrong_one_stops_none(review, people, report):
    page = uploaded(b"<!doctype html><title>Sign in</title>", "paywall.pdf")
    good = uploaded(make_pdf(["Annals of Itch", TITLE]), "a.pdf")
    broken = uploaded(b"%PDF-1.7\nand nothing more", "b.pdf")

    taken = take_in(review=review, files=[page, good, broken], by=people[0])

    assert len(taken.documents) == 2
    assert "paywall.pdf: not a PDF but a web page" in taken.refused[0]
    read, unread = Document.objects.filter(review=review)
    assert (read.state, read.page_count, read.proposed_report, read.certainty) == ("read", 1, report, "sure")
    assert (unread.state, "damaged" in unread.problem) == ("unreadable", True)
    assert read.report is None
    assert Job.objects.get(kind="documents").outcome.startswith("1 of 2 read; of 2 without a report 1")


def test_the_same_content_is_kept_once_whatever_its_name(review, people, report):
    take_in(review=review, files=[uploaded(make_pdf(["x"]), "a.pdf")], by=people[0], report=report)

    taken = take_in(review=review, files=[uploaded(make_pdf(["x"]), "other.pdf")], by=people[1])

    assert taken.documents == []
    assert f"other.pdf: this very file is here already as a.pdf, attached to “{TITLE}”" in taken.refused[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"PK\x03\x04", "Word"), (b"%PDF-" + b"x" * 2000, "larger than 0 MB")],
)
def test_a_file_of_the_wrong_kind_or_size_is_refused(review, people, settings, content, said):
    settings.UPLOAD_MAX_BYTES = 1500

    taken = take_in(review=review, files=[uploaded(content)], by=people[0])

    assert said in taken.refused[0]
    assert not Document.objects.exists()


def test_attaching_a_pdf_obtains_a_report_that_was_asked_for(review, people, report):
    record_retrieval(reports=[report], state=Retrieval.REQUESTED, note="Interlibrary loan", by=people[0])

    make_document(review, people[0], report=report)

    report.refresh_from_db()
    states = list(report.retrieval_events.values_list("state", "note"))
    assert states == [("requested", "Interlibrary loan"), ("obtained", "PDF paper.pdf")]
    assert report.retrieval == Retrieval.OBTAINED
    assert list(differences(review)) == []


def test_a_requested_report_still_counts_as_awaited(review, people, report):
    record_retrieval(reports=[report], state=Retrieval.REQUESTED, by=people[0])

    assert list(differences(review)) == []
    assert [r.pk for r in type(report).objects.filter(review=review).awaited()] == [report.pk]


def test_a_pdf_of_another_review_is_not_attached(review, people, report):
    other = make_review()
    stranger = make_document(other, other.created_by)

    with pytest.raises(FilingRefused, match="another review"):
        attach(document=stranger, report=report, by=people[0])


def test_a_removed_pdf_is_gone_from_the_disk_and_told_of_in_the_audit_trail(
    review, people, report, django_capture_on_commit_callbacks
):
    document = make_document(review, people[0], report=report)
    folder = Path(document.file.storage.path(folder_of(document)))
    assert (folder / "pages" / "0001.png").exists()

    with django_capture_on_commit_callbacks(execute=True):
        remove(document=document, by=people[0])

    assert not folder.exists()
    assert AuditEntry.objects.filter(review=review, act="PDF removed").get().details["file"] == "paper.pdf"


def test_reading_twice_changes_nothing(review, people):
    [document] = take_in(review=review, files=[uploaded(make_pdf(["x"]))], by=people[0]).documents
    pages = list(document.pages.values_list("pk", flat=True))

    read_documents.call(document.job_id or Document.objects.get().job_id)

    assert list(document.pages.values_list("pk", flat=True)) == pages


def test_what_a_cancelled_job_left_unread_can_be_read_later(review, people):
    document = full_texts.keep_file(review=review, file=uploaded(make_pdf(["x"])), by=people[0])
    assert full_texts.left_waiting(review) == [document]

    full_texts.queue_reading(review=review, documents=[document], by=people[0])

    assert full_texts.left_waiting(review) == []
    document.refresh_from_db()
    assert document.state == "read"


def test_the_file_is_only_handed_out_to_be_saved(signed_in, review, people, report):
    document = make_document(review, people[0], report=report)

    answer = signed_in(people[0]).get(address("document_file", review, document.pk))

    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="paper.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "no-store" in answer["Cache-Control"]


def test_a_picture_of_a_page_is_locked_as_well(signed_in, review, people, report):
    document = make_document(review, people[0], report=report)

    answer = signed_in(people[0]).get(address("picture", review, document.pk, 1))

    assert answer.content.startswith(b"\x89PNG")
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Security-Policy"].startswith("sandbox")


def test_markup_in_a_pdf_is_text_in_the_viewer(signed_in, review, people):
    document = make_document(review, people[0], "<script>alert(1)</script>")

    page = signed_in(people[0]).get(address("document", review, document.pk)).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_words_are_found_and_marked_in_the_viewer(signed_in, review, people):
    document = make_document(review, people[0])

    page = signed_in(people[0]).get(address("document", review, document.pk), {"find": "88 of 109"})

    assert "1 place with" in page.content.decode()
    assert 'class="page-hit" data-hit="0"' in page.content.decode()


def test_a_quote_leads_to_the_pdf_of_the_study_it_stands_in(signed_in, review, people):
    study = make_study(review, people)
    main = study.reports.get()
    make_document(review, people[0], "Nothing of the kind", report=main)
    second = make_document(review, people[0], "Itch stopped in 30 of 40", report=main)

    answer = signed_in(people[0]).get(
        address("source", review, study.pk), {"page": "p. 1", "quote": "stopped in 30 of 40"}, follow=True
    )

    assert answer.resolver_match.kwargs["document_pk"] == second.pk
    assert "The quote stands on page 1" in answer.content.decode()


def test_a_quote_that_no_pdf_has_opens_the_page_that_was_noted(signed_in, review, people):
    study = make_study(review, people)
    make_document(review, people[0], report=study.reports.get())

    answer = signed_in(people[0]).get(
        address("source", review, study.pk),
        {"page": "1", "quote": "something else altogether, at length"},
        follow=True,
    )

    assert "This quote is not in the PDF" in answer.content.decode()


def test_the_review_step_attaches_what_is_ticked_and_marks_what_is_wrong(signed_in, review, people, report):
    one = make_document(review, people[0], "one")
    two = make_document(review, people[0], "two")
    posted = {
        "take": [one.pk, two.pk],
        f"report-{one.pk}": f"{report.pk}: {TITLE}",
        f"report-{two.pk}": "999: x",
    }

    answer = signed_in(people[0]).post(address("pdfs_attach", review), posted)

    assert answer.status_code == 422
    assert "is no report that is sought" in answer.content.decode()
    assert Document.objects.filter(report=None).count() == 2
    answer = signed_in(people[0]).post(address("pdfs_attach", review), {**posted, "take": [one.pk]})
    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.report == report


def test_a_report_that_cannot_be_had_needs_a_reason(signed_in, review, people, report):
    url = address("reports_mark", review)
    answer = signed_in(people[0]).post(url, {"reports": [report.pk], "state": "not_available"})
    assert answer.status_code == 422

    signed_in(people[0]).post(
        url, {"reports": [report.pk], "state": "not_available", "note": "No access", "report_page": "1"}
    )

    page = signed_in(people[1]).get(address("report", review, report.pk)).content.decode()
    assert "Not available" in page
    assert "No access" in page


def test_full_text_screening_opens_with_the_pdf(signed_in, review, people, report):
    document = make_document(review, people[0], report=report)

    page = signed_in(people[1]).get(address("screen", review, Stage.FULL_TEXT.value)).content.decode()

    assert f'data-document="{document.pk}"' in page


def test_a_number_leads_to_its_page_only_where_there_is_a_pdf(signed_in, review, people):
    study = make_study(review, people)
    for person in people:
        extract(study, person, 30, 40, page="1", quote="88 of 109")
    agree_on_left(study, people[0])
    url = reverse("extraction:study", args=[review.slug, study.pk])
    link = address("source", review, study.pk)
    assert link not in signed_in(people[0]).get(url).content.decode()

    make_document(review, people[0], report=study.reports.get())

    assert link in signed_in(people[0]).get(url).content.decode()
