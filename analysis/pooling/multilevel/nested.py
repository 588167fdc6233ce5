"""Effects nested in groups (such as outcomes in studies in laboratories), each level with its own
variance.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import chdtrc, chdtri

from analysis.pooling.arrays import Floats, Integers, checked_studies
from analysis.pooling.batch import check_level
from analysis.pooling.errors import DidNotConverge, ImpossibleInput, TooFewStudies
from analysis.pooling.fitting import maximise
from analysis.pooling.intervals import quantile, two_sided_p
from analysis.pooling.least_squares import WeightedFit
from analysis.pooling.options import IntervalMethod, Tau2Estimator
from analysis.pooling.regression import checked_design

LEAST_GAIN = 1e-9
ESTIMATORS = (Tau2Estimator.REML, Tau2Estimator.ML)
# A profile that is still above its cut-off at this many times the estimate has no upper limit worth a number.
WIDEST = 1e8


@dataclass(frozen=True)
class NestedResult:
    """A multilevel meta-analysis, on the analysis scale.

    coefficients, se, p_values, ci_low, ci_high: shape (p,); df k - p for T, None for the normal. vcov: (p,
    p).
    sigma2: the variance between the groups of each level, outermost first. i2_levels: each one's share of the
    total
    variance, in percent. prediction_low, prediction_high: with an intercept only, else None.
    q, q_df, q_p: Cochran's test of residual heterogeneity. log_likelihood: restricted for REML.
    """

    k: int
    coefficients: Floats
    se: Floats
    statistics: Floats
    df: float | None
    p_values: Floats
    ci_low: Floats
    ci_high: Floats
    vcov: Floats
    sigma2: Floats
    i2_levels: Floats
    q: float
    q_df: int
    q_p: float
    log_likelihood: float
    prediction_low: float | None
    prediction_high: float | None
    model: "NestedModel"


class NestedModel:
    """Effects with known sampling variances in nested groups, and their likelihood for given level variances.

    Matrices are made for each outermost group only, since effects of different ones are independent.
    """

    def __init__(
        self, effects: Floats, variances: Floats, design: Floats, levels: list[Integers], restricted: bool
    ) -> None:
        self.effects, self.variances, self.design = effects, variances, design
        self.levels, self.restricted = levels, restricted
        outer = levels[0]
        self.blocks: list[Integers] = [np.flatnonzero(outer == group) for group in np.unique(outer)]

    def covariance(self, block: Integers, sigma2: Floats) -> Floats:
        """Covariance matrix of the effects of one outermost group."""
        matrix = np.diag(self.variances[block])
        for level, variance in zip(self.levels, sigma2, strict=True):
            groups = level[block]
            matrix = matrix + variance * (groups[:, None] == groups)
        return np.asarray(matrix, dtype=np.float64)

    def solve(self, sigma2: Floats) -> "Solved":
        """Generalised least squares for given level variances."""
        p = self.design.shape[1]
        information, score, logdet, square = np.zeros((p, p)), np.zeros(p), 0.0, 0.0
        for block in self.blocks:
            x, y = self.design[block], self.effects[block]
            root = np.linalg.cholesky(self.covariance(block, sigma2))
            whitened = np.linalg.solve(root, np.column_stack([x, y]))
            xs, ys = whitened[:, :-1], whitened[:, -1]
            information += xs.T @ xs
            score += xs.T @ ys
            square += float(ys @ ys)
            logdet += 2 * float(np.log(np.diag(root)).sum())
        coefficients = np.linalg.solve(information, score)
        lost = square - float(score @ coefficients)
        return Solved(
            coefficients=np.asarray(coefficients, dtype=np.float64),
            vcov=np.asarray(np.linalg.inv(information), dtype=np.float64),
            loglik=self._loglik(information, logdet, lost),
        )

    def _loglik(self, information: Floats, logdet: float, lost: float) -> float:
        k, p = self.design.shape
        if not self.restricted:
            return float(-(k * np.log(2 * np.pi) + logdet + lost) / 2)
        volume = np.linalg.slogdet(self.design.T @ self.design)[1] - np.linalg.slogdet(information)[1]
        return float(-((k - p) * np.log(2 * np.pi) + logdet + lost - volume) / 2)


@dataclass(frozen=True)
class Solved:
    """Coefficients, their covariance matrix, and the log-likelihood at given level variances."""

    coefficients: Floats
    vcov: Floats
    loglik: float


def pool_nested(
    effects: ArrayLike,
    variances: ArrayLike,
    levels: Sequence[Sequence[Hashable]],
    *,
    design: ArrayLike | None = None,
    estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
) -> NestedResult:
    """Multilevel pooling by (restricted) maximum likelihood.

    effects, variances: shape (k,). levels: the group of each effect at every level, outermost first; an inner
    group is
    told apart within its outer one. design: shape (k, p), by default an intercept. interval: WALD or T.
    Raises TooFewStudies, ImpossibleInput, DidNotConverge.
    Sources: Konstantopoulos 2011, Res Synth Methods 2:61; Cheung 2014, Psychol Methods 19:211 (I2 by level).
    """
    y, v = checked_studies(effects, variances)
    check_level(level)
    columns = np.ones((len(y), 1)) if design is None else checked_design(design, len(y))
    if estimator not in ESTIMATORS or interval not in (IntervalMethod.WALD, IntervalMethod.T):
        raise ImpossibleInput("a multilevel model is fitted by REML or ML, with WALD or T intervals")
    if len(y) <= columns.shape[1]:
        raise TooFewStudies("A multilevel model needs more effects than coefficients.")
    model = NestedModel(y, v, columns, _nested(levels, len(y)), estimator is Tau2Estimator.REML)
    sigma2 = _likeliest(model)
    return _result(model, sigma2, interval, level)


def _nested(levels: Sequence[Sequence[Hashable]], effects: int) -> list[Integers]:
    """Groups as numbers, inner ones told apart within their outer ones."""
    if not levels or any(len(level) != effects for level in levels):
        raise ImpossibleInput("give the group of each effect at every level")
    paths: list[tuple[Hashable, ...]] = [()] * effects
    numbered = []
    for level in levels:
        paths = [(*path, group) for path, group in zip(paths, level, strict=True)]
        numbers = {path: number for number, path in enumerate(dict.fromkeys(paths))}
        numbered.append(np.array([numbers[path] for path in paths], dtype=np.int64))
    return numbered


def _likeliest(model: NestedModel) -> Floats:
    """Level variances of greatest likelihood. Their square roots are sought, so that 0 is no boundary.

    The search starts from several divisions of the spread between the levels, and the best end is taken.
    """
    count = len(model.levels)
    spread = max(float(np.var(model.effects)), 1e-12)

    def loglik(roots: Floats) -> float:
        return model.solve(roots**2 * spread).loglik

    starts = [np.full(count, np.sqrt(0.5 / count))]
    starts += [np.where(np.arange(count) == i, 0.7, 0.05) for i in range(count)] if count > 1 else []
    found = [maximise(loglik, start, np.full(count, 0.5)) for start in starts]
    best = max(found, key=lambda maximum: maximum.value)
    roots = np.abs(best.at)
    for i in range(count):
        without = np.where(np.arange(count) == i, 0.0, roots)
        if best.value - loglik(without) < LEAST_GAIN:
            roots = without
    return np.asarray(roots**2 * spread)


def _result(model: NestedModel, sigma2: Floats, interval: IntervalMethod, level: float) -> NestedResult:
    k, p = model.design.shape
    solved = model.solve(sigma2)
    se = np.sqrt(np.diag(solved.vcov))
    df = None if interval is IntervalMethod.WALD else float(k - p)
    free = np.array(np.inf if df is None else df)
    critical = float(quantile(free, level))
    common = WeightedFit(model.effects, model.design, 1 / model.variances)
    typical = (k - p) / common.trace
    b = solved.coefficients
    reach = critical * float(np.sqrt(solved.vcov[0, 0] + sigma2.sum()))
    alone = p == 1 and bool((model.design == 1).all())
    return NestedResult(
        k=k,
        coefficients=b,
        se=se,
        statistics=b / se,
        df=df,
        p_values=two_sided_p(b / se, np.broadcast_to(free, b.shape)),
        ci_low=b - critical * se,
        ci_high=b + critical * se,
        vcov=solved.vcov,
        sigma2=sigma2,
        i2_levels=100 * sigma2 / (sigma2.sum() + typical),
        q=common.q,
        q_df=k - p,
        q_p=float(chdtrc(k - p, common.q)),
        log_likelihood=solved.loglik,
        prediction_low=float(b[0]) - reach if alone else None,
        prediction_high=float(b[0]) + reach if alone else None,
        model=model,
    )


def sigma2_intervals(result: NestedResult, level: float = 0.95) -> list[tuple[float, float]]:
    """Profile-likelihood limits of each level's variance, 0 where the profile does not fall below its
    cut-off.

    Source: Hardy & Thompson 1996, Stat Med 15:619, for several variances. Raises DidNotConverge.
    """
    cutoff = result.log_likelihood - float(chdtri(1, 1 - level)) / 2
    return [_profile_limits(result, i, cutoff) for i in range(len(result.sigma2))]


def _profile_limits(result: NestedResult, i: int, cutoff: float) -> tuple[float, float]:
    estimate = float(result.sigma2[i])
    scale = max(float(result.sigma2.sum()), 1e-8)

    def above(variance: float) -> float:
        return _profile(result, i, variance) - cutoff

    low = 0.0 if above(0.0) >= 0 else float(brentq(above, 0.0, estimate, xtol=1e-12 * scale, rtol=1e-12))
    high = 2 * max(estimate, scale)
    while above(high) > 0:
        high *= 2
        if high > WIDEST * scale:
            raise DidNotConverge("The profile of a variance does not fall: it has no upper limit.")
    return low, float(brentq(above, estimate, high, xtol=1e-12 * scale, rtol=1e-12))


def _profile(result: NestedResult, i: int, variance: float) -> float:
    """Greatest log-likelihood with the variance of level i held."""
    others = np.delete(np.arange(len(result.sigma2)), i)
    if len(others) == 0:
        return result.model.solve(np.array([variance])).loglik
    spread = max(float(np.var(result.model.effects)), 1e-12)

    def loglik(roots: Floats) -> float:
        sigma2 = np.empty(len(result.sigma2))
        sigma2[i], sigma2[others] = variance, roots**2 * spread
        return result.model.solve(sigma2).loglik

    start = np.maximum(np.sqrt(result.sigma2[others] / spread), 0.05)
    return maximise(loglik, start, np.full(len(others), 0.5)).value
