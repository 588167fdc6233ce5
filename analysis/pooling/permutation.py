"""Permutation tests, which need no distribution for the effects."""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats, checked_studies
from analysis.pooling.batch import matching_prediction, pool_rows
from analysis.pooling.errors import ImpossibleInput
from analysis.pooling.options import IntervalMethod, Model, Tau2Estimator
from analysis.pooling.regression import checked_design, meta_regression

MOST_EXACT_SIGNS = 2**18
MOST_EXACT_ORDERS = 5040
# Equal statistics computed along different ways may differ in their last digits.
ROUNDING = 1e-12


@dataclass(frozen=True)
class PermutationTest:
    """Two-sided p values: of the mean, shape (1,), or of each coefficient, shape (p,).

    arrangements: how many were looked at; exact: whether these were all.
    """

    p_values: Floats
    arrangements: int
    exact: bool


def permute_signs(
    effects: ArrayLike,
    variances: ArrayLike,
    *,
    model: Model = Model.RANDOM,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
    draws: int = 1000,
    random: np.random.Generator | None = None,
) -> PermutationTest:
    """Test of a zero mean: the statistic among those with the effects' signs changed at will.

    effects, variances: shape (k,). random: draws signs that often; None looks at all 2^k, which is refused
    past 18 studies. Options as for `pool`. Source: Follmann & Proschan 1999, Biometrics 55:732.
    """
    y, v = checked_studies(effects, variances)
    k = len(y)
    if random is None:
        if 2**k > MOST_EXACT_SIGNS:
            raise ImpossibleInput(f"{k} studies have {2**k} sign changes; draw some with a random generator")
        signs = 1.0 - 2 * ((np.arange(2**k)[:, None] >> np.arange(k)) & 1)
    else:
        signs = np.vstack([np.ones(k), random.choice([-1.0, 1.0], size=(draws, k))])
    batch = pool_rows(
        signs * y,
        np.broadcast_to(v, signs.shape),
        model=model,
        tau2_estimator=tau2_estimator,
        interval=interval,
        level=0.95,
        prediction=matching_prediction(interval),
    )
    statistics = np.abs(batch.statistic)[:, None]
    return _compared(statistics, exact=random is None)


def permute_moderators(
    effects: ArrayLike,
    variances: ArrayLike,
    design: ArrayLike,
    *,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
    draws: int = 1000,
    random: np.random.Generator | None = None,
) -> PermutationTest:
    """Tests of coefficients: their statistics among those with the moderators dealt to the studies at will.

    design: shape (k, p). random: draws that many orders; None looks at all, which is refused past 7 studies.
    Source: Higgins & Thompson 2004, Stat Med 23:1663.
    """
    y, v = checked_studies(effects, variances)
    columns = checked_design(design, len(y))
    k = len(y)
    if random is None:
        if k > 7:
            raise ImpossibleInput(f"{k} studies have over {MOST_EXACT_ORDERS} orders; draw some at random")
        orders = [np.array(order) for order in permutations(range(k))]
    else:
        orders = [np.arange(k), *(random.permutation(k) for _ in range(draws))]
    statistics = np.array(
        [
            np.abs(
                meta_regression(
                    y, v, columns[order], tau2_estimator=tau2_estimator, interval=interval
                ).statistics
            )
            for order in orders
        ]
    )
    return _compared(statistics, exact=random is None)


def _compared(statistics: Floats, *, exact: bool) -> PermutationTest:
    """The share of arrangements at least as extreme as the first, which is the one observed."""
    as_extreme = statistics >= statistics[0] * (1 - ROUNDING)
    return PermutationTest(as_extreme.mean(axis=0), len(statistics), exact)
