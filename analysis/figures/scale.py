"""From a value to a place on the axis: limits, position, ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

from matplotlib.ticker import MaxNLocator

from .model import Axis, ForestPlot, Scale
from .style import text_width

MINUS = "\u2212"
IN_PERCENT = frozenset({"percent", "points"})


@dataclass(frozen=True)
class PlotScale:
    """Maps values to points from the left edge of the figure. `ticks` are (value, label)."""

    scale: Scale
    low: float
    high: float
    left: float
    width: float

    @property
    def right(self) -> float:
        return self.left + self.width

    def x(self, value: float) -> float:
        low, high, at = (_straight(each, self.scale) for each in (self.low, self.high, value))
        return self.left + (at - low) / (high - low) * self.width

    def within(self, value: float) -> float:
        """Where the value stands, or the end of the axis beyond which it lies."""
        return self.x(min(max(value, self.low), self.high))

    def shows(self, value: float) -> bool:
        return self.low <= value <= self.high


def number_text(value: float, axis: Axis) -> str:
    """The value as the effect column prints it, with a true minus sign."""
    digits = axis.digits if axis.digits is not None else (1 if axis.scale in IN_PERCENT else 2)
    shown = f"{value * 100 if axis.scale in IN_PERCENT else value:.{digits}f}"
    # "-0.00" is what rounding leaves of a small negative number; the sign would be a claim.
    return shown.lstrip("-") if float(shown) == 0 else shown.replace("-", MINUS)


def plot_scale(plot: ForestPlot, left: float, width: float) -> PlotScale:
    low, high = plot.axis.limits or _chosen_limits(plot)
    return PlotScale(plot.axis.scale, low, high, left, width)


def _chosen_limits(plot: ForestPlot) -> tuple[float, float]:
    """Limits that show every estimate and pooled interval whole, and no study so wide that it dwarfs them."""
    scale = plot.axis.scale
    if scale == "percent":
        return 0.0, 1.0
    rows = [
        [_straight(each, scale) for each in (row.low, row.estimate, row.high)]
        for row in plot.all_rows
        if row.is_estimable
    ]
    always = [row[1] for row in rows]
    for summary in plot.all_summaries:
        always += [
            _straight(each, scale) for each in (summary.low, summary.high, *(summary.prediction or ()))
        ]
    if plot.axis.null_line is not None:
        always.append(_straight(plot.axis.null_line, scale))
    core_low, core_high = (min(always), max(always)) if always else (0.0, 1.0)
    reach = max(core_high - core_low, median(row[2] - row[0] for row in rows)) if rows else 1.0
    low = max(core_low - reach, min([core_low, *(row[0] for row in rows)]))
    high = min(core_high + reach, max([core_high, *(row[2] for row in rows)]))
    pad = 0.04 * (high - low) or 0.5
    return _curved(low - pad, scale), _curved(high + pad, scale)


def ticks(scale: PlotScale, size: float) -> list[tuple[float, str]]:
    """Round numbers within the limits, as many as stand apart when their labels are set at `size` points."""
    for candidates in _candidates(scale):
        shown = [(value, _tick_text(value, scale.scale)) for value in candidates]
        if _stand_apart(shown, scale, size):
            return shown
    return []


def _candidates(scale: PlotScale) -> list[list[float]]:
    """Sets of tick values, densest first."""
    sets: list[list[float]] = []
    if scale.scale == "log":
        first, last = math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high))
        decades = range(first, last + 1)
        for steps in ((1, 2, 5), (1, 3), (1,)):
            sets.append([step * 10.0**decade for decade in decades for step in steps])
        sets += [[10.0**decade for decade in decades if decade % every == 0] for every in (2, 3, 5, 10, 50)]
        sets = [inside for inside in (_inside(each, scale) for each in sets) if len(inside) >= 2]
        if sets and len(sets[0]) >= 3:
            return sets
    factor = 100 if scale.scale in IN_PERCENT else 1
    for count in (6, 5, 4, 3, 2, 1):
        locator = MaxNLocator(nbins=count, steps=[1, 2, 2.5, 5, 10])
        values = locator.tick_values(scale.low * factor, scale.high * factor)
        sets.append(_inside([float(value) / factor for value in values], scale))
    return sets


def _inside(values: list[float], scale: PlotScale) -> list[float]:
    if scale.scale == "log":
        low, high = scale.low * (1 - 1e-9), scale.high * (1 + 1e-9)
    else:
        slack = 1e-9 * (scale.high - scale.low)
        low, high = scale.low - slack, scale.high + slack
    return [value for value in values if low <= value <= high]


def _stand_apart(shown: list[tuple[float, str]], scale: PlotScale, size: float) -> bool:
    right = -math.inf
    for value, label in shown:
        half = text_width(label, size) / 2
        if scale.x(value) - half < right + 0.6 * size:
            return False
        right = scale.x(value) + half
    return True


def _tick_text(value: float, scale: Scale) -> str:
    if scale in IN_PERCENT:
        return f"{_plain(value * 100)}%"
    return _plain(value)


def _plain(value: float) -> str:
    text = f"{value:.10g}" if 1e-5 <= abs(value) < 1e7 or value == 0 else f"{value:.0e}"
    return text.replace("-", MINUS)


def _straight(value: float, scale: Scale) -> float:
    return math.log(value) if scale == "log" else value


def _curved(value: float, scale: Scale) -> float:
    return math.exp(value) if scale == "log" else value
