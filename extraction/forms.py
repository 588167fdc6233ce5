"""Forms of the extraction pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from reviewsite.reviews.models import Review
from reviewsite.web.language import shown_choices

from .entering.answers_form import AnswersForm
from .entering.columns import BY_KIND, COLUMNS, OF_CONTRAST, number_in, numbers_of, text_of
from .entering.grid import Place
from .models import AnalysisSet, Arm, ArmResult, Contrast, Extraction, Outcome, Scores, TimePoint
from .wording import in_words


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


class RowForm(forms.ModelForm):
    """What is said of a whole result row."""

    class Meta:
        model = ArmResult
        fields = ("analysis_set", "note", "source_url")
        labels = {
            "analysis_set": gettext_lazy("Analysis set"),
            "note": gettext_lazy("Note"),
            "source_url": gettext_lazy("Source url"),
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 2}), "source_url": forms.TextInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["analysis_set"].choices = shown_choices(AnalysisSet)


class ContrastRowForm(RowForm):
    class Meta(RowForm.Meta):
        model = Contrast


class OutcomeForm(forms.ModelForm):
    class Meta:
        model = Outcome
        fields = (
            "name",
            "definition",
            "kind",
            "direction",
            "unit",
            "scale_low",
            "scale_high",
            "scale_items",
        )
        labels = {
            "name": gettext_lazy("Name"),
            "definition": gettext_lazy("Definition"),
            "kind": gettext_lazy("Kind"),
            "direction": gettext_lazy("Direction"),
            "unit": gettext_lazy("Unit"),
        }
        widgets = {"definition": forms.TextInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = shown_choices(Outcome.Kind)
        self.fields["direction"].choices = shown_choices(Outcome.Direction)


class TimePointForm(forms.ModelForm):
    class Meta:
        model = TimePoint
        fields = ("label",)
        labels = {"label": gettext_lazy("Label")}


class AnswersCorrectionForm(AnswersForm):
    """The questions of the newest form with the agreed answers, and why they are others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(max_length=500, label=gettext("Why"))
        self.helper.layout.append("reason")


class CorrectionForm(forms.Form):
    """The numbers of a row of an agreed extraction, and why they are others."""

    reason = forms.CharField(max_length=500, widget=forms.TextInput, label=gettext_lazy("Reason"))

    def __init__(self, row: ArmResult | Contrast, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        core, more = OF_CONTRAST if isinstance(row, Contrast) else BY_KIND[row.outcome.kind]
        names = [name for name in (*core, *more) if name in core or name in numbers_of(row)]
        for name in names:
            label = gettext("Of n") if name == "n" else COLUMNS[name].label
            self.fields[name] = forms.CharField(
                required=False, label=label, initial=text_of(getattr(row, name))
            )
        self.order_fields([*names, "reason"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in self.fields.keys() - {"reason"}:
            try:
                cleaned[name] = number_in(name, cleaned.get(name, ""))
            except ValueError as wrong:
                self.add_error(name, f"{in_words(wrong)}.")
        return cleaned

    def changes(self) -> dict[str, Any]:
        """The columns that differ; a corrected number is no longer a derived one."""
        changed = {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "reason" and value != getattr(self.row, name)
        }
        return {
            **changed,
            "cells": {name: said for name, said in self.row.cells.items() if name not in changed},
        }
