"""What extraction and risk of bias share: two people work alone, and an agreed version names both."""

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from reviewsite.reviews.models import Review
from screening.models import Study


class InDuplicateQuerySet(models.QuerySet):
    """Reads of either kind of work."""

    def current(self) -> "InDuplicateQuerySet":
        """Versions that no later one supersedes."""
        return self.filter(superseded_by=None)

    def independent(self) -> "InDuplicateQuerySet":
        return self.filter(kind=InDuplicate.Kind.INDEPENDENT)

    def agreed(self) -> "InDuplicateQuerySet":
        """The agreed versions that stand now: the only ones that reach analysis."""
        return self.current().filter(kind=InDuplicate.Kind.AGREED)

    def submitted(self) -> "InDuplicateQuerySet":
        return self.exclude(submitted_at=None)

    def studies_with_both(self) -> QuerySet:
        """Primary keys of the studies on which two people have submitted."""
        submitted = self.current().independent().submitted().values("study")
        return submitted.annotate(n=Count("pk")).filter(n__gte=2).values("study")


class InDuplicate(models.Model):
    """One person's work on a study, or the agreed one.

    An independent one may be changed until it is submitted. An agreed one never is: a correction is a new
    version that supersedes it and says why.
    """

    class Kind(models.TextChoices):
        INDEPENDENT = "independent", gettext_noop("Independent")
        AGREED = "agreed", gettext_noop("Agreed")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="%(class)ss")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="%(class)ss")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.INDEPENDENT)
    left = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    change_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = InDuplicateQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="independent", left=None, right=None)
                | Q(kind="agreed", left__isnull=False, right__isnull=False, submitted_at__isnull=False),
                name="agreed_%(class)s_names_its_two_sources",
            )
        ]

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None
