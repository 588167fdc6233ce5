"""Certainty of the evidence (GRADE): an outcome in the summary of findings, and what people judged of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from extraction.models import Appraisal
from reviewsite.reviews.models import Review


class EvidenceProfile(models.Model):
    """One line of the summary of findings: an analysis, what it starts from, and the baseline risks."""

    class Start(models.IntegerChoices):
        HIGH = 4, gettext_noop("High: randomised trials, or ROBINS-I was used")
        LOW = 2, gettext_noop("Low: non-randomised studies")

    class Importance(models.TextChoices):
        CRITICAL = "critical", gettext_noop("Critical")
        IMPORTANT = "important", gettext_noop("Important")
        LIMITED = "limited", gettext_noop("Of limited importance")

    class Measure(models.TextChoices):
        RR = "RR", gettext_noop("Risk ratio")
        OR = "OR", gettext_noop("Odds ratio")
        HR = "HR", gettext_noop("Hazard ratio")
        RD = "RD", gettext_noop("Risk difference")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="evidence_profiles")
    spec = models.OneToOneField("analysis.AnalysisSpec", on_delete=models.CASCADE, related_name="profile")
    start = models.PositiveSmallIntegerField(
        gettext_lazy("certainty starts"), choices=Start.choices, default=Start.LOW
    )
    importance = models.CharField(max_length=12, choices=Importance.choices, default=Importance.IMPORTANT)
    appraisal = models.ForeignKey(
        Appraisal,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=gettext_lazy("risk of bias from"),
    )
    measure = models.CharField(
        gettext_lazy("relative effect"), max_length=4, choices=Measure.choices, blank=True
    )
    effect = models.FloatField(null=True, blank=True)
    effect_low = models.FloatField(gettext_lazy("lower limit"), null=True, blank=True)
    effect_high = models.FloatField(gettext_lazy("upper limit"), null=True, blank=True)
    effect_source = models.CharField(
        gettext_lazy("where the relative effect comes from"), max_length=200, blank=True
    )
    baseline_risks = models.JSONField(
        default=list, blank=True, help_text="List of {label, per_1000}: risks without the intervention."
    )
    comment = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(measure="", effect=None)
                | (
                    ~Q(measure="")
                    & Q(effect__isnull=False, effect_low__isnull=False, effect_high__isnull=False)
                ),
                name="relative_effect_is_whole",
                violation_error_message=gettext_lazy(
                    "A relative effect needs its measure, estimate and both limits."
                ),
            ),
            models.CheckConstraint(
                condition=Q(effect=None)
                | Q(effect_low__lte=models.F("effect"), effect__lte=models.F("effect_high")),
                name="relative_effect_within_its_interval",
                violation_error_message=gettext_lazy("The relative effect must lie within its interval."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.spec)


class CertaintyJudgementQuerySet(models.QuerySet["CertaintyJudgement"]):
    def standing(self) -> "CertaintyJudgementQuerySet":
        """The judgements that no later one supersedes."""
        return self.filter(superseded_by=None)


class CertaintyJudgement(models.Model):
    """What a person judged of one domain, on which run, beside what the numbers proposed. Never changed."""

    profile = models.ForeignKey(EvidenceProfile, on_delete=models.CASCADE, related_name="judgements")
    domain = models.CharField(max_length=30, help_text="Key of a domain in analysis.grade.")
    proposed = models.SmallIntegerField(null=True)
    steps = models.SmallIntegerField()
    reason = models.TextField(blank=True)
    run = models.ForeignKey("analysis.AnalysisRun", null=True, on_delete=models.PROTECT, related_name="+")
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(default=timezone.now, editable=False)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.CASCADE, related_name="superseded_by"
    )

    objects = CertaintyJudgementQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "domain"],
                condition=Q(supersedes=None),
                name="one_first_certainty_judgement_per_domain",
            ),
            models.CheckConstraint(
                condition=Q(steps=0) | ~Q(reason=""),
                name="a_step_of_certainty_has_its_reason",
                violation_error_message=gettext_lazy("Rating up or down needs its reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile}, {self.domain}: {self.steps}"
