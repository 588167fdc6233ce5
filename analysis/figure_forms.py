"""The choices of a figure: which one, in which style, with which columns, axis, pages and resolution."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy, pgettext_lazy

from extraction.models import Appraisal

from .figures.look import STUDIES_A_PAGE, Look
from .figures.run_pictures import FORESTS
from .figures.style import STYLES
from .models import AnalysisRun
from .run_figures import available, columns_of_forest

ORDERS = {
    "": gettext_lazy("As in the data"),
    "effect": gettext_lazy("By effect, lowest first"),
    "-effect": gettext_lazy("By effect, highest first"),
    "-weight": gettext_lazy("By weight, heaviest first"),
    "label": gettext_lazy("By name"),
}
STYLE_NAMES = {"plain": "Winnow", "grey": gettext_lazy("Greyscale")}
RESOLUTIONS = {"300": "300 dpi", "600": "600 dpi"}
FORMATS = ("svg", "pdf", "png", "eps", "tiff")
LIMITS_APART = gettext_lazy("The axis must end above where it begins.")
ABOVE_ZERO = gettext_lazy("A ratio's axis begins above zero.")


class FigureForm(forms.Form):
    """What somebody wants of a figure. Everything may be left out; then the figure is as on the page."""

    figure = forms.ChoiceField(required=False)
    style = forms.ChoiceField(
        label=gettext_lazy("Style"),
        required=False,
        choices=[(name, STYLE_NAMES.get(name, name)) for name in STYLES],
        help_text=gettext_lazy(
            "By journal or program; all can be told apart in grey and with any colour vision."
        ),
    )
    title = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("Empty: the analysis' own."),
    )
    untitled = forms.BooleanField(required=False, label=gettext_lazy("No title"))
    order = forms.ChoiceField(
        required=False, choices=list(ORDERS.items()), label=gettext_lazy("Studies in which order")
    )
    hide = forms.MultipleChoiceField(
        required=False, label=gettext_lazy("Columns left out"), widget=forms.CheckboxSelectMultiple
    )
    unweighted = forms.BooleanField(required=False, label=gettext_lazy("No weights"))
    bias = forms.ModelChoiceField(
        queryset=Appraisal.objects.none(),
        required=False,
        label=gettext_lazy("Risk of bias beside each study"),
        empty_label=pgettext_lazy("no risk of bias beside it", "None"),
    )
    low = forms.FloatField(required=False, label=gettext_lazy("Axis from"))
    high = forms.FloatField(
        required=False,
        label=pgettext_lazy("end of an axis", "to"),
        help_text=gettext_lazy("As printed: 20 for 20%, 0.5 for a ratio."),
    )
    left = forms.CharField(required=False, max_length=60, label=gettext_lazy("Left of no effect"))
    right = forms.CharField(required=False, max_length=60, label=gettext_lazy("Right of no effect"))
    paged = forms.BooleanField(
        required=False, label=format_lazy(gettext_lazy("Pages of {number} studies"), number=STUDIES_A_PAGE)
    )
    dpi = forms.ChoiceField(
        required=False,
        choices=list(RESOLUTIONS.items()),
        label=gettext_lazy("Resolution"),
        help_text=gettext_lazy("Of PNG and TIFF."),
    )

    def __init__(self, run: AnalysisRun, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run
        self.figures = available(run)
        self.fields["figure"].choices = list(self.figures.items())
        self.fields["hide"].choices = [(str(at), name) for at, name in enumerate(columns_of_forest(run))]
        fitting = Q(outcome=run.spec.outcome_id) | Q(outcome=None)
        self.fields["bias"].queryset = run.spec.review.appraisals.filter(fitting).select_related("outcome")
        if run.result["shown"]["null"] is None:
            del self.fields["left"], self.fields["right"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is not None and high is not None:
            if low >= high:
                self.add_error("high", LIMITS_APART)
            if self.run.result["shown"]["kind"] == "ratio" and low <= 0:
                self.add_error("low", ABOVE_ZERO)
        return cleaned

    @property
    def name(self) -> str:
        """The figure's name in addresses; the forest plot until another is asked for."""
        chosen = self.cleaned_data.get("figure") if self.is_valid() else ""
        return chosen or "forest"

    @property
    def is_forest(self) -> bool:
        return self.name in FORESTS

    @property
    def look(self) -> Look:
        told = self.cleaned_data if self.is_valid() else {}
        order = told.get("order") or ""
        return Look(
            style=told.get("style") or "plain",
            order=order.removeprefix("-") or None,  # type: ignore[arg-type]
            descending=order.startswith("-"),
            hidden=frozenset(int(at) for at in told.get("hide") or ()),
            weights=not told.get("unweighted"),
            limits=self._limits(told),
            directions=self._directions(told),
            studies_a_page=STUDIES_A_PAGE if told.get("paged") else None,
            title="" if told.get("untitled") else told.get("title") or None,
        )

    def _limits(self, told: dict[str, Any]) -> tuple[float, float] | None:
        low, high = told.get("low"), told.get("high")
        if low is None or high is None:
            return None
        factor = 0.01 if self.run.result["shown"]["kind"] == "percent" else 1.0
        return factor * low, factor * high

    def _directions(self, told: dict[str, Any]) -> tuple[str, str] | None:
        left, right = told.get("left", ""), told.get("right", "")
        return (left, right) if left or right else None

    @property
    def dots(self) -> int:
        return int((self.cleaned_data.get("dpi") if self.is_valid() else "") or 300)

    @property
    def appraisal(self) -> Appraisal | None:
        return self.cleaned_data.get("bias") if self.is_valid() else None
