"""Forest plots for publication: a table of studies with a plot in it, drawn on a matplotlib Figure."""

from __future__ import annotations

from matplotlib.figure import Figure

from .canvas import Align, Canvas
from .columns import Column, Spanner, decimals
from .layout import Layout, PlacedLine, measure
from .lights import LightCell, draw_light
from .model import ForestPlot, ForestSummary
from .scale import ticks
from .style import DEFAULT_STYLE, Style, text_width
from .table import Diamond, Interval, PredictionBar

_OUTWARDS: tuple[Align, Align] = ("right", "left")
_UNWEIGHTED = 0.3  # share of the largest square when studies have no weights
_TICK = 2.0  # half its height
_LIGHT = 5.6  # radius of a risk-of-bias light
_ARROW = 5.0  # length of the head that ends a clipped interval


def draw_forest(plot: ForestPlot, *, style: Style = DEFAULT_STYLE) -> Figure:
    """The plot as a Figure that is just large enough for it; `export.figure_bytes` makes files of it.

    In the SVG the marks and texts of a study are one group whose id is "row-" and the row's key.
    """
    layout = measure(plot, style)
    canvas = Canvas(layout.width, layout.height)
    canvas.figure.set_label(plot.title or "Forest plot")  # the export's accessible name
    forest = _Forest(plot, layout, canvas, style)
    forest.header()
    forest.reference_lines()
    for placed in layout.lines:
        with canvas.group(placed.line.gid):
            forest.table_line(placed)
    forest.axis()
    forest.footer()
    return canvas.figure


class _Forest:
    """One drawing in progress: the parts of the plot, each drawn where the layout says."""

    def __init__(self, plot: ForestPlot, layout: Layout, canvas: Canvas, style: Style) -> None:
        self.plot = plot
        self.layout = layout
        self.canvas = canvas
        self.style = style

    def header(self) -> None:
        style, layout = self.style, self.layout
        for index, text in enumerate(layout.title):
            middle = style.margin + style.title * (0.5 + 1.4 * index)
            self.canvas.text(style.margin, middle, text, size=style.title, colour=style.ink, bold=True)
        for column in layout.columns.all:
            self._heading(column)
        for spanner in layout.columns.spanners:
            self._spanner(spanner)
        ends = [(style.margin, layout.header_bottom), (layout.width - style.margin, layout.header_bottom)]
        self.canvas.line(ends, colour=style.ink)

    def _heading(self, column: Column) -> None:
        style = self.style
        for above, text in enumerate(reversed(column.heading)):
            middle = self.layout.header_bottom - (0.55 + 0.85 * above) * style.row_height
            x = column.right if column.numeric else column.left
            align: Align = "right" if column.numeric else "left"
            self.canvas.text(x, middle, text, size=style.size, colour=style.ink, align=align, bold=True)

    def _spanner(self, spanner: Spanner) -> None:
        style = self.style
        deepest = max(len(column.heading) for column in self.layout.columns.cells)
        rule = self.layout.header_bottom - (0.85 * deepest + 0.2) * style.row_height
        centre, middle = (spanner.left + spanner.right) / 2, rule - 0.5 * style.row_height
        self.canvas.text(
            centre, middle, spanner.heading, size=style.size, colour=style.ink, align="center", bold=True
        )
        self.canvas.line([(spanner.left, rule), (spanner.right, rule)], colour=style.rule, width=0.6)

    def reference_lines(self) -> None:
        """Behind the marks: what parts studies from results, no effect (solid), pooled estimates (broken)."""
        layout, scale, null = self.layout, self.layout.scale, self.plot.axis.null_line
        top, bottom = layout.header_bottom, layout.plot_bottom
        for placed in layout.lines:
            if placed.line.space_before and isinstance(placed.line.mark, Diamond):
                self._hairline(placed.middle - 0.72 * self.style.row_height)
        if null is not None and scale.shows(null):
            x = scale.x(null)
            self.canvas.line([(x, top), (x, bottom)], colour=self.style.rule, width=0.8)
        for summary in self.plot.summaries:
            if scale.shows(summary.estimate):
                x = scale.x(summary.estimate)
                dashes = (4.0, 2.5) if summary.kind == "random" else (1.0, 2.0)
                self.canvas.line(
                    [(x, top), (x, bottom)], colour=self._colour(summary), width=0.8, dashes=dashes
                )

    def _hairline(self, height: float) -> None:
        ends = [(self.style.margin, height), (self.layout.width - self.style.margin, height)]
        self.canvas.line(ends, colour=self.style.hairline, width=0.8)

    def _colour(self, summary: ForestSummary) -> str:
        return self.style.random if summary.kind == "random" else self.style.quiet

    def table_line(self, placed: PlacedLine) -> None:
        self._mark(placed)
        self._label(placed)
        line, columns = placed.line, self.layout.columns
        for column, text in zip(columns.cells, line.cells, strict=False):
            self._cell(column, text, placed)
        edges = columns.effect_edges if len(line.effect) == 3 else columns.effect_edges[-1:]
        for edge, text in zip(edges, line.effect, strict=False):
            self._number(edge, text, placed)
        if columns.weight is not None:
            self._number(columns.weight.right, line.weight, placed)

    def _label(self, placed: PlacedLine) -> None:
        line, style = placed.line, self.style
        for index, text in enumerate(placed.label):
            self.canvas.text(
                placed.x,
                placed.middle + index * 0.8 * style.row_height,
                text,
                size=style.small if line.quiet else style.size,
                colour=style.quiet if line.quiet else style.ink,
                bold=line.bold,
            )

    def _cell(self, column: Column, text: str, placed: PlacedLine) -> None:
        style, bold = self.style, placed.line.bold
        if isinstance(text, LightCell):
            centre = (column.left + column.right) / 2
            draw_light(self.canvas, centre, placed.middle, _LIGHT, text.light, style)
            return
        if not column.numeric:
            self.canvas.text(column.left, placed.middle, text, size=style.size, colour=style.ink, bold=bold)
            return
        edge = column.right
        if column.point is not None:
            edge = column.point + text_width(decimals(text), style.size, bold=bold)
        self._number(edge, text, placed)

    def _number(self, right: float, text: str, placed: PlacedLine) -> None:
        self.canvas.text(
            right,
            placed.middle,
            text,
            size=self.style.size,
            colour=self.style.ink,
            align="right",
            bold=placed.line.bold,
        )

    def _mark(self, placed: PlacedLine) -> None:
        mark = placed.line.mark
        if isinstance(mark, Interval):
            self._interval(mark, placed.middle)
        elif isinstance(mark, Diamond):
            self._diamond(mark, placed.middle)
        elif isinstance(mark, PredictionBar):
            self._prediction(mark, placed.middle)

    def _interval(self, mark: Interval, middle: float) -> None:
        """A square whose area is the weight, and over it the line of the interval, seen even when short."""
        scale, style = self.layout.scale, self.style
        if scale.shows(mark.estimate):
            share = _UNWEIGHTED if mark.share is None else mark.share
            half = style.largest_square * share**0.5 / 2
            x = scale.x(mark.estimate)
            corners = [(x - half, middle - half), (x + half, middle - half)]
            corners += [(x + half, middle + half), (x - half, middle + half)]
            self.canvas.polygon(corners, fill=style.square)
            if half < _TICK:  # next to no weight, next to no square: a tick still shows where it lies
                self.canvas.line([(x, middle - _TICK), (x, middle + _TICK)], colour=style.ink, width=1.0)
        self._whisker(mark.low, mark.high, middle, style.ink, 1.0)

    def _whisker(self, low: float, high: float, middle: float, colour: str, width: float) -> None:
        """The line of an interval, with an arrow head on the side where the axis cuts it."""
        scale = self.layout.scale
        left, right = (scale.within(each) for each in (low, high))
        if low < scale.low:
            self._arrow_head(scale.left, middle, 1, colour)
            left = min(scale.left + _ARROW * 0.8, max(left, right))
        if high > scale.high:
            self._arrow_head(scale.right, middle, -1, colour)
            right = max(scale.right - _ARROW * 0.8, min(left, right))
        if left < right:
            self.canvas.line([(left, middle), (right, middle)], colour=colour, width=width)

    def _arrow_head(self, tip: float, middle: float, inwards: int, colour: str) -> None:
        back = tip + inwards * _ARROW
        points = [(tip, middle), (back, middle - _ARROW * 0.5), (back, middle + _ARROW * 0.5)]
        self.canvas.polygon(points, fill=colour)

    def _diamond(self, mark: Diamond, middle: float) -> None:
        scale, style = self.layout.scale, self.style
        half = 0.36 * style.row_height
        left, centre, right = (scale.within(value) for value in (mark.low, mark.estimate, mark.high))
        corners = [(left, middle), (centre, middle - half), (right, middle), (centre, middle + half)]
        fill = style.random if mark.kind == "random" else style.common
        self.canvas.polygon(corners, fill=fill, edge=style.random)

    def _prediction(self, mark: PredictionBar, middle: float) -> None:
        scale, colour = self.layout.scale, self.style.prediction
        self._whisker(mark.low, mark.high, middle, colour, 2.4)
        for value in (mark.low, mark.high):
            if scale.shows(value):
                x = scale.x(value)
                self.canvas.line([(x, middle - 4), (x, middle + 4)], colour=colour, width=1.4)

    def axis(self) -> None:
        style, scale, bottom = self.style, self.layout.scale, self.layout.plot_bottom
        self.canvas.line([(scale.left, bottom), (scale.right, bottom)], colour=style.ink)
        for value, label in ticks(scale, style.small):
            x = scale.x(value)
            self.canvas.line([(x, bottom), (x, bottom + 3.5)], colour=style.ink)
            self.canvas.text(
                x, bottom + 0.65 * style.row_height, label, size=style.small, colour=style.ink, align="center"
            )
        self._directions()
        centre = (scale.left + scale.right) / 2
        for index, text in enumerate(self.layout.axis_label):
            middle = self.layout.axis_label_top + 0.85 * index * style.row_height
            self.canvas.text(centre, middle, text, size=style.size, colour=style.ink, align="center")

    def _directions(self) -> None:
        """What lies on either side of the line of no effect, written outwards from it."""
        style, null = self.style, self.plot.axis.null_line
        if null is None or not self.layout.directions:
            return
        rows = max(map(len, self.layout.directions))
        top = self.layout.axis_label_top - 0.85 * rows * style.row_height
        for side, align, lines in zip((-1, 1), _OUTWARDS, self.layout.directions, strict=True):
            x = self.layout.scale.within(null) + side * style.gap / 2
            for index, text in enumerate(lines):
                middle = top + 0.85 * index * style.row_height
                self.canvas.text(x, middle, text, size=style.small, colour=style.quiet, align=align)

    def footer(self) -> None:
        style = self.style
        for index, text in enumerate(self.layout.footer):
            middle = self.layout.footer_top + (index * 1.45 + 0.5) * style.small
            self.canvas.text(style.margin, middle, text, size=style.small, colour=style.quiet)
