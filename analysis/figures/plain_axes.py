"""A Figure with one pair of axes in the style of the other figures, and what many plots put on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from .effect_axis import LINEAR, EffectScale
from .model import UndrawablePlot
from .style import DEFAULT_STYLE, Style, font, printable, wrap

Floats = NDArray[np.float64]
WIDTH, HEIGHT = 420.0, 340.0
PAD = 0.06


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


def floats(values: ArrayLike) -> Floats:
    return np.atleast_1d(np.asarray(values, dtype=np.float64))


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
    top = style.margin + 1.35 * style.title * len(heading) + 4
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
    """Names beside some points, moved up or down until none lies on another."""
    taken: list[tuple[float, float]] = []
    for i in sorted(which, key=lambda each: -ys[each]):
        x, y = axes.transData.transform((xs[i], ys[i]))
        right = x < axes.transData.transform((axes.get_xlim()[1], 0))[0] * 0.72
        while any(abs(y - other) < style.small * 1.15 for other, side in taken if side == right):
            y -= style.small * 1.15
        taken.append((y, right))
        place = axes.transData.inverted().transform((x, y))
        label = printable(labels[i]) if len(labels[i]) <= 24 else printable(labels[i][:23]) + "\u2026"
        axes.annotate(
            label,
            (xs[i], ys[i]),
            xytext=((place[0], place[1])),
            textcoords="data",
            fontproperties=font(style.small),
            color=style.ink,
            ha="left" if right else "right",
            va="center",
            parse_math=False,
            zorder=6,
        ).set_x(_beside(axes, x, right))


def _beside(axes: Axes, x: float, right: bool) -> float:
    shifted = x + (9 if right else -9)
    return float(axes.transData.inverted().transform((shifted, 0))[0])


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
