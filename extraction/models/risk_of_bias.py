"""Risk of bias: what is judged with which tool, two people's assessments, and the agreed one."""

from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.models import Review

from ..risk_of_bias import Tool, tool
from ..risk_of_bias.catalogue import read_own
from .forms import Outcome
from .in_duplicate import InDuplicate


class OwnTool(models.Model):
    """A tool that the team wrote. A change is a new version, so what was judged keeps its questions."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="own_tools")
    key = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField(gettext_lazy("version"))
    definition = models.TextField(help_text="TOML, as extraction.risk_of_bias.reading takes it.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "key", "number"], name="one_own_tool_per_version")
        ]

    def __str__(self) -> str:
        return gettext("%(tool)s, version %(number)s") % {"tool": self.tool.name, "number": self.number}

    @cached_property
    def tool(self) -> Tool:
        return read_own(self.definition)


class Appraisal(models.Model):
    """One tool in use in a review: for every study, or for its result of one outcome and effect."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="appraisals")
    tool_key = models.CharField(max_length=40, help_text="Key of a tool in extraction.risk_of_bias.")
    tool_version = models.CharField(max_length=40)
    own_tool = models.ForeignKey(OwnTool, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    effect = models.CharField(max_length=40, blank=True)
    outcome = models.ForeignKey(
        Outcome, null=True, blank=True, on_delete=models.PROTECT, related_name="appraisals"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "tool_key", "tool_version", "effect", "outcome"],
                condition=Q(outcome__isnull=False),
                name="one_appraisal_per_tool_and_outcome",
            ),
            models.UniqueConstraint(
                fields=["review", "tool_key", "tool_version", "effect"],
                condition=Q(outcome__isnull=True),
                name="one_appraisal_per_tool",
            ),
        ]

    def __str__(self) -> str:
        return ": ".join(str(part) for part in (self.tool.name, self.outcome) if part)

    @cached_property
    def tool(self) -> Tool:
        """The tool as it was when the appraisal was planned."""
        return self.own_tool.tool if self.own_tool_id else tool(self.tool_key, self.tool_version)

    @property
    def effect_label(self) -> str:
        return dict(self.tool.effects).get(self.effect, "")

    @property
    def domains(self) -> tuple:
        return self.tool.for_effect(self.effect)


class Assessment(InDuplicate):
    """One person's answers to one tool about one study or result, or the agreed answers."""

    appraisal = models.ForeignKey(Appraisal, on_delete=models.PROTECT, related_name="assessments")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta(InDuplicate.Meta):
        constraints = [
            *InDuplicate.Meta.constraints,
            models.UniqueConstraint(
                fields=["study", "appraisal", "assessor"],
                condition=Q(kind="independent", supersedes=None),
                name="one_assessment_per_assessor",
            ),
            models.UniqueConstraint(
                fields=["study", "appraisal"],
                condition=Q(kind="agreed", supersedes=None),
                name="one_agreed_assessment_per_study",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study}: {self.appraisal} by {self.assessor}"


class Supported(models.Model):
    """What a judgement rests on."""

    support = models.TextField(blank=True)
    page = models.CharField(max_length=40, blank=True)
    quote = models.TextField(blank=True)

    class Meta:
        abstract = True


class Judgement(Supported):
    """The answer to one question of the tool, with its support."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="judgements")
    item = models.CharField(max_length=20, help_text="Number of the question in the tool.")
    answer = models.CharField(max_length=40)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "item"], name="one_judgement_per_item")]

    def __str__(self) -> str:
        return f"{self.item}: {self.answer}"


class DomainJudgement(Supported):
    """The judgement of one domain, or of the whole: what the algorithm proposed and what the person says."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="domain_judgements")
    domain = models.CharField(max_length=20, help_text="Slot of the domain in the tool, or “overall”.")
    proposed = models.CharField(
        max_length=80, blank=True, help_text="What the algorithm made of the answers."
    )
    judgement = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True, help_text="Why the judgement is not the proposed one.")
    direction = models.CharField(gettext_lazy("predicted direction of bias"), max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "domain"], name="one_judgement_per_domain"),
            models.CheckConstraint(
                condition=Q(proposed="")
                | Q(judgement="")
                | Q(judgement=models.F("proposed"))
                | ~Q(reason=""),
                name="override_gives_its_reason",
                violation_error_message=gettext_lazy(
                    "A judgement other than the proposed one needs its reason."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.domain}: {self.judgement}"

    @property
    def is_override(self) -> bool:
        return bool(self.proposed and self.judgement and self.judgement != self.proposed)
