"""Absolute effects from a relative one and a baseline risk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RelativeMeasure(StrEnum):
    RR = "RR"
    OR = "OR"
    HR = "HR"
    RD = "RD"


@dataclass(frozen=True, slots=True)
class AbsoluteEffect:
    """All per 1,000 people: the baseline, the risk with the intervention, and the difference, with limits."""

    baseline: float
    risk: float
    risk_low: float
    risk_high: float

    @property
    def difference(self) -> float:
        return self.risk - self.baseline

    @property
    def difference_low(self) -> float:
        return self.risk_low - self.baseline

    @property
    def difference_high(self) -> float:
        return self.risk_high - self.baseline


def risk_with(measure: RelativeMeasure, effect: float, baseline: float) -> float:
    """The risk (0 to 1) with the intervention, when the risk without is `baseline` (0 to 1).

    effect: a ratio above zero, or a difference of risks for RD. The result is kept within 0 and 1. A hazard
    ratio assumes proportional hazards up to the time of the baseline risk.
    Source: Cochrane Handbook 2011, 12.5.4; for hazard ratios 1 - (1 - baseline) ** HR.
    """
    if not 0 <= baseline <= 1:
        raise ValueError("A baseline risk lies between 0 and 1.")
    if measure != RelativeMeasure.RD and effect <= 0:
        raise ValueError("A ratio is above zero.")
    if measure == RelativeMeasure.RR:
        risk = effect * baseline
    elif measure == RelativeMeasure.OR:
        risk = effect * baseline / (1 - baseline + effect * baseline)
    elif measure == RelativeMeasure.HR:
        risk = 1 - (1 - baseline) ** effect
    else:
        risk = baseline + effect
    return min(1.0, max(0.0, risk))


def absolute_effect(
    measure: RelativeMeasure, estimate: float, low: float, high: float, baseline: float
) -> AbsoluteEffect:
    """Risks per 1,000 at a baseline risk per 1,000; the limits are the relative effect's, carried over."""
    risks = [1000 * risk_with(measure, each, baseline / 1000) for each in (estimate, low, high)]
    return AbsoluteEffect(baseline, *risks)
