"""Forms of correcting what was agreed."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from reviewsite.web.language import shown_choices

from ..entering.answers_form import AnswersForm
from ..entering.columns import BY_KIND, COLUMNS, OF_CONTRAST, number_in, numbers_of, text_of
from ..models import AnalysisSet, ArmResult, Contrast
from ..wording import in_words


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
