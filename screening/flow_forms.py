"""Forms of the PRISMA flow: which one, numbers from outside, wording."""

from typing import Any

from django import forms
from django.utils import timezone

from reviewsite.reviews.models import Review

from .flow_report import Asked, FlowRefused, reasons_in
from .models import FlowEvent, ReviewVersion, SearchRun

COUNTS = (
    "records",
    "duplicates_removed",
    "removed_by_automation",
    "removed_other",
    "excluded_title_abstract",
    "not_retrieved",
)


class FlowChoice(forms.Form):
    """Which flow is shown."""

    since = forms.ModelChoiceField(
        ReviewVersion.objects.none(),
        to_field_name="number",
        required=False,
        label="Template",
        empty_label="The whole review",
    )
    as_of = forms.DateField(
        required=False,
        label="As of",
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text="Empty: now.",
    )

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["since"]
        field.queryset = review.versions.order_by("-number")
        field.label_from_instance = lambda version: f"Update since {version.name}"

    def asked(self) -> Asked:
        """What was asked; what cannot be read is as if it were empty."""
        self.is_valid()
        told = self.cleaned_data
        return Asked(told.get("as_of"), told.get("since"))


class OutsideForm(forms.ModelForm):
    """Records that were found and dealt with outside of Winnow."""

    reasons = forms.CharField(
        required=False,
        label="Reports excluded at full text",
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "Wrong population: 3"}),
        help_text="A line for each reason: the reason, a colon, the number.",
    )

    class Meta:
        model = FlowEvent
        fields = ("source_kind", "source", "on", *COUNTS, "note")
        labels = {
            "source_kind": "It is a",
            "source": "Name",
            "records": "Records identified",
            "duplicates_removed": "Duplicates removed",
            "removed_by_automation": "Removed by automation tools",
            "removed_other": "Removed for other reasons",
            "excluded_title_abstract": "Excluded on title and abstract",
            "not_retrieved": "Reports not retrieved",
            "note": "Note",
        }
        help_texts = {
            "source": "For example: hand search of a journal, letters to authors.",
            "note": "Who counted, and where it is written down.",
        }
        widgets = {
            "on": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["on"] = timezone.localdate()
        self.fields["source_kind"].choices = SearchRun.SourceKind.choices
        self.fields["source_kind"].initial = SearchRun.SourceKind.CITATION_SEARCH
        self.fields["source_kind"].required = True
        for name in COUNTS:
            self.fields[name].required = False
            self.fields[name].initial = 0

    def clean_reasons(self) -> list[list[Any]]:
        try:
            return [list(pair) for pair in reasons_in(self.cleaned_data["reasons"])]
        except FlowRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def said(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        return {
            **{name: told.pop(name) or 0 for name in COUNTS},
            "excluded_full_text": told.pop("reasons"),
            **told,
            "kind": FlowEvent.Kind.RECORDS,
        }


class PreviousForm(forms.ModelForm):
    """What a previous version of the review, published elsewhere, had included."""

    class Meta:
        model = FlowEvent
        fields = ("on", "studies", "reports", "note")
        labels = {"on": "Date of the previous version", "note": "Where it was published"}
        widgets = {
            "on": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def said(self) -> dict[str, Any]:
        return {**self.cleaned_data, "kind": FlowEvent.Kind.PREVIOUS}
