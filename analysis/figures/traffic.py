"""Traffic-light and summary plots of risk of bias, in the layout that readers know from robvis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from .canvas import Canvas
from .lights import Light, draw_legend, draw_light
from .model import UndrawablePlot
from .style import DEFAULT_STYLE, Style, text_width, wrap

_CELL = 30.0  # width of a column and height of a row of the traffic-light plot
_RADIUS = 10.0
_BAR_WIDTH = 360.0
_BAR_HEIGHT = 18.0
_NAMES = 330.0  # room for the names of domains below the picture


@dataclass(frozen=True)
class TrafficPlot:
    """Studies by domains.

    columns: (key, name), the overall judgement last. rows: study and one light a column. lights: every
    judgement of the tool, for the legend.
    """

    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[Light | None, ...]], ...]
    lights: tuple[Light, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise UndrawablePlot("No study has agreed judgements to draw yet.")
        for study, lights in self.rows:
            if len(lights) != len(self.columns):
                raise UndrawablePlot(f"{study}: {len(lights)} judgements for {len(self.columns)} columns.")


@dataclass(frozen=True)
class SummaryPlot:
    """Bars of shares. bars: the name of a domain, and the share (0 to 1) of each light in their order."""

    title: str
    bars: tuple[tuple[str, tuple[float, ...]], ...]
    lights: tuple[Light, ...]
    note: str = ""


def summary_of(plot: TrafficPlot, weights: Mapping[str, float] | None = None) -> SummaryPlot:
    """How the judgements of each domain are shared out, each study counting alike or by its weight.

    weights: by study, on any scale. Studies without a weight and missing judgements are left out.
    """
    counted = [(lights, 1.0 if weights is None else weights.get(study, 0.0)) for study, lights in plot.rows]
    if sum(weight for _, weight in counted) <= 0:
        raise UndrawablePlot("None of the studies has a weight in that analysis.")
    bars = []
    for at, (_, name) in enumerate(plot.columns):
        judged = [(lights[at], weight) for lights, weight in counted if lights[at] is not None]
        total = sum(weight for _, weight in judged)
        sums = [sum(weight for light, weight in judged if light == each) for each in plot.lights]
        bars.append((name, tuple(each / total if total else 0.0 for each in sums)))
    left_out = sum(weight <= 0 for _, weight in counted)
    note = (
        "Each study counts alike." if weights is None else "Each study counts by its weight in the analysis."
    )
    if left_out:
        note += f" {left_out} without a weight {'is' if left_out == 1 else 'are'} left out."
    return SummaryPlot(plot.title, tuple(bars), plot.lights, note)


def draw_traffic(plot: TrafficPlot, *, style: Style = DEFAULT_STYLE) -> Figure:
    """The traffic-light plot. In the SVG each study is a group "row-1", "row-2" and so on."""
    names = _name_lines(plot, style)
    label_width = max(text_width(study, style.size) for study, _ in plot.rows)
    title = wrap(plot.title, 420, style.title, bold=True)
    left = style.margin + label_width + style.gap
    top = style.margin + len(title) * 1.4 * style.title + 1.6 * style.row_height
    below = max(len(names), len(plot.lights)) * style.row_height
    legend_left = style.margin + _NAMES + style.gap
    legend_width = max(text_width(each.label, style.size) for each in plot.lights) + 20
    width = max(left + len(plot.columns) * _CELL, legend_left + legend_width) + style.margin
    bottom = top + len(plot.rows) * _CELL
    canvas = Canvas(width, bottom + 1.4 * style.row_height + below + style.margin)
    canvas.figure.set_label(plot.title)
    _title(canvas, title, style)
    _heads(canvas, plot, left, top, style)
    for index, (study, lights) in enumerate(plot.rows):
        with canvas.group(f"row-{index + 1}"):
            _row(canvas, (left, top + index * _CELL), study, lights, style)
    _grid(canvas, plot, left, top, style)
    for index, line in enumerate(names):
        middle = bottom + (1.4 + index + 0.5) * style.row_height
        canvas.text(style.margin, middle, line, size=style.small, colour=style.quiet)
    draw_legend(canvas, legend_left, bottom + 1.4 * style.row_height, plot.lights, style)
    return canvas.figure


def _name_lines(plot: TrafficPlot, style: Style) -> list[str]:
    """The key of each column with its name; none where the key says it already."""
    told = [f"{key}: {name}" for key, name in plot.columns if key != name]
    return [line for text in told for line in wrap(text, _NAMES, style.small)]


def _title(canvas: Canvas, lines: Sequence[str], style: Style) -> None:
    for index, text in enumerate(lines):
        middle = style.margin + style.title * (0.5 + 1.4 * index)
        canvas.text(style.margin, middle, text, size=style.title, colour=style.ink, bold=True)


def _heads(canvas: Canvas, plot: TrafficPlot, left: float, top: float, style: Style) -> None:
    middle = top - 0.7 * style.row_height
    canvas.text(style.margin, middle, "Study", size=style.size, colour=style.ink, bold=True)
    for at, (key, _) in enumerate(plot.columns):
        x = left + (at + 0.5) * _CELL
        size = min(style.size, style.size * (_CELL - 3) / max(1.0, text_width(key, style.size, bold=True)))
        canvas.text(x, middle, key, size=size, colour=style.ink, align="center", bold=True)


def _row(
    canvas: Canvas, corner: tuple[float, float], study: str, lights: tuple[Light | None, ...], style: Style
) -> None:
    left, top = corner
    middle = top + _CELL / 2
    canvas.text(style.margin, middle, study, size=style.size, colour=style.ink)
    for at, light in enumerate(lights):
        if light is not None:
            draw_light(canvas, left + (at + 0.5) * _CELL, middle, _RADIUS, light, style)


def _grid(canvas: Canvas, plot: TrafficPlot, left: float, top: float, style: Style) -> None:
    right, bottom = left + len(plot.columns) * _CELL, top + len(plot.rows) * _CELL
    for index in range(len(plot.rows) + 1):
        y = top + index * _CELL
        canvas.line([(style.margin, y), (right, y)], colour=style.hairline, width=0.6)
    for at in range(len(plot.columns) + 1):
        x = left + at * _CELL
        canvas.line([(x, top), (x, bottom)], colour=style.hairline, width=0.6)
    if plot.columns[-1][0] == "Overall":
        x = right - _CELL
        canvas.line([(x, top), (x, bottom)], colour=style.ink, width=1.0)


def draw_summary(plot: SummaryPlot, *, style: Style = DEFAULT_STYLE) -> Figure:
    """The bars, with the share in percent written where it has room."""
    label_width = max(text_width(name, style.size) for name, _ in plot.bars)
    title = wrap(plot.title, label_width + _BAR_WIDTH, style.title, bold=True)
    left = style.margin + label_width + style.gap
    top = style.margin + len(title) * 1.4 * style.title + 0.6 * style.row_height
    step = _BAR_HEIGHT + 7
    bottom = top + len(plot.bars) * step
    legend_top = bottom + 2.6 * style.row_height
    height = legend_top + (len(plot.lights) + 0.3) * style.row_height + style.margin
    canvas = Canvas(left + _BAR_WIDTH + style.margin + 8, height)
    canvas.figure.set_label(plot.title)
    _title(canvas, title, style)
    for index, (name, shares) in enumerate(plot.bars):
        with canvas.group(f"bar-{index + 1}"):
            _bar(canvas, (left, top + index * step), name, plot.lights, shares, style)
    _axis(canvas, left, bottom, style)
    draw_legend(canvas, left, legend_top, plot.lights, style)
    if plot.note:
        middle = legend_top + (len(plot.lights) + 0.6) * style.row_height
        canvas.text(style.margin, middle, plot.note, size=style.small, colour=style.quiet)
    return canvas.figure


def _bar(
    canvas: Canvas,
    corner: tuple[float, float],
    name: str,
    lights: Sequence[Light],
    shares: Sequence[float],
    style: Style,
) -> None:
    left, top = corner
    middle = top + _BAR_HEIGHT / 2
    canvas.text(left - style.gap / 2, middle, name, size=style.size, colour=style.ink, align="right")
    x = left
    for light, share in zip(lights, shares, strict=True):
        if share <= 0:
            continue
        right = x + share * _BAR_WIDTH
        ends = [(x, top), (right, top), (right, top + _BAR_HEIGHT), (x, top + _BAR_HEIGHT)]
        canvas.polygon(ends, fill=light.colour, edge=style.ink)
        text = f"{light.symbol} {100 * share:.0f}%"
        if right - x > text_width(text, style.small, bold=True) + 4:
            ink = "#ffffff" if light.tone in {"high", "critical"} else style.ink
            centre = (x + right) / 2
            canvas.text(centre, middle, text, size=style.small, colour=ink, align="center", bold=True)
        x = right


def _axis(canvas: Canvas, left: float, bottom: float, style: Style) -> None:
    canvas.line([(left, bottom), (left + _BAR_WIDTH, bottom)], colour=style.ink)
    for percent in (0, 25, 50, 75, 100):
        x = left + percent / 100 * _BAR_WIDTH
        canvas.line([(x, bottom), (x, bottom + 3.5)], colour=style.ink)
        middle = bottom + 0.75 * style.row_height
        canvas.text(x, middle, f"{percent}%", size=style.small, colour=style.ink, align="center")
