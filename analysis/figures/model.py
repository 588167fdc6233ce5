"""What a forest plot shows, free of how its numbers were made and of how they are drawn.

All values are on the scale that is read off the axis: a ratio for a log axis (not its logarithm), a
proportion between 0 and 1 for a percent axis.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

# "percent" is a share, from 0 to 100%; "points" a difference of shares, with limits from its values.
Scale = Literal["linear", "log", "percent", "points"]
SummaryKind = Literal["common", "random"]


class UndrawablePlot(Exception):
    """The values given do not make a plot; says which and why."""


@dataclass(frozen=True)
class Axis:
    """The axis under the marks.

    limits: what is shown; intervals that reach further end in an arrow. None chooses: 0 to 100% on a
    percent axis, else from the values. null_line: where a solid line says "no effect".
    directions: what lies to the left and to the right of the null line ("Favours A", "Favours B").
    digits: decimals of the numbers in the effect column; None means 1 where percent are shown, else 2.
    """

    scale: Scale
    label: str = ""
    limits: tuple[float, float] | None = None
    null_line: float | None = None
    directions: tuple[str, str] | None = None
    digits: int | None = None


@dataclass(frozen=True)
class ForestRow:
    """One study. With `estimate` NaN it is printed as not estimable and has no mark.

    cells: one text for each heading of the plot's columns. weight: on any scale, shown as a share of all.
    key: names the row's group in the SVG ("row-<key>"). note: a footnote to the label.
    """

    label: str
    cells: tuple[str, ...]
    estimate: float
    low: float
    high: float
    weight: float | None = None
    key: str = ""
    note: str = ""

    @property
    def is_estimable(self) -> bool:
        return not math.isnan(self.estimate)


@dataclass(frozen=True)
class ForestSummary:
    """A pooled estimate, drawn as a diamond, with its prediction interval as a bar on the next line."""

    label: str
    estimate: float
    low: float
    high: float
    prediction: tuple[float, float] | None = None
    kind: SummaryKind = "random"
    prediction_label: str = "Prediction interval"
    cells: tuple[str, ...] = ()
    weight: float | None = None
    key: str = ""


@dataclass(frozen=True)
class ForestSubgroup:
    """Rows under a heading, with diamonds of their own and lines of text (heterogeneity) after them."""

    title: str
    rows: tuple[ForestRow, ...]
    summaries: tuple[ForestSummary, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnGroup:
    """A heading over several neighbouring columns, `first` to `last` counted from 0: an arm over its data."""

    heading: str
    first: int
    last: int


@dataclass(frozen=True)
class ForestPlot:
    """A whole forest plot; rows without a subgroup come before the subgroups."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[ForestRow, ...]
    summaries: tuple[ForestSummary, ...]
    axis: Axis
    effect_heading: str
    footer: tuple[str, ...] = ()
    subgroups: tuple[ForestSubgroup, ...] = ()
    column_groups: tuple[ColumnGroup, ...] = ()
    label_heading: str = "Study"
    weight_heading: str = "Weight"
    # Of the whole plot, where this is one page of it; None: of the rows here.
    total_weight: float | None = None
    largest_weight: float | None = None

    def __post_init__(self) -> None:
        if not self.all_rows:
            raise UndrawablePlot("A forest plot needs at least one study.")
        for row in self.all_rows:
            if len(row.cells) != len(self.columns):
                raise UndrawablePlot(f"{row.label}: {len(row.cells)} cells for {len(self.columns)} columns.")
        if not all(math.isfinite(value) for value in self.values):
            raise UndrawablePlot("Every estimate that is shown needs finite limits.")
        if self.axis.limits is not None and self.axis.limits[0] >= self.axis.limits[1]:
            raise UndrawablePlot("The axis must end above where it begins.")
        if self.axis.scale == "log" and any(value <= 0 for value in self.values):
            raise UndrawablePlot("A log axis shows only values above zero.")

    @property
    def all_rows(self) -> tuple[ForestRow, ...]:
        return self.rows + tuple(row for group in self.subgroups for row in group.rows)

    @property
    def weight_of_all(self) -> float:
        if self.total_weight is not None:
            return self.total_weight
        return math.fsum(row.weight for row in self.all_rows if row.weight is not None)

    @property
    def weight_of_largest(self) -> float:
        if self.largest_weight is not None:
            return self.largest_weight
        return max((row.weight for row in self.all_rows if row.weight is not None), default=0.0)

    @property
    def all_summaries(self) -> tuple[ForestSummary, ...]:
        return tuple(s for group in self.subgroups for s in group.summaries) + self.summaries

    @property
    def values(self) -> tuple[float, ...]:
        """Every number that has a place on the axis, set limits and null line included."""
        shown = [row for row in self.all_rows if row.is_estimable]
        each = [value for row in shown for value in (row.estimate, row.low, row.high)]
        for summary in self.all_summaries:
            each += [summary.estimate, summary.low, summary.high, *(summary.prediction or ())]
        each += [*(self.axis.limits or ())]
        return (*each, *(() if self.axis.null_line is None else (self.axis.null_line,)))
