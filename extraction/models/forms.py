"""Extraction forms as versioned data, and the vocabulary of outcomes and time points."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from reviewsite.reviews.models import Review

from ..schema import FormDefinition


class FormVersion(models.Model):
    """The questions asked of every study.

    A draft may be changed; once put into use it is frozen, as answers are read with the form they were
    given under. A change is a new version.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="form_versions")
    number = models.PositiveSmallIntegerField()
    definition = models.JSONField(help_text="List of fields as described in extraction.schema.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when it is in use; then frozen."
    )
    note = models.CharField(max_length=300, blank=True, help_text="What changed against the version before.")
    revision = models.PositiveIntegerField(default=0, help_text="Counts the changes of a draft.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="one_form_version_per_number"),
            models.UniqueConstraint(
                fields=["review"], condition=Q(published_at=None), name="one_draft_form_per_review"
            ),
        ]

    def __str__(self) -> str:
        return gettext("Form version %(number)s") % {"number": self.number}

    @property
    def form(self) -> FormDefinition:
        return FormDefinition.from_json(self.definition)


class Outcome(models.Model):
    """A measured endpoint."""

    class Kind(models.TextChoices):
        DICHOTOMOUS = "dichotomous", gettext_noop("Events out of participants")
        CONTINUOUS = "continuous", gettext_noop("Mean and standard deviation")
        RATE = "rate", gettext_noop("Events in person-time")
        TIME_TO_EVENT = "time_to_event", gettext_noop("Time to an event")
        ESTIMATE = "estimate", gettext_noop("Estimate with confidence interval")

    class Direction(models.TextChoices):
        HIGHER = "higher", gettext_noop("Higher is better")
        LOWER = "lower", gettext_noop("Lower is better")
        NEITHER = "neither", gettext_noop("Neither")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="outcomes")
    name = models.CharField(max_length=120)
    definition = models.TextField(blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DICHOTOMOUS)
    direction = models.CharField(max_length=20, choices=Direction.choices, default=Direction.NEITHER)
    unit = models.CharField(max_length=40, blank=True)
    scale_low = models.FloatField(
        gettext_lazy("lowest possible value"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Of a scale; a mean below it is refused."),
    )
    scale_high = models.FloatField(gettext_lazy("highest possible value"), null=True, blank=True)
    scale_items = models.PositiveSmallIntegerField(
        gettext_lazy("items answered in whole numbers"),
        default=0,
        help_text=gettext_lazy(
            "1 for a scale of whole numbers, k for the mean of k items, 0 where values "
            "are not whole: means are then checked by GRIM."
        ),
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["review", "name"], name="one_outcome_per_name"),
            models.CheckConstraint(
                condition=Q(scale_low=None) | Q(scale_high=None) | Q(scale_low__lt=F("scale_high")),
                name="outcome_scale_ascends",
                violation_error_message=gettext_lazy("The lowest possible value is below the highest."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TimePoint(models.Model):
    """When an outcome was measured, in the words the team agreed on."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="time_points")
    label = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "label"]
        constraints = [models.UniqueConstraint(fields=["review", "label"], name="one_time_point_per_label")]

    def __str__(self) -> str:
        return self.label
