"""Other forest plots of the same numbers: sorted, bare, summaries only, leave-one-out, cumulative."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .model import Axis, ColumnGroup, ForestPlot, ForestRow, ForestSummary, UndrawablePlot

Order = Literal["effect", "weight", "label"]


@dataclass(frozen=True)
class Refit:
    """A pooled result without one study, or with the studies so far, on the scale read off the axis.

    i2: percent.
    """

    label: str
    estimate: float
    low: float
    high: float
    i2: float
    tau2: float
    key: str = ""


def sorted_rows(plot: ForestPlot, order: Order, *, descending: bool = False) -> ForestPlot:
    """The studies of each part of the plot in another order; those that are not estimable come last."""

    def place(row: ForestRow) -> tuple[bool, float, str]:
        if order == "label":
            return False, 0.0, row.label.casefold()
        value = row.estimate if order == "effect" else row.weight
        absent = value is None or math.isnan(value)
        return absent, 0.0 if value is None or absent else (-value if descending else value), row.label

    def arranged(rows: tuple[ForestRow, ...]) -> tuple[ForestRow, ...]:
        ordered = sorted(rows, key=place)
        return tuple(reversed(ordered)) if descending and order == "label" else tuple(ordered)

    groups = tuple(replace(group, rows=arranged(group.rows)) for group in plot.subgroups)
    return replace(plot, rows=arranged(plot.rows), subgroups=groups)


def chosen_columns(plot: ForestPlot, wanted: Sequence[int]) -> ForestPlot:
    """The plot with some of its columns, by their positions counted from 0, in the plot's order."""
    kept = [at for at in range(len(plot.columns)) if at in set(wanted)]

    def cells(of: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(of[at] for at in kept) if of else of

    def row(of: ForestRow) -> ForestRow:
        return replace(of, cells=cells(of.cells))

    def summary(of: ForestSummary) -> ForestSummary:
        return replace(of, cells=cells(of.cells))

    return replace(
        plot,
        columns=cells(plot.columns),
        rows=tuple(map(row, plot.rows)),
        summaries=tuple(map(summary, plot.summaries)),
        column_groups=tuple(_group(group, kept) for group in plot.column_groups if _members(group, kept)),
        subgroups=tuple(
            replace(each, rows=tuple(map(row, each.rows)), summaries=tuple(map(summary, each.summaries)))
            for each in plot.subgroups
        ),
    )


def _members(group: ColumnGroup, kept: list[int]) -> list[int]:
    return [new for new, old in enumerate(kept) if group.first <= old <= group.last]


def _group(group: ColumnGroup, kept: list[int]) -> ColumnGroup:
    members = _members(group, kept)
    return ColumnGroup(group.heading, members[0], members[-1])


def without_weights(plot: ForestPlot) -> ForestPlot:
    """The same squares for all studies, and no column of weights."""

    def bare(rows: tuple[ForestRow, ...]) -> tuple[ForestRow, ...]:
        return tuple(replace(row, weight=None) for row in rows)

    groups = tuple(
        replace(each, rows=bare(each.rows), summaries=tuple(replace(s, weight=None) for s in each.summaries))
        for each in plot.subgroups
    )
    summaries = tuple(replace(summary, weight=None) for summary in plot.summaries)
    return replace(plot, rows=bare(plot.rows), subgroups=groups, summaries=summaries)


def caterpillar(plot: ForestPlot) -> ForestPlot:
    """Studies by the size of their effect, without columns: for plots of very many studies."""
    return sorted_rows(without_weights(chosen_columns(plot, ())), "effect")


def summary_only(plot: ForestPlot) -> ForestPlot:
    """A line for each subgroup's first summary, without its studies. Raises UndrawablePlot without one."""
    rows = tuple(
        ForestRow(
            label=group.title,
            cells=summary.cells or ("",) * len(plot.columns),
            estimate=summary.estimate,
            low=summary.low,
            high=summary.high,
            weight=summary.weight,
            key=summary.key,
        )
        for group in plot.subgroups
        for summary in group.summaries[:1]
    )
    if not rows:
        raise UndrawablePlot("A plot of summaries only needs subgroups with a pooled estimate each.")
    return replace(plot, rows=rows, subgroups=(), label_heading="Subgroup")


def leave_one_out_forest(
    title: str, refits: Sequence[Refit], whole: ForestSummary, axis: Axis, effect_heading: str
) -> ForestPlot:
    """The pooled effect without each study in turn, above that of all."""
    return _refitted(title, [f"Without {each.label}" for each in refits], refits, whole, axis, effect_heading)


def cumulative_forest(
    title: str, refits: Sequence[Refit], whole: ForestSummary, axis: Axis, effect_heading: str
) -> ForestPlot:
    """The pooled effect as studies came in, each line with the studies up to it."""
    labels = [("+ " if at else "") + each.label for at, each in enumerate(refits)]
    return _refitted(title, labels, refits, whole, axis, effect_heading)


def _refitted(
    title: str,
    labels: Sequence[str],
    refits: Sequence[Refit],
    whole: ForestSummary,
    axis: Axis,
    effect_heading: str,
) -> ForestPlot:
    rows = tuple(
        ForestRow(
            label=label,
            cells=(f"{each.i2:.0f}%", f"{each.tau2:.3g}"),
            estimate=each.estimate,
            low=each.low,
            high=each.high,
            key=each.key,
        )
        for label, each in zip(labels, refits, strict=True)
    )
    return ForestPlot(
        title=title,
        columns=("I\u00b2", "\u03c4\u00b2"),
        rows=rows,
        summaries=(replace(whole, cells=whole.cells if len(whole.cells) == 2 else ("", "")),),
        axis=axis,
        effect_heading=effect_heading,
    )
