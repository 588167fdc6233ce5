"""What a person keeps of their own in the screening room: what they set aside, and their keys."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from reviewsite.reviews.models import Review, Stage

from .citations import Citation


class Skip(models.Model):
    """A citation that one reviewer put at the end of their queue; nobody else is told.

    No decision and counted nowhere, so it is one row that moves, not a history.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="skips")
    citation = models.ForeignKey(Citation, on_delete=models.CASCADE, related_name="skips")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    note = models.TextField(blank=True, help_text="What they had begun to write.")
    skipped_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reviewer", "stage", "citation"], name="one_skip_per_reviewer_and_citation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} comes back to {self.citation_id}"


class KeyLayout(models.Model):
    """One person's own keys, in every review they screen for; an act not named here has its usual ones."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="key_layout"
    )
    keys = models.JSONField(default=dict, help_text="Act -> the keys that do it, as browsers name them.")
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Keys of {self.person}"
