"""Typed result rows: numbers need columns, units and constraints, not text."""

from django.db import models
from django.db.models import F, Q

from reviewsite.reviews.models import Review

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

    @property
    def when_and_of_whom(self) -> str:
        return ", ".join(str(part) for part in (self.time_point, self.population) if part)


ESTIMATE_WITHIN_ITS_INTERVAL = (
    Q(ci_low=None)
    | Q(ci_high=None)
    | Q(estimate=None)
    | Q(ci_low__lte=F("estimate"), estimate__lte=F("ci_high"))
)


def one_row_each(name: str, fields: list[str]) -> list[models.UniqueConstraint]:
    """One row for the fields and a time point; two constraints, as missing time points count as distinct."""
    said = "There is a row for this outcome, time point and denominator already."
    timed, untimed = Q(time_point__isnull=False), Q(time_point__isnull=True)
    return [
        models.UniqueConstraint(
            fields=[*fields, "time_point"],
            condition=timed,
            name=f"{name}_per_time_point",
            violation_error_message=said,
        ),
        models.UniqueConstraint(
            fields=fields,
            condition=untimed,
            name=f"{name}_without_time_point",
            violation_error_message=said,
        ),
    ]


class ArmResultQuerySet(models.QuerySet["ArmResult"]):
    def agreed(self, review: Review) -> "ArmResultQuerySet":
        """The rows of the agreed extractions that stand now, study by study."""
        return (
            self.filter(arm__extraction__in=Extraction.objects.filter(review=review).agreed())
            .select_related("arm__extraction__study", "outcome", "time_point")
            .order_by("arm__extraction__study__label", "outcome__position", "time_point__position", "pk")
        )


class ArmResult(ResultRow):
    """One outcome in one arm: events of n, or mean with SD, or an estimate with its interval."""

    arm = models.ForeignKey(Arm, on_delete=models.CASCADE, related_name="results")
    events = models.PositiveIntegerField(null=True, blank=True)
    n = models.PositiveIntegerField("of n", null=True, blank=True)
    mean = models.FloatField(null=True, blank=True)
    sd = models.FloatField("standard deviation", null=True, blank=True)

    objects = ArmResultQuerySet.as_manager()

    class Meta(ResultRow.Meta):
        constraints = [
            *one_row_each("one_result", ["arm", "outcome", "population"]),
            models.CheckConstraint(
                condition=Q(events=None) | Q(events__lte=F("n")),
                name="events_at_most_n",
                violation_error_message="More events than participants: at most n can have had the event.",
            ),
            models.CheckConstraint(
                condition=Q(events=None) | Q(n__isnull=False),
                name="events_need_n",
                violation_error_message="Events need the number of participants they are out of.",
            ),
            models.CheckConstraint(
                condition=Q(n=None) | Q(n__gt=0),
                name="n_above_zero",
                violation_error_message="The number of participants must be above zero.",
            ),
            models.CheckConstraint(
                condition=Q(sd=None) | Q(sd__gt=0),
                name="sd_above_zero",
                violation_error_message="A standard deviation is above zero.",
            ),
            models.CheckConstraint(
                condition=ESTIMATE_WITHIN_ITS_INTERVAL,
                name="arm_estimate_within_its_interval",
                violation_error_message="The estimate must lie within its confidence interval.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arm}: {self.outcome}"

    @property
    def identity(self) -> tuple[str, ...]:
        """What the row is about: two people's rows with the same identity are compared."""
        about = (self.arm.label, self.outcome.name, self.time_point or "", self.population)
        return ("result", *(str(part).strip().casefold() for part in about))

    @property
    def description(self) -> str:
        return " · ".join(str(part) for part in (self.outcome, self.when_and_of_whom, self.arm) if part)


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
            *one_row_each("one_contrast", ["arm", "comparator", "outcome", "population", "measure"]),
            models.CheckConstraint(
                condition=~Q(arm=F("comparator")),
                name="contrast_is_between_two_arms",
                violation_error_message="A contrast is between two different arms.",
            ),
            models.CheckConstraint(
                condition=ESTIMATE_WITHIN_ITS_INTERVAL,
                name="contrast_estimate_within_its_interval",
                violation_error_message="The estimate must lie within its confidence interval.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arm} v {self.comparator}: {self.outcome}"

    @property
    def identity(self) -> tuple[str, ...]:
        """What the row is about: two people's rows with the same identity are compared."""
        arms = (self.arm.label, self.comparator.label)
        about = (*arms, self.outcome.name, self.time_point or "", self.population, self.measure)
        return ("contrast", *(str(part).strip().casefold() for part in about))

    @property
    def description(self) -> str:
        parts = (self.outcome, self.when_and_of_whom, f"{self.arm} v {self.comparator}", self.measure)
        return " · ".join(str(part) for part in parts if part)
