"""A forest plot as lines of a table, from top to bottom: what each line prints and which mark it carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .lights import LightCell
from .model import ForestPlot, ForestRow, ForestSubgroup, ForestSummary, SummaryKind
from .scale import MINUS, number_text

NOT_ESTIMABLE = "Not estimable"
# Superscript letters, since a raised digit would read as part of the year in "Alpha 2019".
_FOOTNOTE_LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"

_RELATION = re.compile(r" ([=<>≤≥±]) ")
_NEGATIVE = re.compile(r"^-(?=[\d.])")


@dataclass(frozen=True)
class Interval:
    """A square on a line; `share` is the weight over the largest one, None when rows have no weights."""

    estimate: float
    low: float
    high: float
    share: float | None


@dataclass(frozen=True)
class Diamond:
    estimate: float
    low: float
    high: float
    kind: SummaryKind


@dataclass(frozen=True)
class PredictionBar:
    low: float
    high: float


@dataclass(frozen=True)
class TableLine:
    """One line. `effect` is three texts (estimate, "[low,", "high]"), or one that takes the whole column."""

    label: str
    cells: tuple[str, ...] = ()
    effect: tuple[str, ...] = ()
    weight: str = ""
    mark: Interval | Diamond | PredictionBar | None = None
    gid: str = ""
    bold: bool = False
    quiet: bool = False
    indented: bool = False
    space_before: bool = False


def table_lines(plot: ForestPlot) -> tuple[TableLine, ...]:
    """Studies, then each subgroup with its diamonds, then the diamonds of the whole."""
    writer = _Writer(plot)
    lines = [writer.row(row) for row in plot.rows]
    for group in plot.subgroups:
        lines += writer.subgroup(group, first=not lines)
    for index, summary in enumerate(plot.summaries):
        lines += writer.summary(summary, space_before=index == 0)
    return tuple(lines)


def bound(text: str) -> str:
    """The text with "p < 0.001" and its like on no-break spaces, so that no line ends inside them."""
    return _RELATION.sub("\u00a0\\1\u00a0", text)


def footnotes(plot: ForestPlot) -> tuple[str, ...]:
    """The notes of the rows, each once, with the letter that the labels carry."""
    return tuple(f"{letter} {note}" for note, letter in _letters(plot).items())


def _letters(plot: ForestPlot) -> dict[str, str]:
    notes = dict.fromkeys(row.note for row in plot.all_rows if row.note)
    count = len(_FOOTNOTE_LETTERS)
    return {note: _FOOTNOTE_LETTERS[i % count] * (1 + i // count) for i, note in enumerate(notes)}


class _Writer:
    """Turns parts of one plot into lines; knows what they share: axis, weights and footnote letters."""

    def __init__(self, plot: ForestPlot) -> None:
        self.axis = plot.axis
        self.letters = _letters(plot)
        self.total_weight = plot.weight_of_all
        self.largest_weight = plot.weight_of_largest
        self.grouped = bool(plot.subgroups)

    def row(self, row: ForestRow) -> TableLine:
        label = f"{row.label}\u00a0{self.letters[row.note]}" if row.note else row.label
        gid = f"row-{row.key}" if row.key else ""
        cells = tuple(
            cell if isinstance(cell, LightCell) else _NEGATIVE.sub(MINUS, cell) for cell in row.cells
        )
        if not row.is_estimable:
            return TableLine(label, cells, (NOT_ESTIMABLE,), gid=gid, indented=self.grouped)
        share = None
        if row.weight is not None and self.largest_weight > 0:
            share = row.weight / self.largest_weight
        return TableLine(
            label,
            cells,
            self._effect(row.estimate, row.low, row.high),
            self._weight(row.weight),
            Interval(row.estimate, row.low, row.high, share),
            gid,
            indented=self.grouped,
        )

    def subgroup(self, group: ForestSubgroup, *, first: bool) -> Iterator[TableLine]:
        yield TableLine(group.title, bold=True, space_before=not first)
        for row in group.rows:
            yield self.row(row)
        for summary in group.summaries:
            yield from self.summary(summary, space_before=False, indented=True)
        for text in group.lines:
            yield TableLine(bound(text), quiet=True, indented=True)

    def summary(
        self, summary: ForestSummary, *, space_before: bool, indented: bool = False
    ) -> Iterator[TableLine]:
        yield TableLine(
            summary.label,
            summary.cells,
            self._effect(summary.estimate, summary.low, summary.high),
            self._weight(summary.weight),
            Diamond(summary.estimate, summary.low, summary.high, summary.kind),
            f"summary-{summary.key}" if summary.key else "",
            bold=True,
            indented=indented,
            space_before=space_before,
        )
        if summary.prediction is not None:
            low, high = summary.prediction
            effect = ("", *self._effect(low, low, high)[1:])
            bar = PredictionBar(low, high)
            yield TableLine(summary.prediction_label, (), effect, mark=bar, indented=indented)

    def _effect(self, estimate: float, low: float, high: float) -> tuple[str, ...]:
        middle, lower, upper = (number_text(value, self.axis) for value in (estimate, low, high))
        return middle, f"[{lower},", f"{upper}]"

    def _weight(self, weight: float | None) -> str:
        if weight is None or self.total_weight == 0:
            return ""
        return f"{100 * weight / self.total_weight:.1f}%"
