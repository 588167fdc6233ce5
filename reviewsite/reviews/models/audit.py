"""The audit log: every act that changes anything, in a chain of hashes that shows what was changed later."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from ..chain import BEGINNING, entry_hash, in_words, plain_details
from .review import Review


class BlindKind(models.TextChoices):
    """What an entry would betray while its subject is blind; then only the person who acted reads it."""

    TITLE_ABSTRACT = "title_abstract", "A vote on title and abstract"
    FULL_TEXT = "full_text", "A vote on the full text"
    EXTRACTION = "extraction", "An extraction"
    ASSESSMENT = "assessment", "A judgement of risk of bias"
    OWN = "own", "Nobody else's business"


@dataclass(frozen=True)
class Blind:
    """Which row says whether an entry is blind: a citation for a stage, else the extraction or assessment."""

    kind: str
    key: int | None = None


class AuditEntry(models.Model):
    """Who did what and when. Rows are only ever added; each holds the hash of the one before it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="audit_entries")
    number = models.PositiveIntegerField(help_text="From 1 on within the review.")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_email = models.CharField(max_length=254, blank=True, help_text="As it was then.")
    act = models.CharField(max_length=60)
    details = models.JSONField(default=dict)
    blind_kind = models.CharField(max_length=20, choices=BlindKind.choices, blank=True)
    blind_key = models.BigIntegerField(null=True, help_text="The row that says whether it is still blind.")
    at = models.DateTimeField(default=timezone.now, editable=False)
    previous = models.CharField(max_length=64, blank=True, help_text="Hash of the entry before.")
    salt = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "audit entries"
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="one_audit_entry_per_number"),
            models.UniqueConstraint(fields=["review", "previous"], name="the_audit_log_does_not_fork"),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.act}"

    @property
    def who(self) -> str:
        return str(self.actor) if self.actor else "Winnow"

    @property
    def told(self) -> dict[str, Any]:
        """What it says in words."""
        return in_words(self.details)

    def computed_hash(self) -> str:
        """What its hash must be."""
        return entry_hash(
            number=self.number,
            previous=self.previous,
            at=self.at,
            actor=self.actor_email,
            act=self.act,
            details=plain_details(self.details),
            blind_kind=self.blind_kind,
            salt=self.salt,
        )


@transaction.atomic(savepoint=False)
def record_act(
    review: "Review | int", actor, act: str, *, blind: Blind | None = None, **details: object
) -> AuditEntry:
    """Append one entry; call it last inside the transaction that does the act.

    Last, since it holds the review's log until that transaction ends: whoever held the log first and then
    waited for a row would block everybody who holds that row and waits for the log.
    actor: None for what Winnow does by itself. blind: whose eyes it is kept from, and until when.
    """
    review_id = review if isinstance(review, int) else review.pk
    if connection.features.has_select_for_update:
        # The weakest lock that still excludes a second writer of the log: rows that name the review go on.
        list(Review.objects.select_for_update(no_key=True).filter(pk=review_id).values_list("pk"))
    last = (
        AuditEntry.objects.filter(review_id=review_id).order_by("-number").values("number", "sha256").first()
    )
    entry = AuditEntry(
        review_id=review_id,
        number=last["number"] + 1 if last else 1,
        actor=actor,
        actor_email=actor.email if actor else "",
        act=act,
        details=plain_details(details),
        blind_kind=blind.kind if blind else "",
        blind_key=blind.key if blind else None,
        previous=last["sha256"] if last else BEGINNING,
        salt=secrets.token_hex(16),
    )
    entry.sha256 = entry.computed_hash()
    entry.save(force_insert=True)
    return entry
