"""The form of an analysis."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from extraction.models import FormVersion
from reviewsite.reviews.models import Review
from reviewsite.web.language import shown_choices
from reviewsite.web.stale import StaleAware

from .estimate.measures import FOR_KIND, MEASURES, Needs, measure_of
from .estimate.plan import Method
from .models import AnalysisSpec
from .stored_words import in_words

REASON_HELP = gettext_lazy(
    "The plan is frozen: say why this differs from it. The reason is kept as a deviation."
)
TITLE_LENGTH = AnalysisSpec._meta.get_field("title").max_length
GROUPING_KINDS = {"choice", "yes_no", "choices", "country", "text"}
NUMBER_KINDS = {"number"}

CHOICES = {
    "method": AnalysisSpec.PoolingMethod,
    "model": AnalysisSpec.EffectModel,
    "tau2_estimator": AnalysisSpec.Tau2Estimator,
    "interval": AnalysisSpec.Interval,
    "prediction": AnalysisSpec.Prediction,
    "zero_cells": AnalysisSpec.ZeroCells,
    "multi_arm": AnalysisSpec.SeveralGroups,
}


class AnalysisForm(StaleAware, forms.ModelForm):
    """What to pool and how; the defaults are those of the Cochrane Handbook for random effects."""

    group_by = forms.ChoiceField(required=False, label=gettext_lazy("Subgroups by"))
    moderator = forms.ChoiceField(required=False, label=gettext_lazy("Regression on"))
    reason = forms.CharField(
        required=False,
        label=gettext_lazy("Why this differs from the plan"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = AnalysisSpec
        fields = (
            "title",
            "outcome",
            "time_point",
            "measure",
            "method",
            "model",
            "tau2_estimator",
            "interval",
            "prediction",
            "level",
            "zero_cells",
            "drop_double_zero",
            "leave_out_overlaps",
            "only_low_risk",
            "multi_arm",
            "group_by",
            "moderator",
        )
        labels = {
            "title": gettext_lazy("Title"),
            "outcome": gettext_lazy("Outcome"),
            "time_point": gettext_lazy("Time point"),
            "model": gettext_lazy("Model"),
            "method": gettext_lazy("Method"),
            "interval": gettext_lazy("Interval"),
            "zero_cells": gettext_lazy("Zero cells"),
        }

    def __init__(self, review: Review, *args: Any, is_frozen: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review
        self.fields["outcome"].queryset = review.outcomes.all()
        self.fields["time_point"].queryset = review.time_points.all()
        self.fields["outcome"].empty_label = gettext("Choose an outcome")
        self.fields["title"].required = False
        self.fields["title"].help_text = gettext("Left empty: the outcome and its time point.")
        self.fields["time_point"].empty_label = gettext("Any time point, the first that answers")
        for name, choices in CHOICES.items():
            self.fields[name].choices = shown_choices(choices)
        self.fields["measure"].choices = [(each.code, in_words(each.label)) for each in MEASURES.values()]
        groups, numbers = _characteristics(review)
        self.fields["group_by"].choices = [
            ("", gettext("No subgroups")),
            ("risk", gettext("Risk of bias")),
            *groups,
        ]
        self.fields["moderator"].choices = [
            ("", gettext("No regression")),
            ("year", gettext("Year of the first report")),
            *numbers,
        ]
        if is_frozen:
            self.fields["reason"].help_text = REASON_HELP
        else:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._name(cleaned)
        outcome, code, method = (cleaned.get(name) for name in ("outcome", "measure", "method"))
        if not (outcome and code and method):
            return cleaned
        if code not in FOR_KIND.get(outcome.kind, ()):
            fitting = ", ".join(
                in_words(measure_of(each).label).lower() for each in FOR_KIND.get(outcome.kind, ())
            )
            self.add_error(
                "measure",
                gettext("%(outcome)s is “%(kind)s”; it can be pooled as %(fitting)s.")
                % {
                    "outcome": outcome,
                    "kind": gettext(outcome.get_kind_display()).lower(),
                    "fitting": fitting,
                },
            )
        elif said := _does_not_go(method, code):
            self.add_error("method", said)
        return cleaned

    def _name(self, cleaned: dict[str, Any]) -> None:
        """The title as it was typed, else made of what is pooled; no two analyses share one."""
        said = [str(cleaned[name]) for name in ("outcome", "time_point") if cleaned.get(name)]
        title = (cleaned.get("title") or "").strip() or ", ".join(said)[:TITLE_LENGTH]
        if self.review.analyses.filter(title=title).exclude(pk=self.instance.pk).exists():
            self.add_error("title", gettext("There is an analysis of this title already."))
        else:
            cleaned["title"] = title


def _does_not_go(method: str, code: str) -> str:
    """Why a method cannot pool a measure; empty when it can."""
    measure = measure_of(code)
    if method == Method.MANTEL_HAENSZEL and code not in {"RR", "OR", "RD"}:
        return gettext("Mantel-Haenszel pools risk ratios, odds ratios and risk differences.")
    if method == Method.PETO and code != "OR":
        return gettext("Peto's method gives an odds ratio; choose that as the measure.")
    if method == Method.GLMM and not (code in {"PLO", "OR"} or measure.needs is Needs.RATES):
        return gettext("A mixed model of counts gives logit proportions, odds ratios or rates.")
    if method == Method.GLMM and code == "IRD":
        return gettext("A mixed model gives ratios of rates, not differences.")
    return ""


def _characteristics(review: Review) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The form's fields that can make subgroups, and those that are numbers."""
    version = FormVersion.objects.filter(review=review).order_by("-number").first()
    fields = version.definition if version else []
    groups = [(each["key"], each["label"]) for each in fields if each["kind"] in GROUPING_KINDS]
    numbers = [(each["key"], each["label"]) for each in fields if each["kind"] in NUMBER_KINDS]
    return groups, numbers
