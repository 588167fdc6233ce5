"""The order of reading, when it was made, what was drawn for an audit, and when reading was stopped."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from reviewsite.reviews.models import Review

from .citations import Citation


class ReadingPlan(models.Model):
    """What the team agreed on before screening: the order on title and abstract, and when it may stop."""

    class Order(models.TextChoices):
        IMPORTED = "imported", gettext_noop("As imported")
        RANDOM = "random", gettext_noop("Random, from a seed")
        RANKED = "ranked", gettext_noop("Ranked: what looks relevant first")

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="reading_plan")
    order = models.CharField(max_length=10, choices=Order.choices, default=Order.IMPORTED)
    seed = models.PositiveIntegerField(
        default=1, help_text=gettext_lazy("Any number; the same one gives the same order again.")
    )
    random_percent = models.PositiveSmallIntegerField(
        gettext_lazy("share of random citations, in percent"),
        default=5,
        validators=[MaxValueValidator(50)],
        help_text=gettext_lazy(
            "Strewn into the ranked order, so that it also learns from what it would not have shown."
        ),
    )
    seed_papers = models.TextField(
        gettext_lazy("papers known to be relevant"),
        blank=True,
        help_text=gettext_lazy(
            "PubMed ids or DOIs, one a line. The ranking learns from them before anybody has decided."
        ),
    )
    may_stop = models.BooleanField(
        gettext_lazy("screening may stop before everything is read"),
        default=False,
        help_text=gettext_lazy(
            "Off: the order only brings relevant citations forward, and everything is read."
        ),
    )
    recall_percent = models.PositiveSmallIntegerField(
        gettext_lazy("recall target, in percent"),
        default=95,
        validators=[MinValueValidator(50), MaxValueValidator(99)],
    )
    confidence_percent = models.PositiveSmallIntegerField(
        gettext_lazy("confidence, in percent"),
        default=95,
        validators=[MinValueValidator(50), MaxValueValidator(99)],
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    random_percent__lte=50,
                    recall_percent__gte=50,
                    recall_percent__lte=99,
                    confidence_percent__gte=50,
                    confidence_percent__lte=99,
                ),
                name="reading_plan_percentages_make_sense",
            )
        ]

    def __str__(self) -> str:
        return f"Reading plan of {self.review}"


class RankingRun(models.Model):
    """One time the order was made; unfinished while it waits for the worker or is being made."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="ranking_runs")
    # When it was asked for, or last begun: what tells one attempt at it from the next.
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    concluded = models.PositiveIntegerField(default=0, help_text="Citations it learnt from.")
    relevant = models.PositiveIntegerField(default=0)
    ordered = models.PositiveIntegerField(default=0, help_text="Open citations it put in order.")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the order.")
    outcome = models.TextField(blank=True, help_text="A sentence for the team.")
    has_failed = models.BooleanField(default=False, help_text="The order before it stands.")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=Q(finished_at=None), name="one_unfinished_ranking_a_review"
            )
        ]

    def __str__(self) -> str:
        return f"Order of {self.asked_at:%Y-%m-%d %H:%M}"


class AuditDraw(models.Model):
    """Unread citations drawn at random, to be read next whatever the ranking says of them."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="audit_draws")
    seed = models.PositiveIntegerField()
    unread = models.PositiveIntegerField(help_text="How many it was drawn from.")
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Audit of {self.drawn_at:%Y-%m-%d}"


class Place(models.Model):
    """A citation's place in the order of reading; the last one it had stays when it is concluded."""

    citation = models.OneToOneField(Citation, on_delete=models.CASCADE, related_name="place")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="places_in_order")
    run = models.ForeignKey(RankingRun, null=True, on_delete=models.SET_NULL, related_name="+")
    position = models.IntegerField(help_text="Read in rising order; those drawn for an audit are negative.")
    score = models.FloatField(null=True, help_text="From the classifier; empty when the order is random.")
    is_random = models.BooleanField(default=False)
    audit = models.ForeignKey(AuditDraw, null=True, on_delete=models.PROTECT, related_name="places")

    class Meta:
        indexes = [models.Index(fields=["review", "position"], name="place_by_position")]

    def __str__(self) -> str:
        return f"{self.citation} at {self.position}"


class StopEvent(models.Model):
    """Screening on title and abstract was stopped, or taken up again. Rows are only ever added."""

    class Act(models.TextChoices):
        STOPPED = "stopped", gettext_noop("Stopped by the rule")
        RESUMED = "resumed", gettext_noop("Taken up again")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="stop_events")
    act = models.CharField(max_length=10, choices=Act.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    reason = models.TextField(blank=True)
    numbers = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_act_display()} on {self.at:%Y-%m-%d}"
