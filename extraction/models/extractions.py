"""Extractions: what one person read in the reports of a study, or what two agreed on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from reviewsite.reviews.models import Review
from screening.models import Study

from .forms import FormVersion


class ExtractionQuerySet(models.QuerySet["Extraction"]):
    def current(self) -> "ExtractionQuerySet":
        return self.filter(superseded_by=None)

    def independent(self) -> "ExtractionQuerySet":
        return self.filter(kind=Extraction.Kind.INDEPENDENT)

    def agreed(self) -> "ExtractionQuerySet":
        """The agreed version of each study that stands now: the only rows that reach analysis."""
        return self.current().filter(kind=Extraction.Kind.AGREED)

    def submitted(self) -> "ExtractionQuerySet":
        return self.exclude(submitted_at=None)

    def visible_to(self, person) -> "ExtractionQuerySet":
        """One's own; a colleague's only once both have submitted and the two stand side by side."""
        both_in = Study.objects.filter(pk__in=self.studies_with_two_submitted())
        return self.filter(Q(extractor=person) | Q(kind=Extraction.Kind.AGREED) | Q(study__in=both_in))

    @staticmethod
    def studies_with_two_submitted() -> models.QuerySet:
        return (
            Extraction.objects.current()
            .independent()
            .submitted()
            .values("study")
            .annotate(submitted=models.Count("pk"))
            .filter(submitted__gte=2)
            .values("study")
        )


class Extraction(models.Model):
    """One person's reading of a study, or the agreed one that names the two it came from.

    An independent one may be edited until it is submitted. An agreed one is never edited: a correction is
    a new agreed version that supersedes it and says why.
    """

    class Kind(models.TextChoices):
        INDEPENDENT = "independent", "Independent"
        AGREED = "agreed", "Agreed"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="extractions")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="extractions")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="extractions")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.INDEPENDENT)
    extractor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who extracted, or who settled.",
    )
    answers = models.JSONField(
        default=dict, help_text="Field key to {value, page, quote}, read with the form version."
    )
    left = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    change_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ExtractionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "extractor"],
                condition=Q(kind="independent", supersedes=None),
                name="one_extraction_per_extractor",
            ),
            models.UniqueConstraint(
                fields=["study"],
                condition=Q(kind="agreed", supersedes=None),
                name="one_agreed_history_per_study",
            ),
            models.CheckConstraint(
                condition=Q(kind="independent", left=None, right=None)
                | Q(kind="agreed", left__isnull=False, right__isnull=False, submitted_at__isnull=False),
                name="agreed_extraction_names_its_two_sources",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study}: {self.get_kind_display().lower()} by {self.extractor}"

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None
