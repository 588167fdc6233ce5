"""The rules by which PDFs come in, are read, find their report, and go."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from reviewsite.reviews import jobs
from reviewsite.reviews.models import Job, Review, record_act

from ..document_tasks import read_documents
from ..models import Document, Report, Retrieval
from . import document_files
from .retrieval import record_retrieval

# A PDF names itself within its first bytes; some begin with a few bytes of a mail or a web server.
SIGNATURE, SIGNATURE_WITHIN = b"%PDF-", 1024


class FilingRefused(Exception):
    """The file cannot be kept, or not moved, as asked; the text is a sentence for the person."""


@dataclass
class TakenIn:
    """What came of an upload: the documents that are new, and a sentence for each file that was not taken."""

    documents: list[Document] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def take_in(*, review: Review, files: Iterable[UploadedFile], by, report: Report | None = None) -> TakenIn:
    """Keep uploaded PDFs and queue their reading; one that cannot be taken stops none of the others.

    report: whose they are, when they were uploaded for one; the others are proposed one after reading.
    """
    taken = TakenIn()
    for file in files:
        try:
            taken.documents.append(keep_file(review=review, file=file, by=by))
        except FilingRefused as refusal:
            taken.refused.append(f"{file.name}: {refusal}")
    if taken.documents:
        with transaction.atomic():
            if report is not None:
                for document in taken.documents:
                    attach(document=document, report=report, by=by)
            queue_reading(review=review, documents=taken.documents, by=by)
    return taken


@transaction.atomic
def queue_reading(*, review: Review, documents: Sequence[Document], by) -> Job:
    """A job that reads the documents not read yet and proposes reports for those that have none."""
    count = len(documents)
    title = f"Reading {count} PDF{'' if count == 1 else 's'}"
    job = jobs.enqueue(review=review, kind=Job.Kind.DOCUMENTS, title=title, requested_by=by)
    Document.objects.filter(pk__in=[document.pk for document in documents]).update(job=job)
    read_documents.enqueue(job.pk)
    record_act(review, by, "PDFs given to be read", files=[document.file_name for document in documents])
    return job


def left_waiting(review: Review) -> list[Document]:
    """Documents that no running job will read: theirs was cancelled, failed, or died with its worker."""
    waiting = review.documents.filter(state=Document.State.WAITING).select_related("job")
    return [document for document in waiting if _is_left(document.job)]


def _is_left(job: Job | None) -> bool:
    return job is None or job.is_finished or job.seems_dead


@transaction.atomic
def attach(*, document: Document, report: Report, by) -> None:
    """Say whose a PDF is; a report that was still sought is obtained by that."""
    if report.review_id != document.review_id:
        raise FilingRefused(gettext("That report is of another review."))
    if not Report.objects.sought().filter(pk=report.pk).exists():
        raise FilingRefused(
            gettext("“{report}” is not among the reports that are sought.").format(report=report)
        )
    document.report = report
    document.save(update_fields=["report"])
    if report.retrieval != Retrieval.OBTAINED:
        note = f"PDF {document.file_name}"
        record_retrieval(reports=[report], state=Retrieval.OBTAINED, note=note[:300], by=by)
    told = {"file": document.file_name, "of": str(report)[:200], "report": report.pk}
    record_act(document.review, by, "PDF attached", **told)


@transaction.atomic
def detach(*, document: Document, by) -> None:
    """Put a PDF back among those without a report."""
    if document.report_id is None:
        return
    told = {"file": document.file_name, "of": str(document.report)[:200], "report": document.report_id}
    document.report = None
    document.save(update_fields=["report"])
    record_act(document.review, by, "PDF taken off", **told)


@transaction.atomic
def remove(*, document: Document, by) -> None:
    """Delete a PDF for good: one uploaded by mistake may be another's property, or name a patient."""
    record_act(
        document.review,
        by,
        "PDF removed",
        file=document.file_name,
        sha256=document.file_sha256,
        report=document.report_id,
    )
    folder, storage = document_files.folder_of(document), document.file.storage
    document.delete()
    transaction.on_commit(lambda: document_files.forget(storage, folder))


def keep_file(*, review: Review, file: UploadedFile, by) -> Document:
    """Check and store one PDF; nothing is read yet. Raises FilingRefused."""
    _check(file)
    digest = _digest(file.chunks())
    known = Document.objects.filter(review=review, file_sha256=digest).select_related("report").first()
    if known:
        where = (
            gettext("attached to “{report}”").format(report=known.report)
            if known.report
            else gettext("waiting for its report")
        )
        raise FilingRefused(
            gettext("this very file is here already as {file_name}, {where}.").format(
                file_name=known.file_name, where=where
            )
        )
    document = Document(
        review=review, file_name=file.name[-255:], file_sha256=digest, size=file.size, uploaded_by=by
    )
    document.file.save("whole.pdf", file, save=False)
    try:
        with transaction.atomic():
            document.save()
            record_act(review, by, "PDF uploaded", file=document.file_name, sha256=digest)
    except IntegrityError:
        raise FilingRefused(gettext("a colleague uploaded the same file a moment ago.")) from None
    return document


def _check(file: UploadedFile) -> None:
    limit = settings.UPLOAD_MAX_BYTES
    if file.size > limit:
        raise FilingRefused(
            gettext("larger than {limit} MB; save it with smaller pictures, or in parts.").format(
                limit=limit // 1024 // 1024
            )
        )
    if file.size == 0:
        raise FilingRefused(gettext("the file is empty."))
    start = file.read(SIGNATURE_WITHIN)
    file.seek(0)
    if SIGNATURE not in start:
        raise FilingRefused(gettext("not a PDF{what_it_is}.").format(what_it_is=_what_it_is(start)))


def _what_it_is(start: bytes) -> str:
    """Said of files that are often saved in place of the PDF."""
    if start.lstrip()[:1] == b"<":
        return gettext(
            " but a web page: the publisher showed a page in its place. Open it, and save the PDF itself"
        )
    if start.startswith(b"PK"):
        return gettext(" but a Word document or an archive. Export it as PDF, or unpack it first")
    return gettext(", whatever its name says")


def _digest(chunks: Iterable[bytes], new: Callable = hashlib.sha256) -> str:
    digest = new()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
