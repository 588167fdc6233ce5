"""Tests for small-study effects: does the effect depend on the size or precision of the study?

None of them proves publication bias, and all lack power below about ten studies. For odds ratios Egger's test
errs because effect and standard error are tied; for proportions every test on the standard error does.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from analysis.pooling.arrays import Floats, checked_studies, one_dimensional, same_length
from analysis.pooling.effect_sizes.two_by_two import peto_parts
from analysis.pooling.errors import TooFewStudies
from analysis.pooling.intervals import quantile, two_sided_p
from analysis.pooling.least_squares import WeightedFit
from analysis.pooling.options import IntervalMethod, Model, Tau2Estimator
from analysis.pooling.regression import meta_regression

FEWEST = 3


@dataclass(frozen=True)
class AsymmetryTest:
    """Regression of effects on a measure of study size: the slope tests asymmetry.

    df: of the t distribution, None for the normal. intercept: the effect where the predictor is 0, which for
    standard error, variance, and inverse sizes is that of a study without sampling error (PET, PEESE), with
    its interval.
    """

    k: int
    statistic: float
    df: int | None
    p_value: float
    slope: float
    slope_se: float
    intercept: float
    intercept_se: float
    intercept_low: float
    intercept_high: float


@dataclass(frozen=True)
class Tables:
    """2x2 tables of k studies: events and totals of two groups, shape (k,) each."""

    events1: Floats
    totals1: Floats
    events2: Floats
    totals2: Floats

    @property
    def sizes(self) -> Floats:
        return self.totals1 + self.totals2

    @property
    def events(self) -> Floats:
        return self.events1 + self.events2


def weighted_regression_test(
    effects: ArrayLike, predictor: ArrayLike, weights: ArrayLike, level: float = 0.95
) -> AsymmetryTest:
    """Weighted least squares of effects on a predictor, with estimated dispersion and t on k - 2.

    All of shape (k,), k >= 3. Raises TooFewStudies below that and where the predictor does not vary.
    Source of the form: Egger et al. 1997, BMJ 315:629, as weighted regression (Sterne & Egger 2005).
    """
    y, x = one_dimensional(effects, "effects"), one_dimensional(predictor, "predictor")
    w = one_dimensional(weights, "weights")
    same_length(effects=y, predictor=x, weights=w)
    _check_enough(y, x)
    fit = WeightedFit(y, np.column_stack([np.ones_like(x), x]), w)
    df = len(y) - 2
    se = np.sqrt(np.diag(fit.inverse_information) * fit.q / df)
    return _test(fit.coefficients, se, df, len(y), level)


def mixed_regression_test(
    effects: ArrayLike,
    variances: ArrayLike,
    predictor: ArrayLike,
    *,
    model: Model = Model.RANDOM,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
) -> AsymmetryTest:
    """The same regression as a meta-regression with residual between-study variance.

    Source: Sterne & Egger 2005, in Rothstein, Sutton & Borenstein, Publication Bias in Meta-Analysis, ch. 6.
    """
    y, v = checked_studies(effects, variances)
    x = one_dimensional(predictor, "predictor")
    same_length(effects=y, predictor=x)
    _check_enough(y, x)
    result = meta_regression(
        y,
        v,
        np.column_stack([np.ones_like(x), x]),
        model=model,
        tau2_estimator=tau2_estimator,
        interval=interval,
        level=level,
    )
    df = None if result.df is None else int(result.df)
    return _test(result.coefficients, result.se, df, len(y), level)


def egger(effects: ArrayLike, variances: ArrayLike, level: float = 0.95) -> AsymmetryTest:
    """Egger's test. Source: Egger et al. 1997, BMJ 315:629."""
    y, v = checked_studies(effects, variances)
    return weighted_regression_test(y, np.sqrt(v), 1 / v, level)


def thompson_sharp(
    effects: ArrayLike,
    variances: ArrayLike,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    level: float = 0.95,
) -> AsymmetryTest:
    """Egger's test with residual between-study variance and t on k - 2.

    Source: Thompson & Sharp 1999, Stat Med 18:2693.
    """
    y, v = checked_studies(effects, variances)
    return mixed_regression_test(
        y, v, np.sqrt(v), tau2_estimator=tau2_estimator, interval=IntervalMethod.T, level=level
    )


def macaskill(effects: ArrayLike, variances: ArrayLike, sizes: ArrayLike) -> AsymmetryTest:
    """Effects on study size, inverse-variance weights. Source: Macaskill, Walter & Irwig 2001, Stat Med
    20:641.
    """
    y, v = checked_studies(effects, variances)
    return weighted_regression_test(y, sizes, 1 / v)


def pustejovsky_rodgers(
    effects: ArrayLike, variances: ArrayLike, totals1: ArrayLike, totals2: ArrayLike
) -> AsymmetryTest:
    """Egger's test with the part of the standard error that does not depend on the effect.

    Source: Pustejovsky & Rodgers 2019, Res Synth Methods 10:57.
    """
    y, v = checked_studies(effects, variances)
    n1, n2 = one_dimensional(totals1, "totals1"), one_dimensional(totals2, "totals2")
    return weighted_regression_test(y, np.sqrt(1 / n1 + 1 / n2), 1 / v)


def harbord(tables: Tables) -> AsymmetryTest:
    """Score-based test for odds ratios. Source: Harbord, Egger & Sterne 2006, Stat Med 25:3443."""
    surplus, information = peto_parts(tables.events1, tables.totals1, tables.events2, tables.totals2)
    informative = information > 0
    z, v = surplus[informative], information[informative]
    return weighted_regression_test(z / v, 1 / np.sqrt(v), v)


def peters(effects: ArrayLike, tables: Tables) -> AsymmetryTest:
    """Log odds ratios on inverse size. Source: Peters et al. 2006, JAMA 295:676."""
    events, size = tables.events, tables.sizes
    return weighted_regression_test(effects, 1 / size, events * (size - events) / size)


def deeks(effects: ArrayLike, tables: Tables) -> AsymmetryTest:
    """Log odds ratios on the effective sample size. Source: Deeks, Macaskill & Irwig 2005, J Clin Epidemiol
    58:882.
    """
    effective = 4 * tables.totals1 * tables.totals2 / tables.sizes
    return weighted_regression_test(effects, 1 / np.sqrt(effective), effective)


@dataclass(frozen=True)
class RankTest:
    """Kendall's rank correlation of standardised effects with their precision.

    score: concordant minus discordant pairs, with its standard error under no association (corrected for
    ties).
    tau: Kendall's tau-b. exact: whether p_value is the exact one, which exists without ties only.
    """

    tau: float
    score: int
    score_se: float
    p_value: float
    exact: bool


def begg(effects: ArrayLike, variances: ArrayLike, *, exact: bool = True) -> RankTest:
    """Rank correlation of standardised effects with variances. Source: Begg & Mazumdar 1994, Biometrics
    50:1088.

    effects, variances: shape (k,), k >= 2. exact: use the exact distribution where there are no ties.
    """
    y, v = checked_studies(effects, variances)
    _check_enough(y, v, fewest=2)
    weights = 1 / v
    standardised = (y - weights @ y / weights.sum()) / np.sqrt(v - 1 / weights.sum())
    return rank_correlation(standardised, v, exact=exact)


def schwarzer(tables: Tables, odds_ratio: float) -> RankTest:
    """Rank correlation of standardised cell counts with inverse variances, for sparse tables.

    odds_ratio: the common odds ratio (Mantel-Haenszel) under which a count's mean and variance are those of
    the
    noncentral hypergeometric distribution. Source: Schwarzer, Antes & Schumacher 2007, Stat Med 26:721.
    """
    moments = [_hypergeometric(*row, odds_ratio) for row in zip(*_margins(tables), strict=True)]
    mean, variance = np.array(moments).T
    informative = variance > 0
    counts = tables.events1[informative]
    standardised = (counts - mean[informative]) / np.sqrt(variance[informative])
    return rank_correlation(standardised, 1 / variance[informative], exact=False)


def _margins(tables: Tables) -> tuple[Floats, Floats, Floats]:
    return tables.totals1, tables.totals2, tables.events


def _hypergeometric(total1: float, total2: float, events: float, odds_ratio: float) -> tuple[float, float]:
    """Mean and variance of group 1's events given the margins."""
    x = np.arange(max(0.0, events - total2), min(total1, events) + 1)
    logs = x * np.log(odds_ratio) - gammaln(x + 1) - gammaln(total1 - x + 1)
    logs = logs - gammaln(events - x + 1) - gammaln(total2 - events + x + 1)
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    mean = float(chances @ x)
    return mean, float(chances @ (x - mean) ** 2)


def rank_correlation(first: Floats, second: Floats, *, exact: bool) -> RankTest:
    """Kendall's tau-b of two columns of shape (k,). Source: Kendall 1970, Rank Correlation Methods, ch.
    3-5.
    """
    k = len(first)
    if k < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        raise TooFewStudies("A rank correlation needs two studies at least, and that they differ.")
    upper = np.triu_indices(k, 1)
    signs1 = np.sign(first[:, None] - first)[upper]
    signs2 = np.sign(second[:, None] - second)[upper]
    score = int((signs1 * signs2).sum())
    tau = score / np.sqrt(np.count_nonzero(signs1) * np.count_nonzero(signs2))
    se = _score_se(k, _tie_sizes(first), _tie_sizes(second))
    tied = bool((signs1 == 0).any() or (signs2 == 0).any())
    if exact and not tied:
        return RankTest(float(tau), score, se, _exact_p(k, score), True)
    p = float(two_sided_p(np.array(score / se), np.array(np.inf)))
    return RankTest(float(tau), score, se, p, False)


def _tie_sizes(values: Floats) -> Floats:
    return np.unique(values, return_counts=True)[1].astype(np.float64)


def _score_se(k: int, ties1: Floats, ties2: Floats) -> float:
    def moment(n: Floats | float) -> Floats | float:
        return n * (n - 1) * (2 * n + 5)

    base = (moment(float(k)) - np.sum(moment(ties1)) - np.sum(moment(ties2))) / 18
    triples = np.sum(ties1 * (ties1 - 1) * (ties1 - 2)) * np.sum(ties2 * (ties2 - 1) * (ties2 - 2))
    pairs = np.sum(ties1 * (ties1 - 1)) * np.sum(ties2 * (ties2 - 1))
    # Two studies make no triple.
    of_triples = triples / (9 * k * (k - 1) * (k - 2)) if k > 2 else 0.0
    return float(np.sqrt(base + of_triples + pairs / (2 * k * (k - 1))))


def _exact_p(k: int, score: int) -> float:
    """Two-sided probability of so extreme a score, from the number of permutations with each number of
    inversions.
    """
    counts = np.ones(1)
    for size in range(2, k + 1):
        counts = np.convolve(counts, np.ones(size)) / size
    inversions = (k * (k - 1) // 2 - abs(score)) // 2
    return float(min(1.0, 2 * counts[: inversions + 1].sum()))


def _check_enough(effects: Floats, predictor: Floats, fewest: int = FEWEST) -> None:
    if len(effects) < fewest:
        raise TooFewStudies(
            f"A test for small-study effects needs {fewest} studies at least, and better ten."
        )
    if np.ptp(predictor) == 0:
        raise TooFewStudies("All studies are of the same size or precision: there is nothing to compare.")


def _test(coefficients: Floats, se: Floats, df: int | None, k: int, level: float) -> AsymmetryTest:
    free = np.array(np.inf if df is None else float(df))
    statistic = coefficients[1] / se[1]
    reach = float(quantile(free, level)) * float(se[0])
    return AsymmetryTest(
        k=k,
        statistic=float(statistic),
        df=df,
        p_value=float(two_sided_p(statistic, free)),
        slope=float(coefficients[1]),
        slope_se=float(se[1]),
        intercept=float(coefficients[0]),
        intercept_se=float(se[0]),
        intercept_low=float(coefficients[0]) - reach,
        intercept_high=float(coefficients[0]) + reach,
    )
