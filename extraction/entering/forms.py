"""Forms of rows that the review's usual ones do not hold."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.models import Review
from reviewsite.web.language import shown_choices

from ..models import Arm, Contrast, Extraction, Outcome, Scores, TimePoint
from .grid import Place


class NewRowForm(forms.Form):
    """A row that the review's usual ones do not hold: another time point, a subgroup, change scores."""

    outcome = forms.ModelChoiceField(Outcome.objects.none(), empty_label=None, label=gettext_lazy("Outcome"))
    time_point = forms.ModelChoiceField(
        TimePoint.objects.none(),
        required=False,
        empty_label=gettext_lazy("not stated"),
        label=gettext_lazy("Time point"),
    )
    scores = forms.ChoiceField(
        choices=shown_choices(Scores), required=False, label=gettext_lazy("Measured as")
    )
    subgroup = forms.CharField(max_length=120, required=False, label=gettext_lazy("Subgroup"))
    population = forms.CharField(
        max_length=160, required=False, label=gettext_lazy("Denominator or definition")
    )

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].queryset = review.outcomes.all()
        self.fields["time_point"].queryset = review.time_points.all()
        # The fields stand among those of the extraction, but are sent by a form of their own.
        for field in self.fields.values():
            field.widget.attrs["form"] = "add-row"

    def place(self) -> Place:
        told = self.cleaned_data
        time = told["time_point"]
        scores = told["scores"] or Scores.FINAL
        return (
            told["outcome"].pk,
            time.pk if time else None,
            scores,
            told["subgroup"].strip(),
            told["population"].strip(),
        )


class NewContrastForm(forms.Form):
    """A comparison of two arms that is about to be typed."""

    outcome = forms.ModelChoiceField(Outcome.objects.none(), empty_label=None, label=gettext_lazy("Outcome"))
    time_point = forms.ModelChoiceField(
        TimePoint.objects.none(),
        required=False,
        empty_label=gettext_lazy("not stated"),
        label=gettext_lazy("Time point"),
    )
    measure = forms.ChoiceField(choices=shown_choices(Contrast.Measure), label=gettext_lazy("Measure"))
    arm = forms.ModelChoiceField(Arm.objects.none(), empty_label=None, label=gettext_lazy("Arm"))
    comparator = forms.ModelChoiceField(
        Arm.objects.none(), empty_label=None, label=gettext_lazy("Comparator")
    )
    adjusted_for = forms.CharField(max_length=300, required=False, label=gettext_lazy("Adjusted for"))
    subgroup = forms.CharField(max_length=120, required=False, label=gettext_lazy("Subgroup"))

    def __init__(self, extraction: Extraction, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        arms = list(extraction.arms.all())
        self.fields["outcome"].queryset = extraction.review.outcomes.all()
        self.fields["time_point"].queryset = extraction.review.time_points.all()
        for name in ("arm", "comparator"):
            self.fields[name].queryset = extraction.arms.all()
        if len(arms) > 1:
            self.initial = {"arm": arms[0], "comparator": arms[1]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("arm") and cleaned.get("arm") == cleaned.get("comparator"):
            raise forms.ValidationError(gettext("A comparison is between two different arms."))
        return cleaned
