"""Forms of the extraction pages."""

from typing import Any

from django import forms

from .models import Arm, ArmResult, Contrast, Extraction, Outcome, TimePoint

# What every result row says of itself, whatever it measures.
SHARED_FIELDS = ("analysis_set", "provenance", "derivation", "page", "quote", "source_url", "note")


class _FoldedForm(forms.ModelForm):
    """A row of a table of forms: what is nearly always filled in, and the rest folded below it."""

    core: tuple[str, ...] = ()

    def core_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.core]

    def folded_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in (*self.core, "DELETE")]

    def is_unfolded(self) -> bool:
        """Whether something folded holds a value of its own, or an error."""
        return any(
            field.errors or field.value() not in (None, "", field.field.initial)
            for field in self.folded_fields()
        )


class ArmForm(_FoldedForm):
    core = ("label", "role", "n")

    class Meta:
        model = Arm
        fields = ("label", "role", "n")


class _RowForm(_FoldedForm):
    """A result row; the choices are those of its extraction and review."""

    def __init__(self, *args: Any, extraction: Extraction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        review = extraction.review
        for name in ("arm", "comparator"):
            if name in self.fields:
                self.fields[name].queryset = extraction.arms.all()
        # The first arm is there to begin with; an otherwise empty row then still counts as untouched.
        self.fields["arm"].empty_label = None
        self.fields["arm"].initial = extraction.arms.first()
        self.fields["outcome"].queryset = review.outcomes.all()
        self.fields["time_point"].queryset = review.time_points.all()
        self.fields["time_point"].empty_label = "not stated"
        for name in ("quote", "note"):
            self.fields[name].widget = forms.TextInput()
        self.fields["source_url"].widget = forms.TextInput()


class ArmResultForm(_RowForm):
    """Events of n, mean with SD, or an estimate with its interval."""

    core = ("arm", "outcome", "time_point", "population", "events", "n", "analysis_set", "page", "quote")

    class Meta:
        model = ArmResult
        fields = (
            "arm",
            "outcome",
            "time_point",
            "population",
            "events",
            "n",
            "mean",
            "sd",
            "estimate",
            "ci_low",
            "ci_high",
            *SHARED_FIELDS,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        numbers = ("events", "mean", "estimate")
        if not self.errors and all(cleaned.get(name) is None for name in numbers):
            raise forms.ValidationError("Give events out of n, a mean, or an estimate.")
        if (
            cleaned.get("provenance") != "reported"
            and not cleaned.get("derivation")
            and "provenance" in cleaned
        ):
            self.add_error("derivation", "Say how the value was derived.")
        return cleaned


class ContrastForm(_RowForm):
    """An estimate that compares two arms, as reported."""

    core = ("arm", "comparator", "outcome", "time_point", "measure", "estimate", "ci_low", "ci_high", "quote")

    class Meta:
        model = Contrast
        fields = (
            "arm",
            "comparator",
            "outcome",
            "time_point",
            "population",
            "measure",
            "estimate",
            "ci_low",
            "ci_high",
            *SHARED_FIELDS,
        )


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
        widgets = {"definition": forms.TextInput}


class TimePointForm(forms.ModelForm):
    class Meta:
        model = TimePoint
        fields = ("label",)


class CorrectionForm(forms.Form):
    """One number of an agreed extraction, and why it is another."""

    events = forms.IntegerField(min_value=0, required=False)
    n = forms.IntegerField(min_value=1, required=False, label="Of n")
    reason = forms.CharField(max_length=500, widget=forms.TextInput)
