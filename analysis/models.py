"""Analyses: what is asked (spec), of which rows (snapshot), with which answer (run)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from extraction.models import Outcome, TimePoint
from reviewsite.reviews.models import Review


class AnalysisSpec(models.Model):
    """What to pool and how. The settings a run used are copied into the run."""

    class Measure(models.TextChoices):
        RAW = "PR", "Raw proportion"
        LOGIT = "PLO", "Logit-transformed proportion"

    class EffectModel(models.TextChoices):
        COMMON = "common", "Common effect"
        RANDOM = "random", "Random effects"

    class Tau2Estimator(models.TextChoices):
        DL = "DL", "DerSimonian-Laird"
        REML = "REML", "Restricted maximum likelihood"

    class Interval(models.TextChoices):
        WALD = "wald", "Wald (normal)"
        HARTUNG_KNAPP = "hartung_knapp", "Hartung-Knapp"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="analyses")
    title = models.CharField(max_length=160)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="analyses")
    time_point = models.ForeignKey(
        TimePoint,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: any time point.",
    )
    measure = models.CharField(max_length=10, choices=Measure.choices, default=Measure.LOGIT)
    model = models.CharField(max_length=10, choices=EffectModel.choices, default=EffectModel.RANDOM)
    tau2_estimator = models.CharField(
        max_length=10, choices=Tau2Estimator.choices, default=Tau2Estimator.REML
    )
    interval = models.CharField(max_length=20, choices=Interval.choices, default=Interval.HARTUNG_KNAPP)
    level = models.FloatField("confidence level (%)", default=95)
    leave_out_overlaps = models.BooleanField("leave out overlapping cohorts", default=True)
    published = models.JSONField(
        null=True,
        blank=True,
        help_text="A result printed elsewhere to set beside ours: estimate, ci_low, ci_high, source ...",
    )
    position = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "title"], name="one_analysis_per_title"),
            models.CheckConstraint(condition=Q(level__gt=0, level__lt=100), name="level_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return self.title


class DatasetSnapshot(models.Model):
    """The rows behind a run, frozen, with a hash of their content and what was left out and why."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="snapshots")
    rows = models.JSONField()
    left_out = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{len(self.rows)} rows, {self.sha256[:8]}"


class AnalysisRun(models.Model):
    """One computation: immutable. A rerun is a new row."""

    spec = models.ForeignKey(AnalysisSpec, on_delete=models.CASCADE, related_name="runs")
    snapshot = models.ForeignKey(DatasetSnapshot, on_delete=models.PROTECT, related_name="runs")
    plan = models.JSONField(help_text="The spec's settings as they were.")
    result = models.JSONField(null=True)
    refusal = models.TextField(blank=True, help_text="Why there is no result, for example too few studies.")
    versions = models.JSONField(help_text="Versions of Winnow and of the numerical libraries.")
    run_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    run_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-run_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.spec}, {self.run_at:%Y-%m-%d %H:%M}"
