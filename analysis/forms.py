"""The form of an analysis."""

from typing import Any

from django import forms

from reviewsite.reviews.models import Review

from .models import AnalysisSpec


class AnalysisForm(forms.ModelForm):
    """What to pool and how; the defaults are those of the Cochrane Handbook for random effects."""

    class Meta:
        model = AnalysisSpec
        fields = (
            "title",
            "outcome",
            "time_point",
            "measure",
            "model",
            "tau2_estimator",
            "interval",
            "level",
            "leave_out_overlaps",
        )

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review
        self.fields["outcome"].queryset = review.outcomes.filter(kind="dichotomous")
        self.fields["time_point"].queryset = review.time_points.all()
        self.fields["time_point"].empty_label = "Any time point"

    def clean_title(self) -> str:
        title = self.cleaned_data["title"].strip()
        if self.review.analyses.filter(title=title).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is an analysis of this title already.")
        return title
