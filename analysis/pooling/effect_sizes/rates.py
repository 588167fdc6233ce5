"""Events over person-time, of one group and of two."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats, one_dimensional, refuse
from analysis.pooling.effect_sizes.records import (
    NO_EVENTS,
    USUAL_ADD,
    EffectSizes,
    assembled,
    missing_studies,
    to_correct,
)


class RateMeasure(StrEnum):
    """Scales for the incidence rate of one group: raw, log, square root, Freeman-Tukey (codes of
    escalc()).
    """

    RAW = "IR"
    LOG = "IRLN"
    SQUARE_ROOT = "IRS"
    FREEMAN_TUKEY = "IRFT"


class RateComparison(StrEnum):
    """Comparisons of two incidence rates: log ratio, difference, difference of square roots."""

    RATIO = "IRR"
    DIFFERENCE = "IRD"
    SQUARE_ROOT_DIFFERENCE = "IRSD"


UNCORRECTED = (RateMeasure.SQUARE_ROOT, RateMeasure.FREEMAN_TUKEY, RateComparison.SQUARE_ROOT_DIFFERENCE)


def rate_effects(
    events: ArrayLike, times: ArrayLike, *, measure: RateMeasure, add: float | None = None, to: str = "only0"
) -> EffectSizes:
    """Transformed incidence rates and their sampling variances.

    events, times: shape (k,), events not below zero, person-times above zero; NaN leaves the study out.
    add, to: `add` is added to the events of the studies that `to` selects; left at None, `to` is "only0" (no
    events) for IR and IRLN and "none" for IRS and IRFT. Raises ImpossibleInput for numbers that cannot be.
    Sources: Rothman, Greenland & Lash 2008, Modern Epidemiology; Freeman & Tukey 1950, Ann Math Stat 21:607
    (IRFT).
    """
    x, t = one_dimensional(events, "events"), one_dimensional(times, "times")
    missing = missing_studies(events=x, times=t)
    _check_rate(x, t)
    extra = (0.0 if measure in UNCORRECTED else USUAL_ADD) if add is None else add
    corrected = to_correct(x == 0, to, extra) & ~missing
    counts = x + np.where(corrected, extra, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        effects, variances = _one_rate(counts, t, measure)
    return assembled(effects, variances, measure, missing=missing, corrected=corrected)


def rate_comparison_effects(
    events1: ArrayLike,
    times1: ArrayLike,
    events2: ArrayLike,
    times2: ArrayLike,
    *,
    measure: RateComparison,
    add: float | None = None,
    to: str = "only0",
    drop00: bool = False,
) -> EffectSizes:
    """Rate of group 1 against that of group 2, with its sampling variance.

    Shapes (k,); events not below zero, person-times above zero; NaN leaves the study out.
    add, to, drop00: as for `two_by_two_effects`, a zero being a group without events.
    Raises ImpossibleInput for numbers that cannot be. Source: Rothman, Greenland & Lash 2008, Modern
    Epidemiology.
    """
    x1, t1 = one_dimensional(events1, "events1"), one_dimensional(times1, "times1")
    x2, t2 = one_dimensional(events2, "events2"), one_dimensional(times2, "times2")
    missing = missing_studies(events1=x1, times1=t1, events2=x2, times2=t2)
    _check_rate(x1, t1)
    _check_rate(x2, t2)
    extra = (0.0 if measure in UNCORRECTED else USUAL_ADD) if add is None else add
    corrected = to_correct(((x1 == 0) | (x2 == 0)) & ~missing, to, extra) & ~missing
    added = np.where(corrected, extra, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        effects, variances = _two_rates(x1 + added, t1, x2 + added, t2, measure)
    without = [((x1 == 0) & (x2 == 0) & drop00, NO_EVENTS)]
    return assembled(effects, variances, measure, missing=missing, corrected=corrected, without=without)


def _check_rate(events: Floats, times: Floats) -> None:
    refuse(events < 0, "events must not be below zero")
    refuse(times <= 0, "the person-time must be above zero")


def _one_rate(x: Floats, t: Floats, measure: RateMeasure) -> tuple[Floats, Floats]:
    if measure is RateMeasure.RAW:
        return x / t, x / t**2
    if measure is RateMeasure.LOG:
        return np.log(x / t), 1 / x
    if measure is RateMeasure.SQUARE_ROOT:
        return np.sqrt(x / t), 1 / (4 * t)
    return np.asarray((np.sqrt(x / t) + np.sqrt((x + 1) / t)) / 2), 1 / (4 * t)


def _two_rates(
    x1: Floats, t1: Floats, x2: Floats, t2: Floats, measure: RateComparison
) -> tuple[Floats, Floats]:
    if measure is RateComparison.RATIO:
        return np.log(x1 / t1) - np.log(x2 / t2), 1 / x1 + 1 / x2
    if measure is RateComparison.DIFFERENCE:
        return x1 / t1 - x2 / t2, x1 / t1**2 + x2 / t2**2
    return np.sqrt(x1 / t1) - np.sqrt(x2 / t2), 1 / (4 * t1) + 1 / (4 * t2)
