"""Risk-of-bias assessments: one per study and assessor, or the agreed one that names its two sources."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .in_duplicate import InDuplicate


class Assessment(InDuplicate):
    """One person's answers to one tool about one study, or the agreed answers."""

    tool = models.CharField(max_length=40, help_text="Key of a tool in extraction.risk_of_bias.")
    tool_version = models.CharField(max_length=20)
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta(InDuplicate.Meta):
        constraints = [
            *InDuplicate.Meta.constraints,
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
        ]

    def __str__(self) -> str:
        return f"{self.study}: {self.tool} by {self.assessor}"


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
