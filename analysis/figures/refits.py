"""Forest plots and curves of a run pooled again: without each study, as it grew, under other choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import ndtri, stdtrit

from ..estimate import robustness
from ..estimate.plan import Plan
from ..estimate.rows import DatasetRow
from .comparisons import FittedLine
from .forest_variants import Refit, cumulative_forest, leave_one_out_forest
from .model import ForestPlot, ForestSummary, UndrawablePlot
from .multiverse import Specification
from .plain_axes import Floats

LINE_POINTS = 121


def leave_one_out(title: str, rows: Sequence[DatasetRow], plan: Plan, whole: ForestPlot) -> ForestPlot:
    """The pooled result without each study in turn."""
    return _plot(leave_one_out_forest, title, rows, robustness.leave_one_out(rows, plan), whole)


def cumulative(title: str, rows: Sequence[DatasetRow], plan: Plan, whole: ForestPlot) -> ForestPlot:
    """The pooled result as studies came in, oldest first."""
    ordered = sorted(rows, key=lambda row: (row.year is None, row.year or 0, row.study))
    return _plot(cumulative_forest, title, ordered, robustness.cumulative(rows, plan), whole)


def _plot(
    make: Callable[..., ForestPlot],
    title: str,
    rows: Sequence[DatasetRow],
    variants: Sequence[robustness.Variant],
    whole: ForestPlot,
) -> ForestPlot:
    refits = [
        Refit(
            each.label,
            each.estimate,
            each.ci_low,
            each.ci_high,
            each.i2 or 0.0,
            each.tau2 or 0.0,
            str(row.study_pk),
        )
        for row, each in zip(rows, variants, strict=True)
        if each.estimate is not None and each.ci_low is not None and each.ci_high is not None
    ]
    summary = whole.summaries[0]
    return make(title, refits, _without_cells(summary), whole.axis, whole.effect_heading)


def _without_cells(summary: ForestSummary) -> ForestSummary:
    return replace(summary, cells=("", ""), prediction=None, weight=None)


def specifications(rows: Sequence[DatasetRow], plan: Plan) -> list[Specification]:
    """The result under every sensible choice; those that cannot be computed are left out."""
    return [
        Specification(each.estimate, each.ci_low, each.ci_high, each.choices, each.is_the_run)
        for each in robustness.multiverse(rows, plan)
        if each.estimate is not None and each.ci_low is not None and each.ci_high is not None
    ]


def fitted_line(regression: Mapping[str, Any], level: float, low: float, high: float) -> FittedLine:
    """The line of a stored regression on one number, with confidence and prediction limits.

    level: in percent. low, high: of the moderator.
    """
    xs = np.linspace(low, high, LINE_POINTS)
    columns = np.column_stack([np.ones_like(xs), xs])
    fitted = columns @ np.asarray(regression["coefficients"], dtype=np.float64)
    vcov = np.asarray(regression["vcov"], dtype=np.float64)
    variance = np.einsum("ij,jk,ik->i", columns, vcov, columns)
    upper = (1 + level / 100) / 2
    df = regression["df"]
    reach = float(ndtri(upper) if df is None else stdtrit(df, upper))
    half = reach * np.sqrt(variance)
    spread = reach * np.sqrt(variance + regression["tau2"])
    return FittedLine(xs, fitted, fitted - half, fitted + half, fitted - spread, fitted + spread)


def moderators(rows: Sequence[DatasetRow]) -> tuple[Floats, list[int]]:
    """The moderator of each row that has one, with the rows' places."""
    places = [at for at, row in enumerate(rows) if row.moderator is not None]
    if not places:
        raise UndrawablePlot("No study has a value of the moderator.")
    return np.array([rows[at].moderator for at in places], dtype=np.float64), places
