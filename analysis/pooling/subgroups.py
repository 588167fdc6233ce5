"""Subgroups: a pooled result for each, and the test that they differ."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import checked_studies
from analysis.pooling.design import label, ordered_levels
from analysis.pooling.errors import ImpossibleInput, TooFewStudies
from analysis.pooling.options import IntervalMethod, Model, Tau2Estimator
from analysis.pooling.pool import PooledResult, pool
from analysis.pooling.regression import ModeratorTest, RegressionResult, meta_regression
from analysis.pooling.stratified import ChiSquare, chi_square

Group = str | float


@dataclass(frozen=True)
class SubgroupResult:
    """Subgroups that each have their own tau2: `groups` in the order of `levels`, all studies in `overall`.

    between: the test that the subgroups' estimates are equal.
    """

    levels: tuple[str, ...]
    groups: tuple[PooledResult, ...]
    overall: PooledResult
    between: ChiSquare


@dataclass(frozen=True)
class CommonTauResult:
    """Subgroups that share one tau2: one model with a mean for each level, whose coefficients are in level
    order.

    between: the test that the means are equal. r2: percent of tau2 that the grouping explains.
    """

    levels: tuple[str, ...]
    means: RegressionResult
    between: ModeratorTest
    r2: float | None


def pool_subgroups(
    effects: ArrayLike,
    variances: ArrayLike,
    groups: Sequence[Group],
    *,
    model: Model = Model.RANDOM,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
) -> SubgroupResult:
    """Each subgroup pooled by itself with its own tau2, as RevMan does; options as for `pool`.

    groups: one name (or number) for each study. A subgroup of one study has that study's result.
    Raises TooFewStudies when there is one subgroup only. Source: Borenstein & Higgins 2013, Prev Sci 14:134.
    """
    y, v = checked_studies(effects, variances)
    levels = _levels(groups, len(y))

    def pooled(member: Sequence[bool] | slice) -> PooledResult:
        return pool(
            y[member], v[member], model=model, tau2_estimator=tau2_estimator, interval=interval, level=level
        )

    results = tuple(pooled([group == name for group in groups]) for name in levels)
    estimates = np.array([result.estimate for result in results])
    weights = np.array([1 / result.se**2 for result in results])
    mean = weights @ estimates / weights.sum()
    between = chi_square(float(weights @ (estimates - mean) ** 2), len(levels) - 1)
    return SubgroupResult(tuple(label(name) for name in levels), results, pooled(slice(None)), between)


def pool_subgroups_common_tau2(
    effects: ArrayLike,
    variances: ArrayLike,
    groups: Sequence[Group],
    *,
    model: Model = Model.RANDOM,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
) -> CommonTauResult:
    """Subgroup means with one tau2 for all, which is wise when subgroups hold few studies; options as for
    `pool`.

    Raises TooFewStudies when there is one subgroup only. Source: Cochrane Handbook 10.11.3 (2024).
    """
    y, v = checked_studies(effects, variances)
    levels = _levels(groups, len(y))
    members = np.array([[group == name for name in levels] for group in groups], dtype=np.float64)
    contrasts = np.column_stack([np.ones(len(y)), members[:, 1:]])
    names = tuple(label(name) for name in levels)

    def fitted(design: ArrayLike) -> RegressionResult:
        return meta_regression(
            y,
            v,
            design,
            names=names,
            model=model,
            tau2_estimator=tau2_estimator,
            interval=interval,
            level=level,
        )

    compared = fitted(contrasts)
    return CommonTauResult(names, fitted(members), compared.moderators, compared.r2)


def _levels(groups: Sequence[Group], studies: int) -> list[Group]:
    if len(groups) != studies:
        raise ImpossibleInput("give the subgroup of each study")
    levels = ordered_levels(groups)
    if len(levels) < 2:
        raise TooFewStudies("All studies are in one subgroup: there is nothing to compare.")
    return levels
