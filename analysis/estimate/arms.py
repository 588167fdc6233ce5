"""Two sides of a comparison from the groups of a study: combined, or shared out. Pure: no Django."""

import math
from collections.abc import Sequence
from dataclasses import replace

from .rows import ArmNumbers

# Marks numbers that are those of several groups together.
COMBINED = "combined"


def combined(arms: Sequence[ArmNumbers]) -> ArmNumbers:
    """Several groups as one: events, participants and time are added, means weighted, SDs pooled.

    The SD holds the differences between the groups' means too. Source: Cochrane Handbook 6.5.2.10 (2024).
    """
    if len(arms) == 1:
        return arms[0]
    first = arms[0]
    for other in arms[1:]:
        first = _two_as_one(first, other)
    return first


def shared_out(comparator: ArmNumbers, among: int) -> ArmNumbers:
    """A comparator's participants, events and time divided evenly, so that nobody is counted twice.

    Mean and SD stay. Source: Cochrane Handbook 23.3.4 (2024).
    """
    return replace(
        comparator,
        label=f"{comparator.label} (1/{among})",
        n=_over(comparator.n, among),
        events=_over(comparator.events, among),
        person_time=_over(comparator.person_time, among),
    )


def _over(value: float | None, among: int) -> float | None:
    return None if value is None else value / among


def _two_as_one(a: ArmNumbers, b: ArmNumbers) -> ArmNumbers:
    n = _sum(a.n, b.n)
    mean, sd = _mean_and_sd(a, b)
    return ArmNumbers(
        label=f"{a.label} + {b.label}",
        events=_sum(a.events, b.events),
        n=n,
        mean=mean,
        sd=sd,
        person_time=_sum(a.person_time, b.person_time),
        provenance=a.provenance if a.provenance == b.provenance else f"{a.provenance}; {b.provenance}",
        derived=(COMBINED, *a.derived, *b.derived),
        result_pk=a.result_pk,
    )


def _sum(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a + b


def _mean_and_sd(a: ArmNumbers, b: ArmNumbers) -> tuple[float | None, float | None]:
    if a.mean is None or b.mean is None or a.n is None or b.n is None:
        return None, None
    n = a.n + b.n
    mean = (a.n * a.mean + b.n * b.mean) / n
    if a.sd is None or b.sd is None:
        return mean, None
    within = (a.n - 1) * a.sd**2 + (b.n - 1) * b.sd**2
    between = a.n * b.n / n * (a.mean - b.mean) ** 2
    return mean, math.sqrt((within + between) / (n - 1))
