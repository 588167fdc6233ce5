"""The forest plot of a run: its stored result laid out as rows, diamond and footer."""

from collections.abc import Mapping
from typing import Any

from .model import Axis, ForestPlot, ForestRow, ForestSummary

TAU2_NAMES = {"DL": "DerSimonian-Laird", "REML": "REML"}
INTERVAL_NAMES = {"wald": "Wald interval", "hartung_knapp": "Hartung-Knapp interval"}
MEASURE_NAMES = {"PR": "raw proportions", "PLO": "logit-transformed proportions"}


def forest_of(title: str, result: Mapping[str, Any], plan: Mapping[str, Any]) -> ForestPlot:
    """The plot of a single-arm proportion analysis; rows have exact (Clopper-Pearson) intervals."""
    level = f"{plan['level']:g}% CI"
    prediction = (result["prediction_low"], result["prediction_high"])
    return ForestPlot(
        title=title,
        columns=("Events", "Total"),
        rows=tuple(_row(study) for study in result["studies"]),
        summaries=(
            ForestSummary(
                label="Random effects" if plan["model"] == "random" else "Common effect",
                estimate=_shown(result["estimate"]),
                low=_shown(result["ci_low"]),
                high=_shown(result["ci_high"]),
                prediction=None if None in prediction else (_shown(prediction[0]), _shown(prediction[1])),
                kind="random" if plan["model"] == "random" else "common",
                cells=(
                    str(sum(study["events"] for study in result["studies"])),
                    str(sum(study["n"] for study in result["studies"])),
                ),
            ),
        ),
        axis=Axis("percent", label="Proportion"),
        effect_heading=f"Proportion [{level}]",
        footer=footer(result["scale"], plan),
    )


def footer(scale: Mapping[str, Any], plan: Mapping[str, Any]) -> tuple[str, ...]:
    """Heterogeneity and model in words, as under a printed forest plot."""
    random = plan["model"] == "random"
    heterogeneity = f"Q = {scale['q']:.2f}, df = {scale['q_df']}, {_p(scale['q_p'])}; I² = {scale['i2']:.1f}%"
    if random:
        heterogeneity = f"Heterogeneity: τ² = {scale['tau2']:.4f}; {heterogeneity}"
    model = (
        f"Random effects, τ² by {TAU2_NAMES[plan['tau2_estimator']]}" if random else "Common effect"
    ) + f", {INTERVAL_NAMES[plan['interval']]}, {MEASURE_NAMES[plan['measure']]}"
    rows = "Study intervals are exact (Clopper-Pearson)."
    return (heterogeneity, f"{model}. {rows}")


def _row(study: Mapping[str, Any]) -> ForestRow:
    return ForestRow(
        label=study["study"],
        cells=(str(study["events"]), str(study["n"])),
        estimate=study["proportion"],
        low=study["ci_low"],
        high=study["ci_high"],
        weight=study["weight_percent"],
        key=str(study["study_pk"]),
        note="0.5 was added to events and non-events." if study["corrected"] else "",
    )


def _shown(proportion: float) -> float:
    # Limits of raw proportions may leave 0 to 1; the figure ends there, the stored numbers do not.
    return min(1.0, max(0.0, proportion))


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
