"""The protocol: the question, who gets in, and how many people must agree."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy, gettext_noop

from .review import Review


class Stage(models.TextChoices):
    TITLE_ABSTRACT = "title_abstract", gettext_noop("Title and abstract")
    FULL_TEXT = "full_text", gettext_noop("Full text")


class Protocol(models.Model):
    """What the team agreed to do. Changes are kept as audit entries with the old and the new text."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="protocol")
    population = models.TextField(blank=True)
    intervention = models.TextField(blank=True)
    comparator = models.TextField(blank=True)
    outcomes = models.TextField(blank=True)
    study_designs = models.TextField(blank=True)
    inclusion_criteria = models.TextField(blank=True, help_text=gettext_lazy("One criterion a line."))
    exclusion_criteria = models.TextField(blank=True, help_text=gettext_lazy("One criterion a line."))
    include_words = models.TextField(
        gettext_lazy("words that speak for inclusion"),
        blank=True,
        help_text=gettext_lazy("One word or phrase a line; * at the end stands for any ending."),
    )
    exclude_words = models.TextField(
        gettext_lazy("words that speak for exclusion"),
        blank=True,
        help_text=gettext_lazy("One word or phrase a line; * at the end stands for any ending."),
    )
    title_abstract_decisions = models.PositiveSmallIntegerField(
        gettext_lazy("decisions needed on title and abstract"),
        default=2,
        choices=[(1, gettext_noop("One reviewer")), (2, gettext_noop("Two reviewers, blind"))],
    )
    full_text_decisions = models.PositiveSmallIntegerField(
        gettext_lazy("decisions needed on full text"),
        default=2,
        choices=[(1, gettext_noop("One reviewer")), (2, gettext_noop("Two reviewers, blind"))],
    )
    maybe_counts_as_include = models.BooleanField(
        gettext_lazy("a maybe goes on to full text like an include"),
        default=True,
        help_text=gettext_lazy("When off, a maybe against an include or an exclude is a conflict."),
    )
    pilot_statistic = models.CharField(
        gettext_lazy("agreement that opens the main round"),
        max_length=10,
        default="kappa",
        choices=[
            ("kappa", gettext_noop("Cohen's kappa")),
            ("pabak", "PABAK"),
            ("ac1", gettext_noop("Gwet's AC1")),
            ("alpha", gettext_noop("Krippendorff's alpha")),
            ("raw", gettext_noop("Raw agreement")),
        ],
        help_text=gettext_lazy("Judged when every citation of a pilot has its votes, from first votes."),
    )
    pilot_threshold = models.FloatField(
        gettext_lazy("must be at least"),
        default=0.6,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=gettext_lazy(
            "From 0 to 1. The owner can open the main round against it, with a written reason."
        ),
    )
    pilot_judges_lower_limit = models.BooleanField(
        gettext_lazy("the lower end of the 95% interval must reach it, not only the estimate"),
        default=False,
        help_text=gettext_lazy("Stricter: a pilot of 20 citations rarely shows that much."),
    )
    extraction_mode = models.CharField(
        gettext_lazy("how studies are extracted"),
        max_length=10,
        default="dual",
        choices=[
            ("dual", gettext_noop("Two people, each blind to the other")),
            ("verify", gettext_noop("One person; a second verifies each cell")),
        ],
    )
    registration = models.CharField(
        max_length=120, blank=True, help_text=gettext_lazy("For example a PROSPERO number.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(title_abstract_decisions__in=[1, 2], full_text_decisions__in=[1, 2]),
                name="one_or_two_decisions_per_stage",
            )
        ]

    def __str__(self) -> str:
        return f"Protocol of {self.review}"

    def decisions_needed(self, stage: str) -> int:
        return self.full_text_decisions if stage == Stage.FULL_TEXT else self.title_abstract_decisions


class ExclusionReasonQuerySet(models.QuerySet["ExclusionReason"]):
    def offered(self, stage: str) -> "ExclusionReasonQuerySet":
        return self.filter(stage=stage, retired_at=None)


class ExclusionReason(models.Model):
    """A reason the whole team shares. Retired ones stay readable on the decisions that used them."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="exclusion_reasons")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ExclusionReasonQuerySet.as_manager()

    class Meta:
        ordering = ["stage", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "stage", "label"], name="one_exclusion_reason_per_label"
            )
        ]

    def __str__(self) -> str:
        return self.label
