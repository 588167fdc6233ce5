"""The columns of a forest plot's table, each as wide as its widest text really is when drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .model import ForestPlot
from .style import Style, text_width
from .table import TableLine

INDENT = 8.0

_NUMBER = re.compile(r"[+\-\u2212]?[\d,.\u00a0\u202f]*\d%?")
_NO_NUMBER = {"", "-", "\u2013", "\u2014", "NA", "NR"}


@dataclass(frozen=True)
class Column:
    """A column of texts. Numbers end at `right`, or have their decimal points at `point` when it is set."""

    heading: tuple[str, ...]
    left: float
    width: float
    numeric: bool
    point: float | None = None

    @property
    def right(self) -> float:
        return self.left + self.width


@dataclass(frozen=True)
class Spanner:
    """A heading over several columns, with a rule from `left` to `right` under it."""

    heading: str
    left: float
    right: float


@dataclass(frozen=True)
class Columns:
    """All columns from left to right, the plot among them.

    `effect_edges` are the right edges of the estimate, the lower and the upper limit.
    """

    label: Column
    cells: tuple[Column, ...]
    spanners: tuple[Spanner, ...]
    plot_left: float
    effect: Column
    effect_edges: tuple[float, float, float]
    weight: Column | None

    @property
    def all(self) -> tuple[Column, ...]:
        return (self.label, *self.cells, self.effect, *((self.weight,) if self.weight else ()))

    @property
    def right(self) -> float:
        return self.all[-1].right

    @property
    def left_of_plot(self) -> float:
        """Right edge of the last column before the plot."""
        return (self.label, *self.cells)[-1].right


def measure_columns(plot: ForestPlot, lines: tuple[TableLine, ...], style: Style) -> Columns:
    """The columns side by side from the margin, a gap between each two."""
    label = _label_column(plot, lines, style)
    x = label.right + style.gap
    cells: list[Column] = []
    starts: list[float] = []
    for index, heading in enumerate(plot.columns):
        starts.append(x)
        extra = _spanner_excess(plot, index, lines, style)
        cells.append(_text_column(heading, _texts(lines, index), x + extra, style))
        x = cells[-1].right + style.gap
    spanners = tuple(
        Spanner(group.heading, starts[group.first], cells[group.last].right) for group in plot.column_groups
    )
    plot_left = x + style.gap * 0.25
    effect, edges = _effect_column(plot, lines, plot_left + style.plot_width + style.gap, style)
    weight = None
    if any(line.weight for line in lines):
        texts = [(line.weight, line.bold) for line in lines]
        weight = _text_column(plot.weight_heading, texts, effect.right + style.gap, style)
    return Columns(label, tuple(cells), spanners, plot_left, effect, edges, weight)


def _texts(lines: tuple[TableLine, ...], index: int) -> list[tuple[str, bool]]:
    """The texts of one column of cells, and whether each is bold."""
    return [(line.cells[index], line.bold) for line in lines if len(line.cells) > index]


def _label_column(plot: ForestPlot, lines: tuple[TableLine, ...], style: Style) -> Column:
    """The column of labels: as wide as the longest of them, up to the width at which they are wrapped."""
    heading = tuple(plot.label_heading.split("\n"))
    width = max(text_width(each, style.size, bold=True) for each in heading)
    for line in lines:
        if not line.quiet:  # lines of text about a subgroup are wrapped into the room that there is
            indent = INDENT if line.indented else 0
            width = max(width, indent + text_width(line.label, style.size, bold=line.bold))
    return Column(heading, style.margin, min(width, style.label_width), numeric=False)


def _spanner_excess(plot: ForestPlot, index: int, lines: tuple[TableLine, ...], style: Style) -> float:
    """How much wider a heading over columns is than they are; given to the first of them."""
    for group in plot.column_groups:
        if group.first == index:
            inner = style.gap * (group.last - group.first)
            for at in range(group.first, group.last + 1):
                inner += _text_column(plot.columns[at], _texts(lines, at), 0, style).width
            return max(0.0, text_width(group.heading, style.size, bold=True) - inner)
    return 0.0


def _text_column(heading: str, texts: list[tuple[str, bool]], left: float, style: Style) -> Column:
    """A column of cells: numbers to the right, on their decimal point where only some have decimals."""
    headings = tuple(heading.split("\n"))
    width = max(text_width(each, style.size, bold=True) for each in headings)
    content = [each for each in texts if each[0].strip() not in _NO_NUMBER]
    numeric = bool(content) and all(_NUMBER.fullmatch(text.strip()) for text, _ in content)
    width = max([width, *(text_width(text, style.size, bold=bold) for text, bold in texts)])
    if not numeric or len({len(decimals(text)) for text, _ in content}) < 2:
        return Column(headings, left, width, numeric)
    after = max(text_width(decimals(text), style.size, bold=bold) for text, bold in content)
    before = max(
        text_width(text.removesuffix(decimals(text)), style.size, bold=bold) for text, bold in content
    )
    width = max(width, before + after)
    return Column(headings, left, width, numeric, point=left + width - after)


def decimals(text: str) -> str:
    """What follows the integer part of a number, its point included."""
    return text[text.rindex(".") :] if "." in text else ""


def _effect_column(
    plot: ForestPlot, lines: tuple[TableLine, ...], left: float, style: Style
) -> tuple[Column, tuple[float, float, float]]:
    """The column of estimates with intervals: three numbers, each flush right at an edge of its own."""
    widths = [0.0, 0.0, 0.0]
    whole = 0.0
    for line in lines:
        if len(line.effect) == 3:
            each = (text_width(text, style.size, bold=line.bold) for text in line.effect)
            widths = [max(pair) for pair in zip(widths, each, strict=True)]
        else:
            whole = max([whole, *(text_width(text, style.size) for text in line.effect)])
    space = text_width("\u00a0\u00a0", style.size)
    heading = tuple(plot.effect_heading.split("\n"))
    content = sum(widths) + 1.5 * space
    width = max([content, whole, *(text_width(text, style.size, bold=True) for text in heading)])
    right = left + width
    edges = (right - widths[2] - 0.5 * space - widths[1] - space, right - widths[2] - 0.5 * space, right)
    return Column(heading, left, width, numeric=True), edges
