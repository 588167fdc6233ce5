"""Rounds: which citations are screened by whom, by how many, and whether a pilot must succeed first.

A review that names no round has one: everything, everybody who screens, as many votes as the protocol says.
"""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_noop

from reviewsite.reviews.models import Review, Stage

from .citations import Citation

MOST_VOTES = 9
# Longer than any lease is given for.
LONGEST_LEASE = timedelta(hours=1)


class RoundQuerySet(models.QuerySet["Round"]):
    def standing(self) -> "RoundQuerySet":
        return self.filter(dissolved_at=None)

    def at(self, review_id: int, stage: str) -> "RoundQuerySet":
        return self.standing().filter(review_id=review_id, stage=stage)

    def with_opening(self) -> "RoundQuerySet":
        """With `is_opened`: whether a pilot has passed, or its main round was opened against it."""
        opening = [RoundEvent.Act.PASSED, RoundEvent.Act.OVERRIDDEN]
        events = RoundEvent.objects.filter(round=models.OuterRef("pk"), act__in=opening)
        return self.annotate(is_opened=models.Exists(events))


class Round(models.Model):
    """A part of the citations at one stage with rules of its own.

    The one that `takes_the_rest` holds every citation that is in no other; it has a row only once somebody
    gave it people, votes or a name of its own.
    """

    class Kind(models.TextChoices):
        PILOT = "pilot", gettext_noop("Pilot")
        MAIN = "main", gettext_noop("Main round")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="rounds")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=80)
    takes_the_rest = models.BooleanField(default=False)
    decisions_needed = models.PositiveSmallIntegerField(
        "votes a citation needs",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_VOTES)],
        help_text="Empty: as many as the protocol says.",
    )
    needs_expert = models.BooleanField(
        "one of them must be an expert's",
        default=False,
        help_text="A citation is concluded only once an expert is among those who decided.",
    )
    chosen_by = models.JSONField(
        default=dict, help_text="How the citations were chosen, to choose them again."
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    dissolved_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "stage"],
                condition=Q(takes_the_rest=True, dissolved_at=None),
                name="one_round_takes_the_rest",
            ),
            models.CheckConstraint(
                condition=Q(takes_the_rest=False) | Q(kind="main"), name="only_a_main_round_takes_the_rest"
            ),
            models.CheckConstraint(
                condition=Q(decisions_needed=None)
                | Q(decisions_needed__gte=1, decisions_needed__lte=MOST_VOTES),
                name="a_round_needs_one_to_nine_votes",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_pilot(self) -> bool:
        return self.kind == self.Kind.PILOT


class RoundCitationQuerySet(models.QuerySet["RoundCitation"]):
    def held(self) -> "RoundCitationQuerySet":
        return self.filter(released_at=None)

    def live(self) -> models.QuerySet:
        """The keys of the citations as they are screened now: a merged copy counts as what it went into."""
        return self.held().values_list(Coalesce("citation__merged_into", "citation"), flat=True)

    def live_with_round(self) -> models.QuerySet:
        """The same keys, each with the key of its round."""
        return self.held().values_list(Coalesce("citation__merged_into", "citation"), "round")


class RoundCitation(models.Model):
    """A citation that was put into a round. Dissolving the round releases it."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="places")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    citation = models.ForeignKey(Citation, on_delete=models.PROTECT, related_name="places")
    released_at = models.DateTimeField(null=True, blank=True)

    objects = RoundCitationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["citation", "stage"],
                condition=Q(released_at=None),
                name="a_citation_is_in_one_round_a_stage",
            )
        ]

    def __str__(self) -> str:
        return f"{self.citation} in {self.round}"


class RoundPerson(models.Model):
    """Somebody who screens in a round that names its people; a round without any is everybody's."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_expert = models.BooleanField(default=False)
    target = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many citations they take on; empty: as many as come."
    )
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "user"], condition=Q(left_at=None), name="one_place_a_person_and_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.round}"


class RoundEvent(models.Model):
    """What happened to a round. Rows are only ever added."""

    class Act(models.TextChoices):
        PASSED = "passed", gettext_noop("Agreement reached the protocol's threshold")
        OVERRIDDEN = "overridden", gettext_noop("Main round opened against the threshold")
        UNBLINDED = "unblinded", gettext_noop("Unblinded")
        DISSOLVED = "dissolved", gettext_noop("Dissolved")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="events")
    act = models.CharField(max_length=20, choices=Act.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    reason = models.TextField(blank=True)
    numbers = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "act"], name="each_act_once_a_round"),
            models.CheckConstraint(
                condition=Q(act="passed") | (~Q(reason="") & Q(by__isnull=False)),
                name="a_persons_act_on_a_round_says_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.get_act_display()}"


class LeaseQuerySet(models.QuerySet["Lease"]):
    def running(self) -> "LeaseQuerySet":
        """Those that have not run out. One that would last longer than any is of a clock set back since."""
        now = timezone.now()
        return self.filter(expires_at__gt=now, expires_at__lte=now + LONGEST_LEASE)


class Lease(models.Model):
    """A citation that lies before somebody, so that a third person does not read what two already read.

    Not a record of what happened: it only shares out work and may be lost without harm.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="leases")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    citation = models.ForeignKey(Citation, on_delete=models.CASCADE, related_name="leases")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()

    objects = LeaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["citation", "stage", "reviewer"], name="one_lease_a_citation_and_reviewer"
            )
        ]
        indexes = [models.Index(fields=["review", "stage", "reviewer"], name="lease_by_reviewer")]

    def __str__(self) -> str:
        return f"{self.citation} before {self.reviewer}"
