"""Effects that a study reports itself: with a standard error, or as a ratio or difference with its
interval.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from analysis.pooling.arrays import one_dimensional, refuse
from analysis.pooling.effect_sizes.records import EffectSizes, assembled, missing_studies

GENERIC = "GEN"


def generic_effects(effects: ArrayLike, variances: ArrayLike, *, measure: str = GENERIC) -> EffectSizes:
    """Effects and squared standard errors as reported, shape (k,); NaN, or a variance of 0, leaves the study
    out.

    Raises ImpossibleInput for an infinite effect and for a variance below zero.
    """
    y, v = one_dimensional(effects, "effects"), one_dimensional(variances, "variances")
    refuse(np.isinf(y), "the effect is infinite")
    refuse(v < 0, "a variance cannot be below zero")
    return assembled(y, v, measure, missing=missing_studies(effects=y, variances=v))


def effects_from_intervals(
    estimates: ArrayLike, lows: ArrayLike, highs: ArrayLike, *, ratio: bool, level: float = 0.95
) -> EffectSizes:
    """Effects with the variance that their confidence interval implies, shape (k,); NaN leaves the study out.

    ratio: estimates and limits are ratios (hazard, odds, risk ratios) and are taken to the log scale.
    The width alone is used: a rounded interval need not be symmetric about the estimate. Raises
    ImpossibleInput when an interval does not hold its estimate or a ratio is not above zero.
    Source: Cochrane Handbook 6.5.2.2 and 6.6.1 (2024), with the exact normal quantile.
    """
    columns = [one_dimensional(column, "estimates and limits") for column in (estimates, lows, highs)]
    missing = missing_studies(estimates=columns[0], lows=columns[1], highs=columns[2])
    estimate, low, high = columns
    refuse(
        ~missing & ~((low <= estimate) & (estimate <= high)), "the interval does not hold its own estimate"
    )
    if ratio:
        refuse(~missing & (low <= 0), "a ratio and its limits must be above zero")
        estimate, low, high = np.log(estimate), np.log(low), np.log(high)
    se = (high - low) / (2 * float(ndtri((1 + level) / 2)))
    return assembled(estimate, se * se, GENERIC, missing=missing)
