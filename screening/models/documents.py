"""PDFs of reports: the file, its pages as they were read, and which report it belongs to."""

from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop

from reviewsite.reviews.models import Job, Review

from ..documents import PageText
from ..documents.identifying import Certainty
from ..documents.pages import lines_from_json
from .studies import Report, Study


class DocumentQuerySet(models.QuerySet["Document"]):
    def awaiting_a_report(self) -> "DocumentQuerySet":
        """Uploaded and not yet said to be any report's."""
        return self.filter(report=None)

    def of_report(self, report: Report) -> "DocumentQuerySet":
        return self.filter(report=report)

    def of_study(self, study: Study) -> "DocumentQuerySet":
        """A study's PDFs, those of its main report first."""
        return self.filter(report__study=study).order_by("-report__is_primary", "report", "pk")

    def readable(self) -> "DocumentQuerySet":
        return self.filter(state=Document.State.READ)


def document_folder(document: "Document") -> str:
    # The name given by the browser is kept in `file_name` and never becomes a path.
    return f"documents/{document.review_id}/{document.file_sha256}"


def file_path(document: "Document", filename: str) -> str:
    return f"{document_folder(document)}/whole.pdf"


class Document(models.Model):
    """One uploaded PDF. Its content never changes; which report it belongs to is said by a person."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_noop("Waiting to be read")
        READ = "read", gettext_noop("Read")
        UNREADABLE = "unreadable", gettext_noop("Not readable")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="documents")
    report = models.ForeignKey(
        Report, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    file = models.FileField(upload_to=file_path)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    problem = models.TextField(blank=True, help_text="Why it could not be read, in words.")
    description = models.JSONField(default=list, help_text="What the file says of itself: title, DOI, maker.")
    registrations = models.JSONField(default=list, help_text="Trial numbers on its first two pages.")
    page_count = models.PositiveIntegerField(default=0)
    proposed_report = models.ForeignKey(
        Report, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    certainty = models.CharField(
        max_length=20, choices=[(c.value, c.value.capitalize()) for c in Certainty], default=Certainty.NONE
    )
    evidence = models.JSONField(default=list, help_text="What speaks for the proposed report, in words.")
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="documents")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "file_sha256"], name="one_document_per_content")
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_readable(self) -> bool:
        return self.state == self.State.READ

    @property
    def short_name(self) -> str:
        return PurePath(self.file_name).stem[:60]

    def page_texts(self) -> list[PageText]:
        return [page.as_text() for page in self.pages.all()]


class DocumentPage(models.Model):
    """One page of a PDF as it was read: its picture's name, its text, and the place of every word."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=20, blank=True, help_text="The page number that the PDF prints.")
    width = models.FloatField()
    height = models.FloatField()
    picture = models.CharField(max_length=20)
    lines = models.JSONField(default=list)

    class Meta:
        ordering = ["document", "number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_page_per_number")]

    def __str__(self) -> str:
        return f"page {self.number} of {self.document}"

    def as_text(self) -> PageText:
        return PageText(self.number, self.width, self.height, self.label, lines_from_json(self.lines))
