"""Risk-of-bias assessments: one per study and assessor, or the agreed one that names its two sources."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from reviewsite.reviews.models import Review
from screening.models import Study


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def current(self) -> "AssessmentQuerySet":
        return self.filter(superseded_by=None)

    def independent(self) -> "AssessmentQuerySet":
        return self.filter(kind=Assessment.Kind.INDEPENDENT)

    def agreed(self) -> "AssessmentQuerySet":
        return self.current().filter(kind=Assessment.Kind.AGREED)

    def submitted(self) -> "AssessmentQuerySet":
        return self.exclude(submitted_at=None)


class Assessment(models.Model):
    """One person's answers to one tool about one study, or the agreed answers."""

    class Kind(models.TextChoices):
        INDEPENDENT = "independent", "Independent"
        AGREED = "agreed", "Agreed"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="assessments")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="assessments")
    tool = models.CharField(max_length=40, help_text="Key of a tool in extraction.risk_of_bias.")
    tool_version = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.INDEPENDENT)
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    left = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    change_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "tool", "assessor"],
                condition=Q(kind="independent", supersedes=None),
                name="one_assessment_per_assessor",
            ),
            models.UniqueConstraint(
                fields=["study", "tool"],
                condition=Q(kind="agreed", supersedes=None),
                name="one_agreed_assessment_per_study",
            ),
            models.CheckConstraint(
                condition=Q(kind="independent", left=None, right=None)
                | Q(kind="agreed", left__isnull=False, right__isnull=False, submitted_at__isnull=False),
                name="agreed_assessment_names_its_two_sources",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study}: {self.tool} by {self.assessor}"

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None


class Judgement(models.Model):
    """The answer to one item of the tool, with its support."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="judgements")
    item = models.CharField(max_length=20, help_text="Key of the item in the tool.")
    answer = models.CharField(max_length=40)
    support = models.TextField(blank=True)
    page = models.CharField(max_length=40, blank=True)
    quote = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "item"], name="one_judgement_per_item")]

    def __str__(self) -> str:
        return f"{self.item}: {self.answer}"
