"""Typed result rows: numbers need columns, units and constraints, not text."""

from django.db import models
from django.db.models import F, Q

from .extractions import Extraction
from .forms import Outcome, TimePoint


class Arm(models.Model):
    """A group of participants within a study."""

    class Role(models.TextChoices):
        INTERVENTION = "intervention", "Intervention"
        COMPARATOR = "comparator", "Comparator"
        SINGLE = "single", "Single arm"

    extraction = models.ForeignKey(Extraction, on_delete=models.CASCADE, related_name="arms")
    label = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.SINGLE)
    n = models.PositiveIntegerField("participants", null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["extraction", "label"], name="one_arm_per_label")]

    def __str__(self) -> str:
        return self.label


class Provenance(models.TextChoices):
    REPORTED = "reported", "Printed in the report"
    DERIVED = "derived", "Derived"
    KAPLAN_MEIER = "kaplan_meier", "From a Kaplan-Meier percentage"


class AnalysisSet(models.TextChoices):
    MAIN = "main", "Main"
    ALTERNATIVE = "alternative", "Alternative denominator or definition"


class ResultRow(models.Model):
    """What arm results and contrasts share: what was measured when, where it stands, how it was got."""

    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="+")
    time_point = models.ForeignKey(
        TimePoint, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    population = models.CharField(
        "denominator or definition", max_length=160, blank=True, help_text="For example: among responders."
    )
    analysis_set = models.CharField(
        max_length=20,
        choices=AnalysisSet.choices,
        default=AnalysisSet.MAIN,
        help_text="Only main rows are pooled; an alternative is kept beside its main row.",
    )
    estimate = models.FloatField(null=True, blank=True)
    ci_low = models.FloatField("lower confidence limit", null=True, blank=True)
    ci_high = models.FloatField("upper confidence limit", null=True, blank=True)
    ci_level = models.FloatField("confidence level", default=95)
    provenance = models.CharField(max_length=20, choices=Provenance.choices, default=Provenance.REPORTED)
    derivation = models.CharField(max_length=300, blank=True, help_text="How a derived value was got.")
    page = models.CharField(max_length=40, blank=True)
    quote = models.TextField(blank=True)
    source_url = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["outcome__position", "time_point__position", "pk"]


ESTIMATE_WITHIN_ITS_INTERVAL = (
    Q(ci_low=None)
    | Q(ci_high=None)
    | Q(estimate=None)
    | Q(ci_low__lte=F("estimate"), estimate__lte=F("ci_high"))
)


class ArmResult(ResultRow):
    """One outcome in one arm: events of n, or mean with SD, or an estimate with its interval."""

    arm = models.ForeignKey(Arm, on_delete=models.CASCADE, related_name="results")
    events = models.PositiveIntegerField(null=True, blank=True)
    n = models.PositiveIntegerField("of n", null=True, blank=True)
    mean = models.FloatField(null=True, blank=True)
    sd = models.FloatField("standard deviation", null=True, blank=True)

    class Meta(ResultRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["arm", "outcome", "time_point", "population"],
                nulls_distinct=False,
                name="one_result_per_arm_outcome_time",
            ),
            models.CheckConstraint(condition=Q(events=None) | Q(events__lte=F("n")), name="events_at_most_n"),
            models.CheckConstraint(condition=Q(events=None) | Q(n__isnull=False), name="events_need_n"),
            models.CheckConstraint(condition=Q(n=None) | Q(n__gt=0), name="n_above_zero"),
            models.CheckConstraint(condition=Q(sd=None) | Q(sd__gt=0), name="sd_above_zero"),
            models.CheckConstraint(
                condition=ESTIMATE_WITHIN_ITS_INTERVAL, name="arm_estimate_within_its_interval"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arm}: {self.outcome}"


class Contrast(ResultRow):
    """One outcome compared between two arms, as reported."""

    class Measure(models.TextChoices):
        RR = "RR", "Risk ratio"
        OR = "OR", "Odds ratio"
        HR = "HR", "Hazard ratio"
        RD = "RD", "Risk difference"
        MD = "MD", "Mean difference"
        SMD = "SMD", "Standardised mean difference"

    arm = models.ForeignKey(Arm, on_delete=models.CASCADE, related_name="contrasts")
    comparator = models.ForeignKey(Arm, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=10, choices=Measure.choices)

    class Meta(ResultRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["arm", "comparator", "outcome", "time_point", "population", "measure"],
                nulls_distinct=False,
                name="one_contrast_per_pair_outcome_time",
            ),
            models.CheckConstraint(condition=~Q(arm=F("comparator")), name="contrast_is_between_two_arms"),
            models.CheckConstraint(
                condition=ESTIMATE_WITHIN_ITS_INTERVAL, name="contrast_estimate_within_its_interval"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arm} v {self.comparator}: {self.outcome}"
