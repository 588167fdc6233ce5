"""Standard error, test, confidence and prediction interval of a pooled effect.

Functions take arrays of shape (m,), or (m, k) for effects and weights, and return shape (m,).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from analysis.pooling.arrays import Floats
from analysis.pooling.options import IntervalMethod, PredictionMethod


@dataclass(frozen=True)
class MeanInference:
    """The pooled effect with what is inferred of it. `df` is infinite where the normal distribution is used.

    statistic: estimate / se, NaN where se is 0 and the statistic is not defined.
    """

    estimate: Floats
    se: Floats
    df: Floats
    statistic: Floats
    p_value: Floats
    low: Floats
    high: Floats


def infer_mean(
    effects: Floats, weights: Floats, counts: Floats, method: IntervalMethod, level: float
) -> MeanInference:
    """Weighted mean of each row with its test against zero and its interval.

    Sources: Hartung & Knapp 2001, Stat Med 20:3875, and Sidik & Jonkman 2002, Stat Med 21:3153
    (HARTUNG_KNAPP); Knapp & Hartung 2003, Stat Med 22:2693, and Rover et al. 2015, BMC Med Res Methodol 15:99
    (the floor).
    A single study always gets the normal interval: a t distribution on 0 degrees of freedom does not exist.
    """
    total = weights.sum(-1)
    estimate = (weights * effects).sum(-1) / total
    se = np.sqrt(hartung_knapp_scale(effects, weights, estimate, counts, method) / total)
    df = np.where((counts > 1) & (method is not IntervalMethod.WALD), counts - 1, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = estimate / se
    statistic = np.where(se > 0, statistic, np.nan)
    reach = quantile(df, level) * se
    return MeanInference(
        estimate=estimate,
        se=se,
        df=df,
        statistic=statistic,
        p_value=np.where(se > 0, two_sided_p(statistic, df), np.where(estimate == 0, 1.0, 0.0)),
        low=estimate - reach,
        high=estimate + reach,
    )


def hartung_knapp_scale(
    effects: Floats, weights: Floats, estimate: Floats, counts: Floats, method: IntervalMethod
) -> Floats:
    """What the inverse-variance squared standard error is multiplied by: 1 unless a Hartung-Knapp method is
    asked.
    """
    if method in (IntervalMethod.WALD, IntervalMethod.T):
        return np.ones_like(estimate)
    residuals = effects - estimate[..., None]
    scale = (weights * residuals * residuals).sum(-1) / np.maximum(counts - 1, 1.0)
    if method is IntervalMethod.HARTUNG_KNAPP_FLOOR:
        scale = np.maximum(scale, 1.0)
    return np.where(counts > 1, scale, 1.0)


def predict(
    mean: MeanInference, tau2: Floats, counts: Floats, method: PredictionMethod, level: float
) -> tuple[Floats, Floats]:
    """Interval in which the true effect of a new study lies; NaN where the method has no degrees of freedom.

    Sources: Higgins, Thompson & Spiegelhalter 2009, J R Stat Soc A 172:137 (t on k - 2); Riley, Higgins &
    Deeks 2011, BMJ 342:d549; Veroniki et al. 2019, Res Synth Methods 10:23 (t on k - 1).
    """
    variance = tau2 if method is PredictionMethod.WITHOUT_ERROR_OF_MEAN else tau2 + mean.se * mean.se
    lost = {PredictionMethod.T_K_MINUS_1: 1, PredictionMethod.T_K_MINUS_2: 2}.get(method)
    df = np.full_like(counts, np.inf) if lost is None else counts - lost
    reach = quantile(np.where(df > 0, df, np.nan), level) * np.sqrt(variance)
    return mean.estimate - reach, mean.estimate + reach


def quantile(df: Floats, level: float) -> Floats:
    """Two-sided critical value of t on `df`, or of the normal where df is infinite."""
    upper = (1 + level) / 2
    finite = np.where(np.isfinite(df), df, 1.0)
    critical: Floats = np.where(np.isinf(df), ndtri(upper), stdtrit(finite, upper))
    return np.where(np.isnan(df), np.nan, critical)


def two_sided_p(statistic: Floats, df: Floats) -> Floats:
    """P(|T| > |statistic|) for t on `df`, or for the normal where df is infinite."""
    tail = -np.abs(statistic)
    finite = np.where(np.isfinite(df), df, 1.0)
    one_sided: Floats = np.where(np.isinf(df), ndtr(tail), stdtr(finite, tail))
    return 2 * one_sided
