"""Confidence intervals for the proportion of a single study."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtri

from analysis.pooling.arrays import Floats, one_dimensional, refuse, same_length
from analysis.pooling.batch import check_level


class StudyInterval(StrEnum):
    """Intervals compared by Brown, Cai & DasGupta 2001, Stat Sci 16:101, and Newcombe 1998, Stat Med
    17:857.
    """

    CLOPPER_PEARSON = "clopper_pearson"
    WILSON = "wilson"
    WILSON_CONTINUITY = "wilson_cc"
    AGRESTI_COULL = "agresti_coull"
    WALD = "wald"


def study_interval(
    events: ArrayLike,
    totals: ArrayLike,
    method: StudyInterval = StudyInterval.CLOPPER_PEARSON,
    level: float = 0.95,
) -> tuple[Floats, Floats]:
    """Lower and upper limits of each study's proportion, shape (k,) each.

    events, totals: shape (k,), 0 <= events <= totals. Agresti-Coull and Wald limits may leave 0 to 1.
    Raises ImpossibleInput for counts that cannot be.
    """
    x, n = one_dimensional(events, "events"), one_dimensional(totals, "totals")
    same_length(events=x, totals=n)
    check_level(level)
    refuse(~(n > 0), "the total must be above zero")
    refuse(~((x >= 0) & (x <= n)), "events must lie between 0 and the total")
    z = float(ndtri((1 + level) / 2))
    if method is StudyInterval.CLOPPER_PEARSON:
        return _clopper_pearson(x, n, (1 - level) / 2)
    if method is StudyInterval.WILSON:
        return _wilson(x, n, z)
    if method is StudyInterval.WILSON_CONTINUITY:
        return _wilson_with_continuity(x, n, z)
    if method is StudyInterval.AGRESTI_COULL:
        return _wald((x + z * z / 2) / (n + z * z), n + z * z, z)
    return _wald(x / n, n, z)


def _clopper_pearson(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """Exact limits as beta quantiles. Source: Clopper & Pearson 1934, Biometrika 26:404."""
    low = np.where(x == 0, 0.0, betaincinv(np.maximum(x, 1e-300), n - x + 1, tail))
    high = np.where(x == n, 1.0, betaincinv(x + 1, np.maximum(n - x, 1e-300), 1 - tail))
    return low, high


def _wilson(x: Floats, n: Floats, z: float) -> tuple[Floats, Floats]:
    """Score limits. Source: Wilson 1927, J Am Stat Assoc 22:209."""
    centre = x + z * z / 2
    reach = z * np.sqrt(x * (n - x) / n + z * z / 4)
    low = np.where(x == 0, 0.0, (centre - reach) / (n + z * z))
    return low, np.where(x == n, 1.0, (centre + reach) / (n + z * z))


def _wilson_with_continuity(x: Floats, n: Floats, z: float) -> tuple[Floats, Floats]:
    """Source: Newcombe 1998, Stat Med 17:857, method 4."""
    p = x / n
    below = z * np.sqrt(np.maximum(0.0, z * z - 2 - 1 / n + 4 * p * (n * (1 - p) + 1)))
    above = z * np.sqrt(np.maximum(0.0, z * z + 2 - 1 / n + 4 * p * (n * (1 - p) - 1)))
    twice = 2 * (n + z * z)
    low = np.where(x == 0, 0.0, (2 * x + z * z - 1 - below) / twice)
    return np.maximum(low, 0.0), np.minimum(np.where(x == n, 1.0, (2 * x + z * z + 1 + above) / twice), 1.0)


def _wald(p: Floats, n: Floats, z: float) -> tuple[Floats, Floats]:
    reach = z * np.sqrt(p * (1 - p) / n)
    return p - reach, p + reach
