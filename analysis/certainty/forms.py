"""Forms of certainty: the settings of an outcome, and a row of choices for each domain."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext, gettext_lazy

from extraction.bias.agreed import appraisals_for
from reviewsite.web.language import shown_choices
from reviewsite.web.stale import StaleAware

from ..grade import DOMAINS, Domain, Proposal
from ..grade.certainty import words
from ..models import CertaintyJudgement, EvidenceProfile
from .evidence import Line
from .rules import GivenSteps


class BaselineRisksField(forms.CharField):
    """One risk a line: per 1,000, then what it is the risk of ("120 moderate risk")."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        if isinstance(value, list):
            return "\n".join(f"{each['per_1000']:g} {each['label']}".strip() for each in value)
        return value

    def clean(self, value):
        text = super().clean(value)
        return [_risk(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _risk(number: int, line: str) -> dict[str, object]:
    first, _, label = line.strip().partition(" ")
    try:
        risk = float(first)
    except ValueError:
        risk = math.nan
    if not 0 <= risk <= 1000:
        raise forms.ValidationError(
            gettext(
                "Line %(number)s: “%(first)s” is no number from 0 to 1,000. Write the risk "
                "per 1,000, then what it stands for."
            )
            % {"number": number, "first": first}
        )
    return {"per_1000": risk, "label": label.strip() or f"{risk:g} per 1,000"}


class ProfileForm(StaleAware, forms.ModelForm):
    baseline_risks = BaselineRisksField(
        required=False,
        label=gettext_lazy("Baseline risks per 1,000"),
        help_text=gettext_lazy(
            "One a line: the number, then what it stands for, such as “120 moderate risk”."
        ),
    )

    class Meta:
        model = EvidenceProfile
        fields = (
            "start",
            "importance",
            "appraisal",
            "measure",
            "effect",
            "effect_low",
            "effect_high",
            "effect_source",
            "baseline_risks",
            "comment",
        )
        labels = {
            "importance": gettext_lazy("Importance"),
            "effect": gettext_lazy("Effect"),
            "comment": gettext_lazy("Comment"),
        }
        widgets = {"comment": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        fitting = appraisals_for(self.instance.review, self.instance.spec.outcome)
        self.fields["appraisal"].queryset = self.instance.review.appraisals.filter(
            pk__in=[each.pk for each in fitting]
        )
        self.fields["appraisal"].empty_label = gettext("the one of this outcome")
        self.fields["measure"].choices = [
            ("", gettext("from the analysis")),
            *shown_choices(EvidenceProfile.Measure),
        ]
        self.fields["start"].choices = shown_choices(EvidenceProfile.Start)
        self.fields["importance"].choices = shown_choices(EvidenceProfile.Importance)


@dataclass(frozen=True)
class JudgementRow:
    """A domain on the page: proposal, what stands, and what is in its fields."""

    domain: Domain
    proposal: Proposal | None
    proposed_words: str
    standing: CertaintyJudgement | None
    standing_words: str
    choices: tuple[tuple[int, str], ...]
    steps: str
    reason: str


def judgement_rows(line: Line, posted: Mapping[str, str] | None = None) -> list[JudgementRow]:
    return [_row(line, domain, posted) for domain in DOMAINS]


def _row(line: Line, domain: Domain, posted: Mapping[str, str] | None) -> JudgementRow:
    proposal, standing = line.proposals.get(domain.key), line.judged.get(domain.key)
    proposed = proposal.steps if proposal else None
    steps, reason = (str(standing.steps), standing.reason) if standing else ("", "")
    if posted is not None:
        steps, reason = posted.get(domain.key, ""), posted.get(f"{domain.key}-reason", "")
    return JudgementRow(
        domain,
        proposal,
        "" if proposed is None else words(domain, proposed),
        standing,
        words(domain, standing.steps) if standing else "",
        tuple((each, words(domain, each)) for each in domain.choices),
        steps,
        reason,
    )


def steps_given(posted: Mapping[str, str]) -> dict[str, GivenSteps]:
    """What was chosen; domains without a choice are left out."""
    given = {}
    for domain in DOMAINS:
        steps = posted.get(domain.key, "")
        if steps.lstrip("-").isdigit():
            given[domain.key] = GivenSteps(int(steps), posted.get(f"{domain.key}-reason", ""))
    return given
