"""Typed result rows: numbers need columns, units and constraints, not text."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy, gettext_noop, pgettext

from reviewsite.reviews.models import Review

from .extractions import Extraction
from .forms import Outcome, TimePoint


class WithSources(models.Model):
    """A row each cell of which may say where it stands in the report, or how it was derived."""

    cells = models.JSONField(
        default=dict,
        blank=True,
        help_text="Column to {page, quote, derived: {method, title, formula, source, inputs}}.",
    )

    class Meta:
        abstract = True

    @property
    def derived_columns(self) -> list[str]:
        """The columns whose value no report prints."""
        return [column for column, said in self.cells.items() if "derived" in said]


class Arm(WithSources):
    """A group of participants within a study."""

    class Role(models.TextChoices):
        INTERVENTION = "intervention", gettext_noop("Intervention")
        COMPARATOR = "comparator", gettext_noop("Comparator")
        SINGLE = "single", gettext_noop("Single arm")

    extraction = models.ForeignKey(Extraction, on_delete=models.CASCADE, related_name="arms")
    label = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.SINGLE)
    n = models.PositiveIntegerField(gettext_lazy("participants"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["extraction", "label"], name="one_arm_per_label")]

    def __str__(self) -> str:
        return self.label


class Provenance(models.TextChoices):
    REPORTED = "reported", gettext_noop("Printed in the report")
    DERIVED = "derived", gettext_noop("Derived")
    KAPLAN_MEIER = "kaplan_meier", gettext_noop("From a Kaplan-Meier percentage")


class AnalysisSet(models.TextChoices):
    MAIN = "main", gettext_noop("Main")
    ALTERNATIVE = "alternative", gettext_noop("Alternative denominator or definition")


class Scores(models.TextChoices):
    FINAL = "final", gettext_noop("Value at the time point")
    CHANGE = "change", gettext_noop("Change from baseline")


class ResultRow(WithSources):
    """What arm results and contrasts share: what was measured when, where it stands, how it was got."""

    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="+")
    time_point = models.ForeignKey(
        TimePoint, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    population = models.CharField(
        gettext_lazy("denominator or definition"),
        max_length=160,
        blank=True,
        help_text=gettext_lazy("For example: among responders."),
    )
    subgroup = models.CharField(
        max_length=120,
        blank=True,
        help_text=gettext_lazy("A part of the participants, such as women; empty for all."),
    )
    analysis_set = models.CharField(
        max_length=20,
        choices=AnalysisSet.choices,
        default=AnalysisSet.MAIN,
        help_text=gettext_lazy("Only main rows are pooled; an alternative is kept beside its main row."),
    )
    estimate = models.FloatField(null=True, blank=True)
    ci_low = models.FloatField(gettext_lazy("lower confidence limit"), null=True, blank=True)
    ci_high = models.FloatField(gettext_lazy("upper confidence limit"), null=True, blank=True)
    ci_level = models.FloatField(gettext_lazy("confidence level"), default=95)
    se = models.FloatField(
        gettext_lazy("standard error"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Of the mean; of the logarithm for a ratio."),
    )
    p_value = models.FloatField(gettext_lazy("p value"), null=True, blank=True)
    provenance = models.CharField(max_length=20, choices=Provenance.choices, default=Provenance.REPORTED)
    derivation = models.CharField(max_length=300, blank=True, help_text="How a derived value was got.")
    page = models.CharField(max_length=40, blank=True)
    quote = models.TextField(blank=True)
    source_url = models.TextField(blank=True)
    note = models.TextField(blank=True)
    explained = models.JSONField(
        default=dict, blank=True, help_text="Check to the note that answers its finding."
    )

    class Meta:
        abstract = True
        ordering = ["outcome__position", "time_point__position", "pk"]

    @property
    def when_and_of_whom(self) -> str:
        return ", ".join(str(part) for part in (self.time_point, self.subgroup, self.population) if part)


ESTIMATE_WITHIN_ITS_INTERVAL = (
    Q(ci_low=None)
    | Q(ci_high=None)
    | Q(estimate=None)
    | Q(ci_low__lte=F("estimate"), estimate__lte=F("ci_high"))
)


def ascending(name: str, low: str, high: str, said: str) -> models.CheckConstraint:
    """Two columns of which the first is not above the second, where both are there."""
    condition = Q(**{low: None}) | Q(**{high: None}) | Q(**{f"{low}__lte": F(high)})
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=said)


def shared_constraints(name: str) -> list[models.CheckConstraint]:
    """What holds for the interval, standard error and p value of any row."""
    return [
        ascending(
            f"{name}_interval_ascends",
            "ci_low",
            "ci_high",
            gettext_lazy("The lower limit is above the upper one."),
        ),
        models.CheckConstraint(
            condition=ESTIMATE_WITHIN_ITS_INTERVAL,
            name=f"{name}_estimate_within_its_interval",
            violation_error_message=gettext_lazy("The estimate must lie within its confidence interval."),
        ),
        models.CheckConstraint(
            condition=Q(se=None) | Q(se__gt=0),
            name=f"{name}_se_above_zero",
            violation_error_message=gettext_lazy("A standard error is above zero."),
        ),
        models.CheckConstraint(
            condition=Q(p_value=None) | Q(p_value__gte=0, p_value__lte=1),
            name=f"{name}_p_is_a_probability",
            violation_error_message=gettext_lazy("A p value lies between 0 and 1."),
        ),
        models.CheckConstraint(
            condition=Q(ci_level__gt=0, ci_level__lt=100),
            name=f"{name}_level_is_a_percentage",
            violation_error_message=gettext_lazy("A confidence level lies between 0 and 100."),
        ),
    ]


def one_row_each(name: str, fields: list[str]) -> list[models.UniqueConstraint]:
    """One row for the fields and a time point; two constraints, as missing time points count as distinct."""
    said = gettext_lazy("There is a row for this outcome, time point and denominator already.")
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


# The page knows this one again: events that wait for their n are not an error yet.
EVENTS_NEED_N = gettext_lazy("Events need the number of participants or the person-time.")


class ArmResultQuerySet(models.QuerySet["ArmResult"]):
    def agreed(self, review: Review) -> "ArmResultQuerySet":
        """The rows of the agreed extractions that stand now, study by study."""
        return (
            self.filter(arm__extraction__in=Extraction.objects.filter(review=review).agreed())
            .select_related("arm__extraction__study", "outcome", "time_point")
            .order_by("arm__extraction__study__label", "outcome__position", "time_point__position", "pk")
        )


class ArmResult(ResultRow):
    """One outcome in one arm: events of n or in person-time, mean with SD, quantiles, or an estimate."""

    arm = models.ForeignKey(Arm, on_delete=models.CASCADE, related_name="results")
    events = models.PositiveIntegerField(null=True, blank=True)
    n = models.PositiveIntegerField(gettext_lazy("of n"), null=True, blank=True)
    percent = models.FloatField(
        gettext_lazy("percent"),
        null=True,
        blank=True,
        help_text=gettext_lazy("As printed; checked against events and n."),
    )
    mean = models.FloatField(null=True, blank=True)
    sd = models.FloatField(gettext_lazy("standard deviation"), null=True, blank=True)
    median = models.FloatField(null=True, blank=True)
    q1 = models.FloatField(gettext_lazy("lower quartile"), null=True, blank=True)
    q3 = models.FloatField(gettext_lazy("upper quartile"), null=True, blank=True)
    minimum = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    person_time = models.FloatField(gettext_lazy("person-time"), null=True, blank=True)
    scores = models.CharField(max_length=10, choices=Scores.choices, default=Scores.FINAL)

    objects = ArmResultQuerySet.as_manager()

    class Meta(ResultRow.Meta):
        constraints = [
            *one_row_each("one_result", ["arm", "outcome", "scores", "subgroup", "population"]),
            # In person-time one person may have an event more than once.
            models.CheckConstraint(
                condition=Q(events=None) | Q(person_time__isnull=False) | Q(events__lte=F("n")),
                name="events_at_most_n",
                violation_error_message=gettext_lazy(
                    "More events than participants: at most n can have had the event."
                ),
            ),
            models.CheckConstraint(
                condition=Q(events=None) | Q(n__isnull=False) | Q(person_time__isnull=False),
                name="events_need_n",
                violation_error_message=EVENTS_NEED_N,
            ),
            models.CheckConstraint(
                condition=Q(n=None) | Q(n__gt=0),
                name="n_above_zero",
                violation_error_message=gettext_lazy("The number of participants must be above zero."),
            ),
            models.CheckConstraint(
                condition=Q(sd=None) | Q(sd__gt=0),
                name="sd_above_zero",
                violation_error_message=gettext_lazy("A standard deviation is above zero."),
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=0, percent__lte=100),
                name="percent_is_a_percentage",
                violation_error_message=gettext_lazy("A percentage lies between 0 and 100."),
            ),
            models.CheckConstraint(
                condition=Q(person_time=None) | Q(person_time__gt=0),
                name="person_time_above_zero",
                violation_error_message=gettext_lazy("Person-time is above zero."),
            ),
            ascending(
                "minimum_to_q1", "minimum", "q1", gettext_lazy("The minimum is above the lower quartile.")
            ),
            ascending(
                "q1_to_median", "q1", "median", gettext_lazy("The lower quartile is above the median.")
            ),
            ascending(
                "median_to_q3", "median", "q3", gettext_lazy("The median is above the upper quartile.")
            ),
            ascending(
                "q3_to_maximum", "q3", "maximum", gettext_lazy("The upper quartile is above the maximum.")
            ),
            ascending(
                "minimum_to_median", "minimum", "median", gettext_lazy("The minimum is above the median.")
            ),
            ascending(
                "median_to_maximum", "median", "maximum", gettext_lazy("The median is above the maximum.")
            ),
            *shared_constraints("arm"),
        ]

    def __str__(self) -> str:
        return f"{self.arm}: {self.outcome}"

    @property
    def identity(self) -> tuple[str, ...]:
        """What the row is about: two people's rows with the same identity are compared."""
        scores = "" if self.scores == Scores.FINAL else self.scores
        place = (self.time_point or "", self.population, self.subgroup, scores)
        about = (self.arm.label, self.outcome.name, *place)
        return ("result", *(str(part).strip().casefold() for part in about))

    @property
    def description(self) -> str:
        change = gettext("change from baseline") if self.scores == Scores.CHANGE else ""
        parts = (self.outcome, change, self.when_and_of_whom, self.arm)
        return " · ".join(str(part) for part in parts if part)

    def clean(self) -> None:
        """What the scale of the outcome makes impossible; the database cannot look across tables."""
        low, high = self.outcome.scale_low, self.outcome.scale_high
        names = ("mean", "median", "q1", "q3", "minimum", "maximum")
        for name in names if self.scores == Scores.FINAL else ():
            value = getattr(self, name)
            if value is None:
                continue
            if (low is not None and value < low) or (high is not None and value > high):
                told = gettext("%(outcome)s is measured from %(low)s to %(high)s.") % {
                    "outcome": self.outcome,
                    "low": _bound(low),
                    "high": _bound(high),
                }
                raise ValidationError({name: told})


def _bound(value: float | None) -> str:
    return "…" if value is None else f"{value:g}"


class Contrast(ResultRow):
    """One outcome compared between two arms, as reported."""

    class Measure(models.TextChoices):
        RR = "RR", gettext_noop("Risk ratio")
        OR = "OR", gettext_noop("Odds ratio")
        HR = "HR", gettext_noop("Hazard ratio")
        RD = "RD", gettext_noop("Risk difference")
        MD = "MD", gettext_noop("Mean difference")
        SMD = "SMD", gettext_noop("Standardised mean difference")
        IRR = "IRR", gettext_noop("Incidence rate ratio")
        ROM = "ROM", gettext_noop("Ratio of means")

    arm = models.ForeignKey(Arm, on_delete=models.CASCADE, related_name="contrasts")
    comparator = models.ForeignKey(Arm, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=10, choices=Measure.choices)
    adjusted_for = models.CharField(
        max_length=300,
        blank=True,
        help_text=gettext_lazy("Covariates; empty when the estimate is not adjusted."),
    )

    class Meta(ResultRow.Meta):
        constraints = [
            *one_row_each(
                "one_contrast",
                ["arm", "comparator", "outcome", "subgroup", "population", "measure", "adjusted_for"],
            ),
            models.CheckConstraint(
                condition=~Q(arm=F("comparator")),
                name="contrast_is_between_two_arms",
                violation_error_message=gettext_lazy("A contrast is between two different arms."),
            ),
            *shared_constraints("contrast"),
        ]

    def __str__(self) -> str:
        return f"{self.arm} v {self.comparator}: {self.outcome}"

    @property
    def identity(self) -> tuple[str, ...]:
        """What the row is about: two people's rows with the same identity are compared."""
        arms = (self.arm.label, self.comparator.label)
        place = (self.time_point or "", self.population, self.subgroup, self.measure, self.adjusted_for)
        about = (*arms, self.outcome.name, *place)
        return ("contrast", *(str(part).strip().casefold() for part in about))

    @property
    def between(self) -> str:
        return f"{self.arm} " + pgettext("versus", "v") + f" {self.comparator}"

    @property
    def adjustment(self) -> str:
        if not self.adjusted_for:
            return ""
        return gettext("adjusted for %(adjusted_for)s") % {"adjusted_for": self.adjusted_for}

    @property
    def description(self) -> str:
        parts = (self.outcome, self.when_and_of_whom, self.between, self.measure, self.adjustment)
        return " · ".join(str(part) for part in parts if part)
