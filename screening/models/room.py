"""What belongs to the screening room beside decisions: one's skips and keys, labels, the discussion."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from reviewsite.reviews.models import Review, Stage

from ..deciding.conclusions import Conclusion
from .citations import Citation

CONCLUDED = [state.value for state in Conclusion if state is not Conclusion.UNDECIDED]


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


class LabelQuerySet(models.QuerySet["Label"]):
    def offered(self) -> "LabelQuerySet":
        return self.filter(retired_at=None)


class Label(models.Model):
    """A word that the whole team shares for citations: "protocol", "check the dose", "background"."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(max_length=60)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = LabelQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(Lower("name"), "review", name="one_label_per_name_whatever_its_case")
        ]

    def __str__(self) -> str:
        return self.name


class LabellingQuerySet(models.QuerySet["Labelling"]):
    def standing(self) -> "LabellingQuerySet":
        return self.filter(removed_at=None)

    def visible_to(self, viewer) -> "LabellingQuerySet":
        """One's own; those that came with a file; a colleague's once their citation is no longer blind.

        A label that a colleague put on while screening would tell that they were here, and what they think.
        """
        open_at = [
            Q(stage=stage, **{f"citation__merged_into__{stage}_state__in": CONCLUDED})
            | Q(stage=stage, citation__merged_into=None, **{f"citation__{stage}_state__in": CONCLUDED})
            for stage in Stage.values
        ]
        return self.filter(Q(put_by=viewer) | Q(stage="") | open_at[0] | open_at[1])


class Labelling(models.Model):
    """One person's label on one citation. Taken off, the row stays with its time."""

    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="labellings")
    citation = models.ForeignKey(Citation, on_delete=models.CASCADE, related_name="labellings")
    stage = models.CharField(
        max_length=20,
        choices=Stage.choices,
        blank=True,
        help_text="Where it was put on; empty when it came with a file.",
    )
    put_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = LabellingQuerySet.as_manager()

    class Meta:
        ordering = ["label__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["citation", "label", "put_by"],
                condition=Q(removed_at=None),
                name="one_standing_label_per_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} on {self.citation_id}"


class Comment(models.Model):
    """A word in the team's discussion of a citation, which opens once its blinding has ended. Only added."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="comments")
    citation = models.ForeignKey(Citation, on_delete=models.CASCADE, related_name="comments")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=5000)
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:40]}"
