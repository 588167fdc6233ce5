"""Axes whose positions are on the analysis scale and whose labels are on the scale that people read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axis import Axis as MatplotlibAxis
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from .scale import MINUS

Reading = Literal["linear", "log", "logit", "percent", "tanh"]
RATIOS = (1, 2, 5)
PERCENTS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.9)
CORRELATIONS = (-0.99, -0.95, -0.9, -0.8, -0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99)
FEWEST_TICKS, MOST_TICKS = 3, 8


@dataclass(frozen=True)
class EffectScale:
    """How effects are read: log and logit ones back-transformed, proportions in percent, others as they are.

    label: what the axis says. null: no effect, on the analysis scale; None where there is no such value.
    """

    reading: Reading = "linear"
    label: str = "Effect"
    null: float | None = None

    def text(self, value: float) -> str:
        """A value of the analysis scale as it is read."""
        if self.reading == "log":
            return _plain(math.exp(value))
        if self.reading == "logit":
            return f"{_plain(100 / (1 + math.exp(-value)))}%"
        if self.reading == "percent":
            return f"{_plain(100 * value)}%"
        return _plain(math.tanh(value) if self.reading == "tanh" else value)


LINEAR = EffectScale()


def _plain(value: float) -> str:
    return f"{value:.3g}".replace("-", MINUS)


def _logit(percent: float) -> float:
    return math.log(percent / (100 - percent))


# From the analysis scale to numbers as they are read, and back.
TRANSFORMS: dict[Reading, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "log": (math.exp, math.log),
    "logit": (lambda value: 100 / (1 + math.exp(-value)), _logit),
    "tanh": (math.tanh, math.atanh),
}


def dress(axis: MatplotlibAxis, scale: EffectScale, low: float, high: float) -> None:
    """Limits, round ticks and label for effects on the analysis scale between `low` and `high`."""
    places = _round_places(scale, low, high)
    axis.set_view_interval(low, high, ignore=True)
    if places:
        axis.set_major_locator(FixedLocator(places))
    else:
        axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: scale.text(value)))
    axis.set_label_text(scale.label)


def _round_places(scale: EffectScale, low: float, high: float) -> list[float]:
    """Positions of round numbers of the scale that is read; none where the values' own will do."""
    rules: dict[Reading, Callable[[], Sequence[float]]] = {
        "log": lambda: [math.log(ratio) for ratio in _ratios(low, high)],
        "logit": lambda: [_logit(percent) for percent in PERCENTS],
        "tanh": lambda: [math.atanh(r) for r in CORRELATIONS],
    }
    if scale.reading not in rules:
        return []
    inside = [place for place in rules[scale.reading]() if low <= place <= high]
    if len(inside) < FEWEST_TICKS:
        inside = _even_places(scale, low, high)
    while len(inside) > MOST_TICKS:
        inside = inside[::2]
    return inside


def _even_places(scale: EffectScale, low: float, high: float) -> list[float]:
    """Positions of evenly spaced round numbers as they are read, for a range too short for the usual ones."""
    there, back = TRANSFORMS[scale.reading]
    ticks = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]).tick_values(there(low), there(high))
    return [back(float(tick)) for tick in ticks if there(low) <= tick <= there(high)]


def _ratios(low: float, high: float) -> list[float]:
    first, last = math.floor(low / math.log(10)), math.ceil(high / math.log(10))
    steps = RATIOS if last - first <= 4 else (1,)
    return [step * 10.0**decade for decade in range(first, last + 1) for step in steps]
