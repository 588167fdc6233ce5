"""Analyses: what is asked (spec), of which rows (snapshot), with which answer (run)."""

from dataclasses import fields

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from extraction.models import Outcome, TimePoint
from reviewsite.reviews.models import Review

from .estimate.measures import MEASURES
from .estimate.plan import Method, MultiArm, Plan, plan_from


class AnalysisSpec(models.Model):
    """What to pool and how. The settings a run used are copied into the run."""

    class EffectModel(models.TextChoices):
        COMMON = "common", gettext_noop("Common effect")
        RANDOM = "random", gettext_noop("Random effects")

    class PoolingMethod(models.TextChoices):
        INVERSE_VARIANCE = Method.INVERSE_VARIANCE, gettext_noop("Inverse variance")
        MANTEL_HAENSZEL = Method.MANTEL_HAENSZEL, gettext_noop("Mantel-Haenszel")
        PETO = Method.PETO, gettext_noop("Peto")
        GLMM = Method.GLMM, gettext_noop("Mixed model of the counts (GLMM)")

    class Tau2Estimator(models.TextChoices):
        REML = "REML", gettext_noop("Restricted maximum likelihood")
        DL = "DL", gettext_noop("DerSimonian-Laird")
        PM = "PM", gettext_noop("Paule-Mandel")
        ML = "ML", gettext_noop("Maximum likelihood")
        EB = "EB", gettext_noop("Empirical Bayes")
        SJ = "SJ", gettext_noop("Sidik-Jonkman")
        HE = "HE", gettext_noop("Hedges")
        HS = "HS", gettext_noop("Hunter-Schmidt")

    class Interval(models.TextChoices):
        HARTUNG_KNAPP = "hartung_knapp", gettext_noop("Hartung-Knapp")
        HARTUNG_KNAPP_FLOOR = "hartung_knapp_floor", gettext_noop("Hartung-Knapp, never narrower than Wald")
        WALD = "wald", gettext_noop("Wald (normal)")
        T = "t", gettext_noop("t distribution")

    class Prediction(models.TextChoices):
        MATCHING = "", gettext_noop("The one that goes with the interval")
        T_K_MINUS_1 = "t_k_minus_1", gettext_noop("t with k − 1 degrees of freedom")
        T_K_MINUS_2 = "t_k_minus_2", gettext_noop("t with k − 2 degrees of freedom")
        NORMAL = "normal", gettext_noop("Normal")

    class ZeroCells(models.TextChoices):
        ONLY0 = "only0", gettext_noop("0.5 in studies with a zero cell")
        IF0ALL = "if0all", gettext_noop("0.5 in all studies once one has a zero cell")
        ALL = "all", gettext_noop("0.5 in all studies")
        NONE = "none", gettext_noop("Nothing is added")

    class SeveralGroups(models.TextChoices):
        COMBINE = MultiArm.COMBINE, gettext_noop("Combine the groups of a side")
        SPLIT = MultiArm.SPLIT, gettext_noop("Compare each, with the comparator shared out")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="analyses")
    title = models.CharField(max_length=160)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="analyses")
    time_point = models.ForeignKey(
        TimePoint,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=gettext_lazy("Empty: any time point."),
    )
    measure = models.CharField(
        gettext_lazy("effect measure"),
        max_length=10,
        choices=[(each.code, each.label) for each in MEASURES.values()],
        default="PLO",
    )
    model = models.CharField(max_length=10, choices=EffectModel.choices, default=EffectModel.RANDOM)
    method = models.CharField(
        max_length=20, choices=PoolingMethod.choices, default=PoolingMethod.INVERSE_VARIANCE
    )
    tau2_estimator = models.CharField(
        gettext_lazy("τ² estimator"), max_length=10, choices=Tau2Estimator.choices, default=Tau2Estimator.REML
    )
    interval = models.CharField(max_length=20, choices=Interval.choices, default=Interval.HARTUNG_KNAPP)
    prediction = models.CharField(
        gettext_lazy("prediction interval"),
        max_length=20,
        choices=Prediction.choices,
        blank=True,
        default=Prediction.MATCHING,
    )
    level = models.FloatField(gettext_lazy("confidence level (%)"), default=95)
    zero_cells = models.CharField(max_length=10, choices=ZeroCells.choices, default=ZeroCells.ONLY0)
    drop_double_zero = models.BooleanField(
        gettext_lazy("leave out studies without an event in either group"),
        default=True,
        help_text=gettext_lazy("For ratios: such a study says nothing of them."),
    )
    leave_out_overlaps = models.BooleanField(gettext_lazy("leave out overlapping cohorts"), default=True)
    only_low_risk = models.BooleanField(gettext_lazy("only studies at low risk of bias"), default=False)
    multi_arm = models.CharField(
        gettext_lazy("studies with several groups on one side"),
        max_length=10,
        choices=SeveralGroups.choices,
        default=SeveralGroups.COMBINE,
    )
    group_by = models.CharField(gettext_lazy("subgroups by"), max_length=80, blank=True)
    moderator = models.CharField(gettext_lazy("regression on"), max_length=80, blank=True)
    excluded = models.JSONField(
        default=list, blank=True, help_text="Studies taken out by hand: [study, reason] each."
    )
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

    @property
    def plan(self) -> Plan:
        """The settings in the form that pooling takes and a run keeps."""
        return plan_from({field.name: getattr(self, field.name) for field in fields(Plan)})


class PlanFreeze(models.Model):
    """The review's analyses as they were planned at a moment; later changes are deviations with a reason."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="plan_freeze")
    content = models.JSONField(help_text="Title and settings of each analysis.")
    agreed_extractions = models.PositiveIntegerField(help_text="How many studies had agreed data then.")
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"Plan of {self.review}, {self.frozen_at:%Y-%m-%d}"


class PlanDeviation(models.Model):
    """What was analysed otherwise than planned, and why. Only ever added."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="plan_deviations")
    title = models.CharField(gettext_lazy("analysis"), max_length=160)
    what = models.TextField()
    reason = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="deviation_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.title}: {self.what}"


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


# Last, since they name the models above.
from .certainty.models import CertaintyJudgement, EvidenceProfile  # noqa: E402, F401
