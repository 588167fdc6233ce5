"""Reports (documents) and the studies they report."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from reviewsite.reviews.models import Review

from ..deciding.conclusions import Conclusion
from .citations import Citation


class Study(models.Model):
    """A trial or cohort, reported by one or more reports."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="studies")
    label = models.CharField(max_length=120, help_text="As in the forest plot: first author and year.")
    registration = models.CharField(max_length=120, blank=True, help_text="Trial registration number.")
    note = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["label"]
        verbose_name_plural = "studies"
        constraints = [models.UniqueConstraint(fields=["review", "label"], name="one_study_per_label")]

    def __str__(self) -> str:
        return self.label


class Retrieval(models.TextChoices):
    WANTED = "wanted", gettext_noop("Wanted")
    REQUESTED = "requested", gettext_noop("Requested")
    OBTAINED = "obtained", gettext_noop("Obtained")
    NOT_AVAILABLE = "not_available", gettext_noop("Not available")


class ReportQuerySet(models.QuerySet["Report"]):
    def sought(self) -> "ReportQuerySet":
        """Reports of the citations included on title and abstract."""
        return self.filter(citation__merged_into=None, citation__title_abstract_state=Conclusion.INCLUDED)

    def awaited(self) -> "ReportQuerySet":
        """Sought reports that are neither at hand nor given up."""
        return self.sought().filter(retrieval__in=[Retrieval.WANTED, Retrieval.REQUESTED])

    def in_retrieval(self, state: str) -> "ReportQuerySet":
        return self.sought().filter(retrieval=state)

    def included(self) -> "ReportQuerySet":
        return self.in_retrieval(Retrieval.OBTAINED).filter(citation__full_text_state=Conclusion.INCLUDED)

    def without_study(self) -> "ReportQuerySet":
        return self.included().filter(study=None)


class Report(models.Model):
    """The document behind a citation. `retrieval` is the latest retrieval event's state, kept by its rule."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reports")
    citation = models.OneToOneField(Citation, on_delete=models.PROTECT, related_name="report")
    retrieval = models.CharField(max_length=20, choices=Retrieval.choices, default=Retrieval.WANTED)
    study = models.ForeignKey(Study, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    is_primary = models.BooleanField("main report of its study", default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["study"], condition=Q(is_primary=True), name="one_primary_report_per_study"
            )
        ]

    def __str__(self) -> str:
        return str(self.citation)


class RetrievalEvent(models.Model):
    """A step in getting hold of a report: wanted, requested of whom, obtained, not available and why.

    Rows are only added.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="retrieval_events")
    state = models.CharField(max_length=20, choices=Retrieval.choices)
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_state_display()}"


class SaidApart(models.Model):
    """What a person said of two reports, so that it is not suggested again."""

    class Question(models.TextChoices):
        STUDY = "study", gettext_noop("Not of one study")
        PARTICIPANTS = "participants", gettext_noop("Their studies share no participants")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="said_apart")
    question = models.CharField(max_length=20, choices=Question.choices)
    first = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "said apart"
        constraints = [
            models.UniqueConstraint(fields=["question", "first", "second"], name="one_saying_per_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="said_apart_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}: {self.get_question_display().lower()}"


class StudyOverlap(models.Model):
    """Two studies that share participants: never pooled together in silence."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="study_overlaps")
    kept = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="overlaps_kept_over")
    left_out = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="overlaps_left_out_for")
    reason = models.TextField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kept", "left_out"], name="one_overlap_per_pair"),
            models.CheckConstraint(condition=~Q(kept=F("left_out")), name="overlap_is_between_two_studies"),
        ]

    def __str__(self) -> str:
        return f"{self.left_out} overlaps {self.kept}"
