"""Funnel plots: effects against their precision, with what chance and significance would shade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.special import ndtri

from ..pooling.errors import PoolingError
from ..pooling.lfk import DoiPlot, lfk_index
from .effect_axis import dress
from .model import UndrawablePlot
from .plain_axes import Floats, Studies, legend, padded, plain_figure, points, vertical
from .scale import MINUS
from .style import DEFAULT_STYLE, Style

# Shades of significance at two-sided p of these values, lightest where nothing is significant.
CONTOURS = ((0.10, "#ffffff"), (0.05, "#e9edf1"), (0.01, "#d3dbe2"), (0.0, "#bcc8d2"))
QUIET = "#8a97a3"
CONTOUR_NAMES = ("p > 0.10", "0.05 < p < 0.10", "0.01 < p < 0.05", "p < 0.01")


@dataclass(frozen=True)
class FilledIn:
    """Studies that trim and fill adds, shape (m,)."""

    effects: Floats
    ses: Floats


def draw_funnel(
    studies: Studies,
    *,
    title: str,
    pooled: float,
    contours: bool = False,
    filled: FilledIn | None = None,
    sizes: Floats | None = None,
    level: float = 0.95,
    caption: tuple[str, ...] = (),
    style: Style = DEFAULT_STYLE,
) -> Figure:
    """Standard errors downwards against effects, with the triangle that holds `level` of studies by chance
    alone.

    contours: shade by the p value of each place against no effect (0 unless the scale names another); the
    triangle about the pooled estimate stays. filled: hollow points. sizes: persons in each study, shape
    (k,), for a vertical axis of 1 / sqrt(n) instead, as suits proportions, whose standard errors depend on
    the proportion itself.
    Sources: Sterne & Egger 2001, J Clin Epidemiol 54:1046; Peters et al. 2008, J Clin Epidemiol 61:991
    (contours).
    """
    figure, axes = plain_figure(title, caption=caption, style=style)
    by_size = sizes is not None
    heights = studies.ses if sizes is None else 1 / np.sqrt(sizes)
    lowest = 1.08 * float(max([*heights, *(filled.ses if filled and not by_size else [])]))
    reach = float(ndtri((1 + level) / 2)) * lowest
    xs = [studies.effects.min(), studies.effects.max(), pooled, *(filled.effects if filled else [])]
    if not by_size:
        xs += [pooled - reach, pooled + reach]
    low, high = padded(float(min(xs)), float(max(xs)))
    dress(axes.xaxis, studies.scale, low, high)
    axes.set_ylim(lowest, 0)
    axes.set_ylabel("1 / \u221a n" if by_size else "Standard error")
    if contours and not by_size:
        _contours(axes, studies.scale.null or 0.0, lowest, (low, high))
    if not by_size:
        edges = ([pooled - reach, pooled, pooled + reach], [lowest, 0, lowest])
        axes.plot(*edges, color=style.random, linewidth=0.9, linestyle=(0, (4, 2.5)), zorder=2)
    vertical(axes, pooled, style.random)
    if studies.scale.null is not None and not contours:
        vertical(axes, studies.scale.null, style.rule, dashes=(1, 2))
    points(axes, [studies.key(i) for i in range(len(studies.labels))], studies.effects, heights, style=style)
    if filled is not None and len(filled.effects) and not by_size:
        names = [f"filled-{i + 1}" for i in range(len(filled.effects))]
        points(axes, names, filled.effects, filled.ses, style=style, hollow=True)
        axes.plot([], [], "o", mfc="white", mec=style.ink, label="filled in")
    if contours or (filled is not None and len(filled.effects)):
        legend(axes, style)
    return figure


def _contours(axes: Axes, null: float, lowest: float, limits: tuple[float, float]) -> None:
    """From the outside inwards, each shade covers what the next one leaves."""
    ses = np.array([0.0, lowest])
    axes.set_facecolor(CONTOURS[-1][1])
    for at, (p, colour) in reversed(list(enumerate(CONTOURS[:-1]))):
        reach = float(ndtri(1 - p / 2)) * ses
        axes.fill_betweenx(ses, null - reach, null + reach, color=colour, linewidth=0, zorder=-at)
    for (_, colour), name in zip(CONTOURS, CONTOUR_NAMES, strict=True):
        axes.fill_betweenx([0, 0], limits[0], limits[0], facecolor=colour, edgecolor=QUIET, label=name)


def draw_radial(
    studies: Studies, *, title: str, pooled: float, level: float = 0.95, style: Style = DEFAULT_STYLE
) -> Figure:
    """Galbraith's plot: standardised effects against precision, on which the pooled effect is a slope.

    Source: Galbraith 1988, Stat Med 7:889.
    """
    precision, scores = 1 / studies.ses, studies.effects / studies.ses
    figure, axes = plain_figure(
        title,
        caption=(
            f"The line has the pooled effect, {studies.scale.text(pooled)}, as its slope; the band holds "
            f"{100 * level:g}% of studies if nothing but chance separates them.",
        ),
        style=style,
    )
    right = 1.08 * float(precision.max())
    band = float(ndtri((1 + level) / 2))
    line = np.array([0.0, right])
    axes.fill_between(
        line, pooled * line - band, pooled * line + band, color=style.hairline, alpha=0.6, linewidth=0
    )
    axes.plot(line, pooled * line, color=style.random, linewidth=1.2)
    axes.axhline(0, color=style.rule, linewidth=0.7)
    points(axes, [studies.key(i) for i in range(len(scores))], precision, scores, style=style)
    axes.set_xlim(0, right)
    axes.set_xlabel("Precision (1 / standard error)")
    axes.set_ylabel("Effect / standard error")
    return figure


def draw_doi(
    studies: Studies, *, title: str, caption: tuple[str, ...] = (), style: Style = DEFAULT_STYLE
) -> Figure:
    """Effects against the absolute normal quantile of their weighted rank, with the LFK index in words.

    Raises UndrawablePlot below three studies and when all effects are alike: there are no limbs to compare.
    Source: Furuya-Kanamori, Barendregt & Doi 2018, Int J Evid Based Healthc 16:195.
    """
    try:
        doi = lfk_index(studies.effects, studies.ses**2)
    except PoolingError as problem:
        raise UndrawablePlot(str(problem)) from problem
    figure, axes = plain_figure(title, caption=(*caption, _index_in_words(doi)), style=style)
    dress(axes.xaxis, studies.scale, *padded(float(doi.effects[0]), float(doi.effects[-1])))
    heights = np.abs(doi.z_scores)
    axes.plot(doi.effects, heights, color=style.rule, linewidth=0.9, zorder=1)
    points(axes, [studies.key(int(i)) for i in doi.order], doi.effects, heights, style=style)
    vertical(axes, doi.tip, style.random, dashes=(4, 2.5))
    axes.set_ylim(1.08 * float(heights.max()), 0)
    axes.set_ylabel("|z| of the weighted rank")
    return figure


def _index_in_words(doi: DoiPlot) -> str:
    index = f"{doi.index:.2f}".replace("-", MINUS)
    return (
        f"LFK index {index}: {doi.interpretation.value} (none up to 1 on either side of 0, minor up to 2). "
        "The index is no test: it calls more symmetric sets asymmetric the more studies there are and the "
        "more they differ."
    )
