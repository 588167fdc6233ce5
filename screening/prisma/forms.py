"""Forms of the PRISMA flow: which one, numbers from outside, wording."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.models import Review
from reviewsite.web.language import shown_choices

from ..models import FlowEvent, ReviewVersion, SearchRun
from .report import Asked, FlowRefused, reasons_in

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
        label=gettext_lazy("Template"),
        empty_label=gettext_lazy("The whole review"),
    )
    as_of = forms.DateField(
        required=False,
        label=gettext_lazy("As of"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=gettext_lazy("Empty: now."),
    )

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["since"]
        field.queryset = review.versions.order_by("-number")
        field.label_from_instance = lambda version: gettext("Update since {name}").format(name=version.name)

    def asked(self) -> Asked:
        """What was asked; what cannot be read is as if it were empty."""
        self.is_valid()
        told = self.cleaned_data
        return Asked(told.get("as_of"), told.get("since"))


class OutsideForm(forms.ModelForm):
    """Records that were found and dealt with outside of Winnow."""

    reasons = forms.CharField(
        required=False,
        label=gettext_lazy("Reports excluded at full text"),
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": gettext_lazy("Wrong population: 3")}),
        help_text=gettext_lazy("A line for each reason: the reason, a colon, the number."),
    )

    class Meta:
        model = FlowEvent
        fields = ("source_kind", "source", "on", *COUNTS, "note")
        labels = {
            "on": gettext_lazy("On"),
            "source_kind": gettext_lazy("Kind of source"),
            "source": gettext_lazy("Name"),
            "records": gettext_lazy("Records identified"),
            "duplicates_removed": gettext_lazy("Duplicates removed"),
            "removed_by_automation": gettext_lazy("Removed by automation tools"),
            "removed_other": gettext_lazy("Removed for other reasons"),
            "excluded_title_abstract": gettext_lazy("Excluded on title and abstract"),
            "not_retrieved": gettext_lazy("Reports not retrieved"),
            "note": gettext_lazy("Note"),
        }
        help_texts = {
            "source": gettext_lazy("For example: hand search of a journal, letters to authors."),
            "note": gettext_lazy("Who counted, and where it is written down."),
        }
        widgets = {
            "on": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["on"] = timezone.localdate()
        self.fields["source_kind"].choices = shown_choices(SearchRun.SourceKind)
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
        labels = {
            "on": gettext_lazy("Date of the previous version"),
            "studies": gettext_lazy("Studies"),
            "reports": gettext_lazy("Reports"),
            "note": gettext_lazy("Where it was published"),
        }
        widgets = {
            "on": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def said(self) -> dict[str, Any]:
        return {**self.cleaned_data, "kind": FlowEvent.Kind.PREVIOUS}
