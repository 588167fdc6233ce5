"""Forms of deciding: one verdict, many at once, the protocol that says how verdicts are folded."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.models import ExclusionReason, Membership, Protocol, Review, Role, Stage
from reviewsite.web.language import shown_choices
from reviewsite.web.stale import StaleAware

from .conclusions import Verdict


class DecisionForm(forms.Form):
    """One verdict. A reason's button posts `exclude:ID`, so that verdict and reason are one key."""

    verdict = forms.CharField()
    note = forms.CharField(required=False, max_length=5000)
    client_uuid = forms.UUIDField()

    def __init__(self, review: Review, stage: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = ExclusionReason.objects.filter(review=review).offered(stage)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        verdict, _, reason_pk = cleaned.get("verdict", "").partition(":")
        if verdict not in {Verdict.INCLUDE, Verdict.MAYBE, Verdict.EXCLUDE}:
            raise forms.ValidationError(gettext("Choose include, maybe or exclude."))
        reason = None
        if reason_pk:
            reason = self.reasons.filter(pk=reason_pk).first() if reason_pk.isdigit() else None
            if reason is None:
                raise forms.ValidationError(
                    gettext("That exclusion reason is no longer offered; choose another.")
                )
        return {**cleaned, "verdict": verdict, "reason": reason}


class BulkForm(forms.Form):
    """What an owner asks to be decided on many citations: those ticked, or all that the filter found."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Scope"),
        choices=[
            ("ticked", gettext_lazy("The ticked ones")),
            ("all", gettext_lazy("All that the list holds")),
        ],
    )
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=shown_choices(Stage))
    verdict = forms.CharField(label=gettext_lazy("Decision"))
    note = forms.CharField(
        max_length=2000,
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Kept with each decision and in the audit trail."),
    )

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = review.exclusion_reasons.filter(retired_at=None)
        verdicts = [
            ("include", gettext("Include")),
            ("maybe", gettext("Maybe")),
            ("exclude", gettext("Exclude, no reason")),
        ]
        because = [
            (gettext(stage.label), [_because(reason) for reason in self.reasons if reason.stage == stage])
            for stage in Stage
        ]
        choices = [*verdicts, *because, ("withdrawn", gettext("Take my decision back"))]
        self.fields["verdict"] = forms.ChoiceField(label=gettext("Decision"), choices=choices)
        for field in self.fields.values():
            # The fields stand below the table, outside of the form whose ticks are within it.
            field.widget.attrs["form"] = "bulk"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        verdict, _, reason_pk = cleaned.get("verdict", "").partition(":")
        reason = next((r for r in self.reasons if str(r.pk) == reason_pk), None)
        if reason and reason.stage != cleaned.get("stage"):
            self.add_error("verdict", gettext("That reason belongs to the other stage."))
        return {**cleaned, "verdict": verdict, "reason": reason}


def _because(reason: ExclusionReason) -> tuple[str, str]:
    return f"exclude:{reason.pk}", gettext("Exclude: {reason}").format(reason=reason)


class ProtocolForm(StaleAware, forms.ModelForm):
    """The question, the criteria and the rules of deciding."""

    class Meta:
        model = Protocol
        exclude = ("review",)
        labels = {
            "population": gettext_lazy("Population"),
            "intervention": gettext_lazy("Intervention"),
            "comparator": gettext_lazy("Comparator"),
            "outcomes": gettext_lazy("Outcomes"),
            "study_designs": gettext_lazy("Study designs"),
            "inclusion_criteria": gettext_lazy("Inclusion criteria"),
            "exclusion_criteria": gettext_lazy("Exclusion criteria"),
            "registration": gettext_lazy("Registration"),
        }
        widgets = {
            **{
                name: forms.Textarea(attrs={"rows": 2})
                for name in ("population", "intervention", "comparator", "outcomes", "study_designs")
            },
            **{
                name: forms.Textarea(attrs={"rows": 6})
                for name in ("inclusion_criteria", "exclusion_criteria", "include_words", "exclude_words")
            },
        }

    title_abstract_reasons = forms.CharField(
        required=False,
        label=gettext_lazy("Reasons to exclude on title and abstract"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One a line, in the order of their keys 1 to 9."),
    )
    full_text_reasons = forms.CharField(
        required=False,
        label=gettext_lazy("Reasons to exclude at full text"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One a line. PRISMA counts the excluded reports by these."),
    )
    adjudicators = forms.ModelMultipleChoiceField(
        Membership.objects.none(),
        required=False,
        label=gettext_lazy("Who settles conflicts"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        members = review.memberships.current().select_related("user")
        initial = {
            f"{stage}_reasons": "\n".join(r.label for r in review.exclusion_reasons.offered(stage))
            for stage in Stage.values
        }
        initial["adjudicators"] = members.filter(is_adjudicator=True)
        super().__init__(*args, instance=review.protocol, initial=initial, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField):
                field.choices = [(value, gettext(str(label))) for value, label in field.choices]
        self.fields["adjudicators"].queryset = members.exclude(role__in=[Role.VIEWER, Role.STATISTICIAN])

    def protocol_fields(self) -> dict[str, Any]:
        """The cleaned values that are columns of the protocol."""
        own = {"title_abstract_reasons", "full_text_reasons", "adjudicators"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}
