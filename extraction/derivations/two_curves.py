"""A hazard ratio from two printed Kaplan-Meier curves: both are rebuilt, then compared as persons would be.

The proportional hazards model of one group indicator, with Efron's treatment of ties, on the persons that
Guyot's method gives (Guyot et al. 2012, BMC Med Res Methodol 12:9, whose validation does the same).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

from ..told import told
from .conversions import ConversionError
from .kaplan_meier import Reconstruction

STEPS = 60
ENOUGH = 1e-11


@dataclass(frozen=True)
class Group:
    """How many persons had the event, and how many were censored, at each time."""

    events: Mapping[float, int]
    censored: Mapping[float, int]

    @property
    def size(self) -> int:
        return sum(self.events.values()) + sum(self.censored.values())


@dataclass(frozen=True)
class HazardRatio:
    """Of the first group against the second; `se` is of the logarithm."""

    estimate: float
    se: float

    @property
    def log(self) -> float:
        return log(self.estimate)


def group_of(curve: Reconstruction) -> Group:
    """The persons behind a rebuilt curve; those left at its end are censored there."""
    events = Counter[float]()
    censored = Counter[float]()
    for time, d, c in zip(curve.times, curve.events, curve.censored, strict=True):
        if d:
            events[time] += d
        if c:
            censored[time] += c
    left = curve.size - sum(events.values()) - sum(censored.values())
    if left > 0:
        censored[curve.times[-1]] += left
    return Group(events, censored)


def hazard_ratio(first: Group, second: Group) -> HazardRatio:
    """The hazard of the first group over that of the second, by partial likelihood.

    Raises ConversionError where a group has no event, or all events of one come while the other has nobody at
    risk: then the ratio has no bound.
    Sources: Cox 1972, J R Stat Soc B 34:187; Efron 1977, J Am Stat Assoc 72:557.
    """
    if not any(first.events.values()) or not any(second.events.values()):
        raise ConversionError(told("each curve needs at least one event"))
    tables = _tables(first, second)
    beta = 0.0
    for _ in range(STEPS):
        score, information = _derivatives(tables, beta)
        if information <= 0:
            break
        step = max(-2.0, min(2.0, score / information))
        beta += step
        if abs(step) < ENOUGH:
            return HazardRatio(exp(beta), 1 / sqrt(information))
    raise ConversionError(told("the two curves do not overlap enough in time for a hazard ratio"))


def _tables(first: Group, second: Group) -> list[tuple[int, int, int, int]]:
    """At each time with an event: events and persons at risk of the first, then of the second group."""
    at_risk = [first.size, second.size]
    times = sorted({*first.events, *first.censored, *second.events, *second.censored})
    tables = []
    for time in times:
        d1, d2 = first.events.get(time, 0), second.events.get(time, 0)
        if d1 + d2:
            tables.append((d1, at_risk[0], d2, at_risk[1]))
        # Whoever is censored at a time is still at risk for the events of that time.
        at_risk[0] -= d1 + first.censored.get(time, 0)
        at_risk[1] -= d2 + second.censored.get(time, 0)
    return tables


def _derivatives(tables: list[tuple[int, int, int, int]], beta: float) -> tuple[float, float]:
    """Score and information of the log hazard ratio."""
    ratio, score, information = exp(beta), 0.0, 0.0
    for d1, n1, d2, n2 in tables:
        deaths = d1 + d2
        score += d1
        for gone in range(deaths):
            share = gone / deaths
            treated = ratio * (n1 - share * d1)
            mean = treated / (treated + n2 - share * d2)
            score -= mean
            information += mean * (1 - mean)
    return score, information
