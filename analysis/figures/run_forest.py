"""The forest plot of a run: its stored result laid out as rows, diamonds and footer."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..estimate.rows import DatasetRow
from .arm_columns import arm_columns, arm_names, favours
from .model import Axis, ForestPlot, ForestRow, ForestSubgroup, ForestSummary
from .scale import MINUS

TAU2_NAMES = {"DL": "DerSimonian-Laird", "REML": "REML", "PM": "Paule-Mandel", "SJ": "Sidik-Jonkman"}
INTERVAL_NAMES = {
    "wald": "Wald interval",
    "t": "t interval",
    "hartung_knapp": "Hartung-Knapp interval",
    "hartung_knapp_floor": "Hartung-Knapp interval with floor",
}
METHOD_NAMES = {
    "mantel_haenszel": "Mantel-Haenszel, common effect",
    "peto": "Peto, common effect",
    "glmm": "Mixed model of the counts",
}
MEASURE_NAMES = {"PR": "raw proportions", "PLO": "logit-transformed proportions"}
Told = Mapping[str, Any]


def forest_of(
    title: str,
    result: Told,
    plan: Told,
    rows: Sequence[DatasetRow] = (),
    *,
    direction: str = "",
    unit: str = "",
) -> ForestPlot:
    """The plot of a run, with what was measured in each group beside its study.

    rows: the run's snapshot; without them two groups' numbers stand in one column. direction: which values of
    the outcome are better, "higher" or "lower"; empty leaves out what lies on either side. unit: of a mean.
    """
    level = f"{plan['level']:g}% CI"
    columns = _Columns(result, plan, rows)
    groups = result.get("subgroups")
    return ForestPlot(
        title=title,
        columns=columns.headings,
        column_groups=columns.groups,
        rows=() if groups else tuple(_row(study, columns) for study in result["studies"]),
        subgroups=_subgroups(result, plan, columns) if groups else (),
        summaries=(_summary(result, plan, columns.totals(result["studies"])),),
        axis=_axis(result, unit, favours(direction, arm_names(rows)) if direction else None),
        effect_heading=f"{result['shown']['label']} [{level}]",
        footer=footer(result, plan),
    )


class _Columns:
    """The columns before the plot: by group where the rows are at hand, else what the result keeps."""

    def __init__(self, result: Told, plan: Told, rows: Sequence[DatasetRow]) -> None:
        self.by_arm = arm_columns(plan["measure"], rows) if rows else None
        self.has_counts = "proportion" in result["studies"][0]
        if self.by_arm:
            self.headings, self.groups = self.by_arm.headings, self.by_arm.groups
        else:
            self.headings, self.groups = (("Events", "Total") if self.has_counts else ("Data",)), ()

    def cells(self, study: Told) -> tuple[str, ...]:
        if self.by_arm:
            return self.by_arm.cells(study)
        return (f"{study['events']:g}", f"{study['n']:g}") if self.has_counts else (study["numbers"],)

    def totals(self, studies: Sequence[Told]) -> tuple[str, ...]:
        if self.by_arm:
            return self.by_arm.totals(studies)
        if not self.has_counts:
            return ("",)
        return tuple(f"{sum(study[name] for study in studies):g}" for name in ("events", "n"))


def _axis(result: Told, unit: str, directions: tuple[str, str] | None) -> Axis:
    shown = result["shown"]
    label = shown["label"]
    if shown["kind"] == "ratio":
        return Axis("log", label=label, null_line=shown["null"], directions=directions)
    if shown["kind"] == "percent":
        # A difference of risks has no-effect within and limits of its own; a share is read from 0 to 100%.
        if shown["null"] is None:
            return Axis("percent", label="Proportion")
        return Axis("points", label=label, null_line=shown["null"], directions=directions)
    is_in_unit = unit and label in ("Mean", "Mean difference")
    return Axis(
        "linear",
        label=f"{label} ({unit})" if is_in_unit else label,
        null_line=shown["null"],
        directions=directions,
    )


def _summary(result: Told, plan: Told, cells: tuple[str, ...]) -> ForestSummary:
    is_proportion = result["shown"]["kind"] == "percent" and result["shown"]["null"] is None
    prediction = (result["prediction_low"], result["prediction_high"])
    is_random = plan["model"] == "random" and plan.get("method") not in {"mantel_haenszel", "peto"}

    def within(value: float) -> float:
        # Limits of raw proportions may leave 0 to 1; the figure ends there, the stored numbers do not.
        return min(1.0, max(0.0, value)) if is_proportion else value

    return ForestSummary(
        label="Random effects" if is_random else "Common effect",
        estimate=within(result["estimate"]),
        low=within(result["ci_low"]),
        high=within(result["ci_high"]),
        prediction=None if None in prediction else (within(prediction[0]), within(prediction[1])),
        kind="random" if is_random else "common",
        cells=cells,
    )


def _subgroups(result: Told, plan: Told, columns: _Columns) -> tuple[ForestSubgroup, ...]:
    told = []
    for level in result["subgroups"]["levels"]:
        studies = [each for each in result["studies"] if (each["group"] or "Not stated") == level["label"]]
        scale = level["scale"]
        line = f"τ² = {scale['tau2']:.4f}; I² = {scale['i2']:.1f}%" if len(studies) > 1 else ""
        told.append(
            ForestSubgroup(
                title=level["label"],
                rows=tuple(_row(study, columns) for study in studies),
                summaries=(_summary({**result, **level}, plan, columns.totals(studies)),),
                lines=(line,) if line else (),
            )
        )
    return tuple(told)


def footer(result: Told, plan: Told) -> tuple[str, ...]:
    """Heterogeneity, subgroups and model in words, as under a printed forest plot."""
    scale = result["scale"]
    # One study cannot differ from others, and no tau2 was estimated.
    if scale["k"] == 1:
        return (
            *filter(None, [_overall(result)]),
            f"One study, so nothing was pooled ({_measure(result, plan)}).",
        )
    lines = [_heterogeneity(scale, plan)]
    if overall := _overall(result):
        lines.append(overall)
    if groups := result.get("subgroups"):
        between = groups["between"]
        lines.append(
            f"Test that subgroups do not differ: χ² = {between['statistic']:.2f}, df = {between['df']}, "
            f"{_p(between['p_value'])}."
        )
    return (*lines, _model(result, plan))


def _overall(result: Told) -> str:
    """The test of no effect; empty for one group, where there is nothing to test against."""
    scale = result["scale"]
    if result["shown"]["null"] is None or scale.get("statistic") is None:
        return ""
    df = scale.get("df")
    name = "z" if df is None else "t"
    degrees = "" if df is None else f", df = {df:g}"
    statistic = f"{scale['statistic']:.2f}".replace("-", MINUS)
    return f"Test for overall effect: {name} = {statistic}{degrees}, {_p(scale['p_value'])}."


def _heterogeneity(scale: Told, plan: Told) -> str:
    name = "Likelihood ratio" if plan.get("method") == "glmm" else "Q"
    line = f"{name} = {scale['q']:.2f}, df = {scale['q_df']}, {_p(scale['q_p'])}; I² = {scale['i2']:.1f}%"
    is_random = plan["model"] == "random" and plan.get("method") not in {"mantel_haenszel", "peto"}
    return f"Heterogeneity: τ² = {scale['tau2']:.4f}; {line}" if is_random else line


def _measure(result: Told, plan: Told) -> str:
    return MEASURE_NAMES.get(plan["measure"], str(result["shown"]["label"]).lower())


def _model(result: Told, plan: Told) -> str:
    measure = _measure(result, plan)
    method = METHOD_NAMES.get(plan.get("method", ""))
    if method is None:
        estimator = plan["tau2_estimator"]
        is_random = plan["model"] == "random"
        method = (
            f"Random effects, τ² by {TAU2_NAMES.get(estimator, estimator)}" if is_random else "Common effect"
        )
        method = f"{method}, {INTERVAL_NAMES[plan['interval']]}"
    rows = " Study intervals are exact (Clopper-Pearson)." if "proportion" in result["studies"][0] else ""
    return f"{method}, {measure}.{rows}"


def _row(study: Told, columns: _Columns) -> ForestRow:
    return ForestRow(
        label=study["study"],
        cells=columns.cells(study),
        estimate=study["shown"],
        low=study["ci_low"],
        high=study["ci_high"],
        weight=study["weight_percent"],
        key=str(study["study_pk"]),
        note="0.5 was added to cells of this study." if study["corrected"] else "",
    )


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
