"""Decisions: one person's verdict on one citation at one stage. Rows are only ever added."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from reviewsite.reviews.models import ExclusionReason, Job, Review, Stage

from ..deciding.conclusions import Verdict
from .citations import Citation

VERDICT_CHOICES = [
    (Verdict.INCLUDE.value, gettext_noop("Include")),
    (Verdict.MAYBE.value, gettext_noop("Maybe")),
    (Verdict.EXCLUDE.value, gettext_noop("Exclude")),
    (Verdict.WITHDRAWN.value, gettext_noop("Withdrawn")),
]


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> "DecisionQuerySet":
        """The latest word of each history, unless it was taken back."""
        return self.heads().exclude(verdict=Verdict.WITHDRAWN)

    def heads(self) -> "DecisionQuerySet":
        return self.filter(superseded_by=None)

    def screening(self) -> "DecisionQuerySet":
        return self.filter(kind=Decision.Kind.SCREEN)

    def adjudications(self) -> "DecisionQuerySet":
        return self.filter(kind=Decision.Kind.ADJUDICATE)

    def on(self, citation: Citation, stage: str) -> "DecisionQuerySet":
        """Decisions on a live citation, also those made on a copy before it was merged in."""
        # Named as a set of citations: an OR across the join would read every decision there is.
        copies = Citation.objects.filter(Q(pk=citation.pk) | Q(merged_into=citation)).order_by()
        return self.filter(citation__in=copies.values("pk"), stage=stage)


class Decision(models.Model):
    """One reviewer's verdict on one citation at one stage.

    A changed mind is a new row that names the one it supersedes.
    """

    class Kind(models.TextChoices):
        SCREEN = "screen", gettext_noop("Screening")
        ADJUDICATE = "adjudicate", gettext_noop("Adjudication")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="decisions")
    citation = models.ForeignKey(Citation, on_delete=models.PROTECT, related_name="decisions")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.SCREEN)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=20, choices=VERDICT_CHOICES)
    reason = models.ForeignKey(
        ExclusionReason, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    note = models.TextField(blank=True)
    decided_at = models.DateTimeField(default=timezone.now, editable=False)
    client_uuid = models.UUIDField(
        default=uuid.uuid4, help_text="Given by the page, so that a repeated post is one decision."
    )
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.CASCADE, related_name="superseded_by"
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["citation", "stage", "reviewer"],
                condition=Q(supersedes=None, kind="screen"),
                name="one_first_decision_per_reviewer",
            ),
            # One history per citation, whoever settles it: two adjudicators at once cannot both stand.
            models.UniqueConstraint(
                fields=["citation", "stage"],
                condition=Q(supersedes=None, kind="adjudicate"),
                name="one_first_adjudication_per_citation",
            ),
            models.UniqueConstraint(fields=["reviewer", "client_uuid"], name="one_decision_per_client_uuid"),
            models.CheckConstraint(
                condition=~Q(stage="full_text", verdict="exclude", reason=None),
                name="full_text_exclusion_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(reason=None) | Q(verdict="exclude"), name="only_an_exclusion_has_a_reason"
            ),
        ]
        # With the time, so that a reviewer's latest few are found without reading all they ever decided.
        indexes = [
            models.Index(fields=["review", "stage", "reviewer", "decided_at"], name="decision_by_reviewer")
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.verdict} at {self.get_stage_display().lower()}"

    @property
    def is_adjudication(self) -> bool:
        return self.kind == self.Kind.ADJUDICATE


class BulkDecision(models.Model):
    """What an owner asked to be decided on many citations at once, as it was asked. Never changed.

    `key` names the decisions that come of it: each has the UUID made of it and of its citation.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="bulk_decisions")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    citations = models.JSONField(default=list, help_text="Keys of the citations.")
    verdict = models.CharField(max_length=20, choices=VERDICT_CHOICES)
    reason = models.ForeignKey(ExclusionReason, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="bulk_decision")
    key = models.UUIDField(default=uuid.uuid4, editable=False)

    def __str__(self) -> str:
        return f"{self.verdict} {len(self.citations)} citations"
