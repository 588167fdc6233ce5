"""Fail-safe N: how many studies without effect would undo the result. Dated: they say little of real bias."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from analysis.pooling.arrays import checked_studies
from analysis.pooling.errors import ImpossibleInput
from analysis.pooling.options import Model, Tau2Estimator
from analysis.pooling.pool import pool


@dataclass(frozen=True)
class FailSafe:
    """Number of further studies; p_value of the result that they undo, None for Orwin, which has no test."""

    studies: int
    p_value: float | None


def rosenthal(effects: ArrayLike, variances: ArrayLike, alpha: float = 0.05) -> FailSafe:
    """Studies of zero effect that bring the combined one-sided p up to alpha (Stouffer's method).

    Source: Rosenthal 1979, Psychol Bull 86:638.
    """
    y, v = checked_studies(effects, variances)
    total = float((y / np.sqrt(v)).sum())
    critical = float(ndtri(1 - alpha))
    return FailSafe(
        _at_least_zero((total / critical) ** 2 - len(y)), float(ndtr(-abs(total) / np.sqrt(len(y))))
    )


def orwin(effects: ArrayLike, variances: ArrayLike, target: float | None = None) -> FailSafe:
    """Studies of zero effect that bring the unweighted mean down to `target`, by default half of it.

    Only the size of the target counts: it is taken to be on the mean's side of 0.

    Source: Orwin 1983, J Educ Stat 8:157. Raises ImpossibleInput for a target of 0.
    """
    y, _ = checked_studies(effects, variances)
    mean = abs(float(y.mean()))
    goal = mean / 2 if target is None else abs(target)
    if goal == 0:
        raise ImpossibleInput("the target mean must not be 0: no number of studies brings the mean there")
    return FailSafe(_at_least_zero(len(y) * (mean - goal) / goal), None)


def rosenberg(effects: ArrayLike, variances: ArrayLike, alpha: float = 0.05) -> FailSafe:
    """Studies of zero effect and mean weight that bring the common-effect p up to alpha (two-sided).

    Source: Rosenberg 2005, Evolution 59:464.
    """
    y, v = checked_studies(effects, variances)
    result = pool(y, v, model=Model.COMMON)
    critical = float(ndtri(1 - alpha / 2))
    surplus = (result.estimate / result.se / critical) ** 2 - 1
    return FailSafe(_at_least_zero(len(y) * surplus), result.p_value)


def general(
    effects: ArrayLike,
    variances: ArrayLike,
    *,
    alpha: float = 0.05,
    model: Model = Model.RANDOM,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
) -> FailSafe:
    """Studies of zero mean effect that bring the random-effects p up to alpha (two-sided).

    The further studies are taken to have the mean sampling variance and the same tau2 about 0; the difference
    of the two groups' means adds to the heterogeneity, and all studies then weigh alike.
    """
    y, v = checked_studies(effects, variances)
    result = pool(y, v, model=model, tau2_estimator=tau2_estimator)
    if result.p_value >= alpha:
        return FailSafe(0, result.p_value)
    k, mean, critical = len(y), result.estimate, float(ndtri(1 - alpha / 2))
    mixed = 0.0 if model is Model.COMMON else mean**2
    further = 1
    while _squared_statistic(k, further, mean, mixed, result.tau2 + float(v.mean())) > critical**2:
        further += 1
    return FailSafe(further, result.p_value)


def _squared_statistic(k: int, further: int, mean: float, mixed: float, variance: float) -> float:
    n = k + further
    return (k * mean) ** 2 / n / (variance + mixed * k * further / n**2)


def _at_least_zero(studies: float) -> int:
    return max(0, ceil(studies))
