"""Documents in a review, read in the test's own process: a process of their own is tested once elsewhere."""

from reviewsite.reviews.models import Review
from screening.document_tasks import keep_reading
from screening.documents.reading import read
from screening.full_text.document_files import keep_pictures, local_copy, pictures_room
from screening.full_text.full_texts import attach, keep_file
from screening.models import Document, Report

from .pdfs import make_pdf, uploaded

TEXT = ("Complete remission in 88 of 109", "patients with itch.")


def make_document(review: Review, by, *lines: str, report: Report | None = None) -> Document:
    """A PDF that was read, with a page of the lines; attached when a report is given."""
    document = keep_file(review=review, file=uploaded(make_pdf(lines or TEXT)), by=by)
    with local_copy(document) as path, pictures_room() as room:
        found = list(read(path, room))
        keep_pictures(document, room)
    keep_reading(document, found, lambda done, total: None)
    if report is not None:
        attach(document=document, report=report, by=by)
    return document
