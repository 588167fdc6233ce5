"""Where everything of a forest plot stands, in points from the top left corner of the figure."""

from __future__ import annotations

from dataclasses import dataclass

from .columns import INDENT, Columns, measure_columns
from .model import ForestPlot
from .scale import PlotScale, plot_scale
from .style import Style, wrap
from .table import TableLine, bound, footnotes, table_lines

_TICK_ROOM = 1.6  # rows between the axis and the first text under its ticks


@dataclass(frozen=True)
class PlacedLine:
    """A line of the table; `middle` is the height at which its mark and its (first) text stand."""

    line: TableLine
    label: tuple[str, ...]
    x: float
    middle: float


@dataclass(frozen=True)
class Layout:
    """The figure measured out; long texts are the lines that they are wrapped into."""

    width: float
    height: float
    title: tuple[str, ...]
    columns: Columns
    scale: PlotScale
    header_bottom: float
    lines: tuple[PlacedLine, ...]
    plot_bottom: float
    directions: tuple[tuple[str, ...], ...]
    axis_label: tuple[str, ...]
    axis_label_top: float
    footer: tuple[str, ...]
    footer_top: float


def measure(plot: ForestPlot, style: Style) -> Layout:
    """The layout that just holds the plot; its height grows with the number of lines."""
    table = table_lines(plot)
    columns = measure_columns(plot, table, style)
    width = columns.right + style.margin
    room = width - 2 * style.margin
    title = tuple(wrap(plot.title, room, style.title, bold=True)) if plot.title else ()
    header_bottom = _header_bottom(title, columns, style)
    lines, bottom = _placed_lines(table, columns, header_bottom + 0.3 * style.row_height, style)
    scale = plot_scale(plot, columns.plot_left, style.plot_width)
    directions = _directions(plot, scale, width, style)
    axis_label = _axis_label(plot, scale, width, style)
    axis_label_top = bottom + (_TICK_ROOM + 0.85 * max(map(len, directions), default=0)) * style.row_height
    notes = [*plot.footer, *footnotes(plot)]
    footer = tuple(piece for text in notes for piece in wrap(bound(text), room, style.small))
    footer_top = axis_label_top + (0.85 * len(axis_label) + 0.3) * style.row_height
    return Layout(
        width=width,
        height=footer_top + len(footer) * 1.45 * style.small + style.margin,
        title=title,
        columns=columns,
        scale=scale,
        header_bottom=header_bottom,
        lines=lines,
        plot_bottom=bottom,
        directions=directions,
        axis_label=axis_label,
        axis_label_top=axis_label_top,
        footer=footer,
        footer_top=footer_top,
    )


def _header_bottom(title: tuple[str, ...], columns: Columns, style: Style) -> float:
    """The height of the rule under the headings."""
    rows = max(len(column.heading) for column in columns.all) + (1.25 if columns.spanners else 0)
    title_height = len(title) * 1.4 * style.title + (0.5 * style.row_height if title else 0)
    return style.margin + title_height + (rows * 0.85 + 0.25) * style.row_height


def _directions(
    plot: ForestPlot, scale: PlotScale, width: float, style: Style
) -> tuple[tuple[str, ...], ...]:
    """What is written left and right of the null line, each wrapped before the edge of the figure."""
    if plot.axis.directions is None or plot.axis.null_line is None:
        return ()
    x = scale.within(plot.axis.null_line)
    rooms = (x - style.margin - style.gap / 2, width - style.margin - x - style.gap / 2)
    each = zip(plot.axis.directions, rooms, strict=True)
    return tuple(tuple(wrap(text, room, style.small)) for text, room in each)


def _axis_label(plot: ForestPlot, scale: PlotScale, width: float, style: Style) -> tuple[str, ...]:
    """The label centred under the axis, wrapped before it reaches the nearer edge of the figure."""
    centre = (scale.left + scale.right) / 2
    room = 2 * (min(centre, width - centre) - style.margin)
    return tuple(wrap(plot.axis.label, room, style.size)) if plot.axis.label else ()


def _placed_lines(
    lines: tuple[TableLine, ...], columns: Columns, top: float, style: Style
) -> tuple[tuple[PlacedLine, ...], float]:
    """Each line at its height, and the height at which the last one ends."""
    placed = []
    # A subgroup's line of text has the columns left of the plot to itself, marks and rules have the plot.
    beside_plot = columns.left_of_plot - style.margin
    for line in lines:
        indent = INDENT if line.indented else 0.0
        room = (beside_plot if line.quiet else columns.label.width + 0.01) - indent
        label = wrap(line.label, room, style.small if line.quiet else style.size, bold=line.bold)
        top += 0.45 * style.row_height if line.space_before else 0.0
        leading = style.row_height * 0.8
        placed.append(PlacedLine(line, tuple(label), style.margin + indent, top + style.row_height / 2))
        top += style.row_height + (len(label) - 1) * leading
    return tuple(placed), top + 0.3 * style.row_height
