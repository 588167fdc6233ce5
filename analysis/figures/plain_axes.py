"""A Figure with one pair of axes in the style of the other figures, and what many plots put on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .effect_axis import LINEAR, EffectScale
from .model import UndrawablePlot
from .style import DEFAULT_STYLE, Style, font, printable, shortened, text_width, wrap

Floats = NDArray[np.float64]
WIDTH, HEIGHT = 420.0, 340.0
PAD = 0.06
LONGEST_NAME = 26


@dataclass(frozen=True)
class Studies:
    """Effects with standard errors on the analysis scale, shape (k,); keys name the points in the SVG."""

    labels: tuple[str, ...]
    effects: Floats
    ses: Floats
    scale: EffectScale = LINEAR
    keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.labels) == 0:
            raise UndrawablePlot("A plot needs at least one study.")
        if not len(self.labels) == len(self.effects) == len(self.ses):
            raise UndrawablePlot("Each study needs a label, an effect and a standard error.")
        if not (np.isfinite(self.effects).all() and np.isfinite(self.ses).all() and (self.ses > 0).all()):
            raise UndrawablePlot("Effects must be finite and standard errors above zero.")

    def key(self, i: int) -> str:
        return f"row-{self.keys[i]}" if self.keys else f"row-{i + 1}"


def plain_figure(
    title: str,
    *,
    caption: Sequence[str] = (),
    style: Style = DEFAULT_STYLE,
    width: float = WIDTH,
    height: float = HEIGHT,
) -> tuple[Figure, Axes]:
    """A figure with a title above the axes and lines of caption below them, all wrapped to its width."""
    heading = wrap(title, width - 2 * style.margin, style.title, bold=True) if title else []
    lines = [line for text in caption for line in wrap(text, width - 2 * style.margin, style.small)]
    # Room for the topmost tick's label, half of which stands above the axes.
    top = style.margin + 1.35 * style.title * len(heading) + style.small
    bottom = style.margin + 1.45 * style.small * len(lines) + 40
    total = top + height + bottom
    figure = Figure(figsize=(width / 72, total / 72), dpi=72, facecolor="white")
    figure.set_label(title or "Figure")
    left = 58.0
    axes = figure.add_axes(
        (left / width, bottom / total, (width - left - style.margin) / width, height / total)
    )
    for spine in ("top", "right"):
        axes.spines[spine].set_visible(False)
    for spine in ("left", "bottom"):
        axes.spines[spine].set_color(style.rule)
    axes.tick_params(labelsize=style.small, colors=style.ink, width=0.8, length=3.5)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set(fontsize=style.size, color=style.ink)
    for i, line in enumerate(heading):
        y = 1 - (style.margin + 1.35 * style.title * (i + 0.8)) / total
        _write(figure, style.margin / width, y, line, style.title, style.ink, bold=True)
    for i, line in enumerate(lines):
        y = (style.margin + 1.45 * style.small * (len(lines) - 1 - i)) / total
        _write(figure, style.margin / width, y, line, style.small, style.quiet)
    return figure, axes


def _write(
    figure: Figure, x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False
) -> None:
    figure.text(x, y, printable(text), fontproperties=font(size, bold=bold), color=colour, parse_math=False)


def padded(low: float, high: float, pad: float = PAD) -> tuple[float, float]:
    """Limits a little wider than the values, and never of no width."""
    room = (high - low) * pad or max(abs(high) * 0.1, 0.5)
    return low - room, high + room


def points(
    axes: Axes,
    studies_keys: Sequence[str],
    xs: Floats,
    ys: Floats,
    *,
    style: Style = DEFAULT_STYLE,
    sizes: Floats | None = None,
    colour: str = "",
    hollow: bool = False,
) -> None:
    """A mark for each study in a group of its own, so that a page can point at it. sizes: diameters in
    points.
    """
    for i, key in enumerate(studies_keys):
        (mark,) = axes.plot(
            [xs[i]],
            [ys[i]],
            marker="o",
            linestyle="none",
            markersize=6.0 if sizes is None else sizes[i],
            markerfacecolor="white" if hollow else (colour or style.square),
            markeredgecolor=style.ink,
            markeredgewidth=0.8,
            zorder=4,
        )
        mark.set_gid(key)


def bubble_sizes(weights: Floats, largest: float = 16.0, smallest: float = 4.0) -> Floats:
    """Diameters whose squares grow with the weights."""
    return np.asarray(np.maximum(smallest, largest * np.sqrt(weights / weights.max())))


def name_points(
    axes: Axes,
    labels: Sequence[str],
    xs: Floats,
    ys: Floats,
    which: Sequence[int],
    style: Style = DEFAULT_STYLE,
) -> None:
    """Names beside some points, moved up or down until none lies on another; one without room is left out."""
    frame = axes.get_window_extent()
    # What belongs to the axes is measured in the figure's own dots.
    dots = float(axes.get_figure().dpi) / 72  # type: ignore[union-attr]
    taken: list[tuple[float, float, float]] = []
    for i in sorted(which, key=lambda each: -ys[each]):
        x, y = (float(each) for each in axes.transData.transform((xs[i], ys[i])))
        label = printable(shortened(labels[i], LONGEST_NAME))
        width = text_width(label, style.small) * dots
        is_right = x + 9 * dots + width <= frame.x1
        left = x + 9 * dots if is_right else x - 9 * dots - width
        line = style.small * 1.25 * dots
        place = _free_height(taken, left, left + width, y, line, (frame.y0 + line / 2, frame.y1))
        if place is None:
            continue
        taken.append((left, left + width, place))
        at = axes.transData.inverted().transform((left, place))
        axes.text(
            float(at[0]),
            float(at[1]),
            label,
            fontproperties=font(style.small),
            color=style.ink,
            ha="left",
            va="center",
            parse_math=False,
            zorder=6,
        )


def _free_height(
    taken: Sequence[tuple[float, float, float]],
    left: float,
    right: float,
    wanted: float,
    line: float,
    within: tuple[float, float],
) -> float | None:
    """The height nearest to the wanted one at which a text from `left` to `right` touches no other."""
    for step in range(24):
        for height in (wanted - step * line / 2, wanted + step * line / 2):
            is_free = all(
                right < other[0] or left > other[1] or abs(height - other[2]) >= line for other in taken
            )
            if is_free and within[0] <= height <= within[1]:
                return height
    return None


def vertical(
    axes: Axes, x: float, colour: str, *, dashes: tuple[float, float] | None = None, width: float = 0.9
) -> None:
    line = axes.axvline(x, color=colour, linewidth=width, zorder=1)
    if dashes:
        line.set_linestyle((0, dashes))


def legend(axes: Axes, style: Style = DEFAULT_STYLE, *, corner: str = "upper right") -> None:
    """The legend in a corner, on a ground that lets the marks beneath be guessed."""
    corners = {"upper right": 1, "upper left": 2, "lower left": 3, "lower right": 4}
    made = axes.legend(loc=corners[corner], prop=font(style.small), framealpha=0.9, edgecolor=style.hairline)
    made.set_zorder(8)
