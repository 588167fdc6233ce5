"""Two groups' risks against each other, and effects against a moderator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from .effect_axis import dress
from .model import UndrawablePlot
from .plain_axes import Floats, Studies, bubble_sizes, padded, plain_figure, points
from .style import DEFAULT_STYLE, Style


def draw_labbe(
    labels: tuple[str, ...],
    risks: Floats,
    control_risks: Floats,
    weights: Floats,
    *,
    title: str,
    ratio: float | None = None,
    odds: bool = False,
    groups: tuple[str, str] = ("experimental", "control"),
    keys: tuple[str, ...] = (),
    style: Style = DEFAULT_STYLE,
) -> Figure:
    """Risk in one group against that in the other, areas by weight, with the line of equal risks.

    ratio: the pooled risk ratio, or odds ratio if `odds`, drawn as the line or curve of studies that share
    it.
    Source: L'Abbe, Detsky & O'Rourke 1987, Ann Intern Med 107:224.
    """
    if not len(labels) == len(risks) == len(control_risks) == len(weights):
        raise UndrawablePlot("Each study needs two risks and a weight.")
    top = min(1.0, 1.12 * float(max(risks.max(), control_risks.max())) or 1.0)
    figure, axes = plain_figure(title, style=style, width=380.0, height=308.0)
    line = np.linspace(0, top, 201)
    axes.plot(line, line, color=style.rule, linewidth=0.9, zorder=1, label="equal risks")
    if ratio is not None:
        shared = ratio * line / (1 - line + ratio * line) if odds else ratio * line
        name = f"{'odds' if odds else 'risk'} ratio {ratio:.2f}"
        axes.plot(
            line, shared, color=style.random, linewidth=1.4, linestyle=(0, (4, 2.5)), zorder=2, label=name
        )
    names = [f"row-{keys[i]}" if keys else f"row-{i + 1}" for i in range(len(labels))]
    points(axes, names, control_risks, risks, style=style, sizes=bubble_sizes(weights))
    for axis, name in ((axes.xaxis, groups[1]), (axes.yaxis, groups[0])):
        axis.set_view_interval(0, top, ignore=True)
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g}%"))
        axis.set_label_text(f"Risk, {name}")
    axes.legend(fontsize=style.small, loc="upper left", framealpha=0.9, edgecolor=style.hairline)
    return figure


@dataclass(frozen=True)
class FittedLine:
    """A regression line on the analysis scale at `xs`, with its confidence and, if any, prediction limits."""

    xs: Floats
    fitted: Floats
    low: Floats
    high: Floats
    prediction_low: Floats | None = None
    prediction_high: Floats | None = None


def draw_bubble(
    studies: Studies,
    moderator: Floats,
    weights: Floats,
    line: FittedLine,
    *,
    title: str,
    moderator_label: str,
    caption: tuple[str, ...] = (),
    style: Style = DEFAULT_STYLE,
) -> Figure:
    """Effects against a moderator with the fitted line and its band; areas by weight, the axis as it is read.

    Source: Thompson & Higgins 2002, Stat Med 21:1559.
    """
    figure, axes = plain_figure(title, caption=caption, style=style)
    if line.prediction_low is not None and line.prediction_high is not None:
        for limit in (line.prediction_low, line.prediction_high):
            axes.plot(line.xs, limit, color=style.prediction, linewidth=1.0, linestyle=(0, (3, 2)), zorder=1)
    axes.fill_between(line.xs, line.low, line.high, color=style.common, alpha=0.45, linewidth=0, zorder=1)
    axes.plot(line.xs, line.fitted, color=style.random, linewidth=1.6, zorder=2)
    keys = [studies.key(i) for i in range(len(studies.labels))]
    points(axes, keys, moderator, studies.effects, style=style, sizes=bubble_sizes(weights))
    if studies.scale.null is not None:
        axes.axhline(studies.scale.null, color=style.rule, linewidth=0.8, zorder=0)
    values = [studies.effects.min(), studies.effects.max(), line.low.min(), line.high.max()]
    if line.prediction_low is not None and line.prediction_high is not None:
        values += [line.prediction_low.min(), line.prediction_high.max()]
    dress(axes.yaxis, studies.scale, *padded(float(min(values)), float(max(values))))
    axes.set_xlim(
        *padded(float(min(moderator.min(), line.xs.min())), float(max(moderator.max(), line.xs.max())))
    )
    axes.set_xlabel(moderator_label)
    return figure
