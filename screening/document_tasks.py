"""Reading PDFs in the background: pages, then whose they are. Safe to run twice."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from reviewsite.background import task
from reviewsite.reviews import jobs
from reviewsite.reviews.models import Job

from .documents import Candidate, Identified, propose
from .documents.pages import NotReadable
from .documents.process import read_apart
from .full_text.document_files import keep_pictures, local_copy, pictures_room
from .models import Document, DocumentPage, Report
from .studies.linking import registrations_in

Progress = Callable[[int, int], None]


@task()
def read_documents(job_pk: int) -> None:
    """Read the PDFs of a job and propose a report for each that has none."""
    job = Job.objects.filter(pk=job_pk).first()
    if job is None or job.is_finished:
        return
    with jobs.carrying_out(
        job,
        if_cancelled="Cancelled. What was read is kept; the rest can be read later.",
        if_wrong="The PDFs are kept; start reading again, and report it if it happens twice.",
    ):
        _read_all(job)
        jobs.finish(job, _outcome(job))


def _read_all(job: Job) -> None:
    documents = list(job.documents.select_related("review"))
    candidates = candidates_of(job.review)
    for number, document in enumerate(documents):
        if document.state == Document.State.WAITING:
            _read(document, _telling(job, document, number, len(documents)))
        if document.report_id is None:
            _propose(document, candidates)
        jobs.advance(job, number + 1, len(documents), "Reading")


def _telling(job: Job, document: Document, number: int, count: int) -> Progress:
    def tell(page: int, pages: int) -> None:
        jobs.advance(job, number, count, f"Reading {document.short_name}, page {page} of {pages}"[:120])

    return tell


def _read(document: Document, progress: Progress) -> None:
    with local_copy(document) as path, pictures_room() as room:
        try:
            keep_reading(document, _read_and_drawn(document, path, room), progress)
        except NotReadable as refusal:
            _set(document, [], state=Document.State.UNREADABLE, problem=str(refusal))


def _read_and_drawn(document: Document, path: Path, room: Path) -> Iterator[dict[str, Any]]:
    """What the reader tells; at its end the pictures are in the store, before any row names them."""
    yield from read_apart(path, room)
    keep_pictures(document, room)


def keep_reading(document: Document, found: Iterable[dict[str, Any]], progress: Progress) -> None:
    """Store what `reading.read` finds: nothing of it before its last page is read."""
    pages: list[DocumentPage] = []
    told: dict[str, Any] = {}
    for each in found:
        if "number" not in each:
            told = each
            continue
        pages.append(DocumentPage(document=document, **each))
        progress(each["number"], told["read"])
    problem = ""
    if told["read"] < told["pages"]:
        problem = f"Only the first {told['read']} of its {told['pages']} pages are shown here."
    _set(
        document,
        pages,
        state=Document.State.READ,
        problem=problem,
        page_count=told["pages"],
        description=told["said"],
        registrations=sorted(registrations_in("\n".join(page.as_text().text for page in pages[:2]))),
    )


@transaction.atomic
def _set(document: Document, pages: list[DocumentPage], **columns: object) -> None:
    document.pages.all().delete()
    DocumentPage.objects.bulk_create(pages, batch_size=50)
    for name, value in columns.items():
        setattr(document, name, value)
    document.save(update_fields=list(columns))


def candidates_of(review) -> list[Candidate]:
    """The reports that are sought, each as all its records describe it."""
    reports = Report.objects.filter(review=review).sought().select_related("citation__representative")
    return [_candidate(report) for report in reports.prefetch_related("citation__records")]


def _candidate(report: Report) -> Candidate:
    records = report.citation.records.all()
    best = report.citation.representative
    return Candidate(
        key=report.pk,
        titles=tuple({record.title for record in records if record.title}),
        authors=tuple(best.authors),
        year=best.year,
        dois=frozenset(record.doi.lower() for record in records if record.doi),
        pmids=frozenset(record.pmid for record in records if record.pmid),
    )


def _propose(document: Document, candidates: list[Candidate]) -> None:
    """Also for a file that could not be read: its name may tell."""
    first = tuple(page.as_text().text for page in document.pages.all()[:2])
    found = propose(Identified(document.file_name, tuple(document.description), first), candidates)
    document.proposed_report_id = found.key
    document.certainty, document.evidence = found.certainty, list(found.evidence)
    document.save(update_fields=["proposed_report", "certainty", "evidence"])


def _outcome(job: Job) -> str:
    documents = list(job.documents.all())
    without = [document for document in documents if document.report_id is None]
    sure = sum(document.certainty == "sure" for document in without)
    unread = sum(document.state == Document.State.UNREADABLE for document in documents)
    said = f"{len(documents) - unread} of {len(documents)} read"
    if without:
        said += f"; of {len(without)} without a report {sure} are matched for sure, the others need a look"
    return said + "."
