"""Extraction forms as versioned data, and the vocabulary of outcomes and time points."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from reviewsite.reviews.models import Review


class FormVersion(models.Model):
    """The questions asked of every study.

    Frozen by its first use: answers are read with the form they were given under.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="form_versions")
    number = models.PositiveSmallIntegerField()
    definition = models.JSONField(help_text="List of fields as described in extraction.schema.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="one_form_version_per_number")
        ]

    def __str__(self) -> str:
        return f"Form version {self.number}"


class Outcome(models.Model):
    """A measured endpoint."""

    class Kind(models.TextChoices):
        DICHOTOMOUS = "dichotomous", "Events out of participants"
        CONTINUOUS = "continuous", "Mean and standard deviation"
        ESTIMATE = "estimate", "Estimate with confidence interval"

    class Direction(models.TextChoices):
        HIGHER = "higher", "Higher is better"
        LOWER = "lower", "Lower is better"
        NEITHER = "neither", "Neither"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="outcomes")
    name = models.CharField(max_length=120)
    definition = models.TextField(blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DICHOTOMOUS)
    direction = models.CharField(max_length=20, choices=Direction.choices, default=Direction.NEITHER)
    unit = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(fields=["review", "name"], name="one_outcome_per_name")]

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
