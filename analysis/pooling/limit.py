"""Limit meta-analysis: the effect of a study of infinite precision, from the trend of effects with
precision.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from analysis.pooling.arrays import Floats, checked_studies
from analysis.pooling.batch import check_level
from analysis.pooling.errors import TooFewStudies
from analysis.pooling.least_squares import WeightedFit
from analysis.pooling.options import Tau2Estimator
from analysis.pooling.pool import pool


@dataclass(frozen=True)
class LimitResult:
    """The effect adjusted for small-study effects, with its interval.

    g2: share of the studies' variation, shrunken to infinite precision, that small-study effects leave
    unexplained.
    q_small, q_residual: Q divided into what the trend explains and the rest.
    """

    estimate: float
    se: float
    low: float
    high: float
    g2: float
    q_small: float
    q_residual: float


def limit_meta_analysis(
    effects: ArrayLike,
    variances: ArrayLike,
    *,
    tau2_estimator: Tau2Estimator = Tau2Estimator.DL,
    level: float = 0.95,
) -> LimitResult:
    """The limit effect with expectation beta0, by maximum likelihood of the extended random-effects model.

    effects, variances: shape (k,), k >= 3. Raises TooFewStudies below that.
    Source: Rucker et al. 2011, Biostatistics 12:122.
    """
    y, v = checked_studies(effects, variances)
    check_level(level)
    if len(y) < 3:
        raise TooFewStudies("A limit meta-analysis needs at least three studies.")
    tau2 = pool(y, v, tau2_estimator=tau2_estimator).tau2
    spread, tau = np.sqrt(v + tau2), float(np.sqrt(tau2))
    # Effects on their standard errors: slope is the small-study effect, intercept the effect at standard
    # error 0.
    trend = WeightedFit(y, _with_intercept(spread), 1 / spread**2)
    centre = np.array([1.0, tau])
    estimate = float(centre @ trend.coefficients)
    se = float(np.sqrt(centre @ trend.inverse_information @ centre))
    common = WeightedFit(y, np.ones((len(y), 1)), 1 / v).q
    residual = WeightedFit(y, _with_intercept(np.sqrt(v)), 1 / v).q
    reach = float(ndtri((1 + level) / 2)) * se
    limits = trend.coefficients[0] + tau / spread * (y - trend.coefficients[0])
    return LimitResult(
        estimate=estimate,
        se=se,
        low=estimate - reach,
        high=estimate + reach,
        g2=_unexplained(limits / np.sqrt(v), 1 / np.sqrt(v)),
        q_small=common - residual,
        q_residual=residual,
    )


def _with_intercept(column: Floats) -> Floats:
    return np.column_stack([np.ones_like(column), column])


def _unexplained(values: Floats, predictor: Floats) -> float:
    """1 - R2 of an unweighted regression, 0 where the values do not vary."""
    total = float(((values - values.mean()) ** 2).sum())
    rest = WeightedFit(values, _with_intercept(predictor), np.ones_like(values)).q
    return rest / total if total > 0 else 0.0
