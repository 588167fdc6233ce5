"""Where on a line from 0 to 1 a pilot's agreement, its interval and the threshold lie: for the drawing."""

from dataclasses import dataclass

from .gate import Verdict

LEFT, WIDTH = 12.0, 276.0


@dataclass(frozen=True)
class Scale:
    """Places in the drawing's own units; None where there is nothing to draw."""

    threshold: float
    value: float | None = None
    low: float | None = None
    high: float | None = None

    ticks = tuple((LEFT + WIDTH * tick / 5, f"{tick / 5:.1f}") for tick in range(6))


def scale_of(verdict: Verdict) -> Scale:
    coefficient = verdict.coefficient
    threshold = _place(verdict.protocol.pilot_threshold)
    if coefficient is None or coefficient.value is None:
        return Scale(threshold)
    if coefficient.low is None or coefficient.high is None:
        return Scale(threshold, _place(coefficient.value))
    return Scale(threshold, _place(coefficient.value), _place(coefficient.low), _place(coefficient.high))


def _place(value: float) -> float:
    """Below zero is drawn at zero: worse than chance is no nearer to any threshold."""
    return round(LEFT + WIDTH * min(1.0, max(0.0, value)), 1)
