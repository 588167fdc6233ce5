"""Inverse-variance pooling of many meta-analyses in one call."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats
from analysis.pooling.early_stop import tau2_stopped_early
from analysis.pooling.errors import ImpossibleInput, TooFewStudies
from analysis.pooling.heterogeneity import (
    h2_from_tau2,
    homogeneity,
    i2_from_tau2,
    typical_variance,
)
from analysis.pooling.intervals import infer_mean, predict
from analysis.pooling.options import IntervalMethod, Model, PredictionMethod, Tau2Estimator
from analysis.pooling.tau2 import estimate_tau2, study_counts


@dataclass(frozen=True)
class PooledBatch:
    """m pooled meta-analyses. Arrays have shape (m,), `weights_percent` has (m, k); fields as in
    PooledResult.

    inverse_variance_se: the standard error before any Hartung-Knapp scaling.
    What does not exist for a row is NaN: `df` is infinite where the normal distribution is used, `statistic`
    NaN where the standard error is 0, the prediction limits NaN without a random-effects model, for a single
    study, and where the method has no degrees of freedom.
    """

    k: Floats
    estimate: Floats
    se: Floats
    inverse_variance_se: Floats
    df: Floats
    statistic: Floats
    p_value: Floats
    ci_low: Floats
    ci_high: Floats
    prediction_low: Floats
    prediction_high: Floats
    tau2: Floats
    i2: Floats
    h2: Floats
    i2_from_q: Floats
    q: Floats
    q_df: Floats
    q_p: Floats
    weights_percent: Floats


def pool_many(
    effects: ArrayLike,
    variances: ArrayLike,
    *,
    model: Model = Model.RANDOM,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
    prediction: PredictionMethod | None = None,
    reml_threshold: float | None = None,
) -> PooledBatch:
    """Pool m meta-analyses at once; options as for `pool`.

    effects, variances: shape (m, k). Where a meta-analysis has fewer than k studies, pad its row with effect
    0 (or any finite number) and variance infinity.
    Raises ImpossibleInput for a number that cannot be used and TooFewStudies for a row without a study.
    """
    y, v = _checked_rows(effects, variances)
    check_level(level)
    return pool_rows(
        y,
        v,
        model=model,
        tau2_estimator=tau2_estimator,
        interval=interval,
        level=level,
        prediction=prediction or matching_prediction(interval),
        reml_threshold=reml_threshold,
    )


def pool_rows(
    effects: Floats,
    variances: Floats,
    *,
    model: Model,
    tau2_estimator: Tau2Estimator,
    interval: IntervalMethod,
    level: float,
    prediction: PredictionMethod,
    reml_threshold: float | None = None,
) -> PooledBatch:
    """`pool_many` for arrays that are known to be good."""
    counts = study_counts(variances)
    random = model is Model.RANDOM
    tau2 = np.zeros(len(effects))
    if random:
        tau2 = _estimated(effects, variances, counts, tau2_estimator, reml_threshold)
    weights = 1 / (variances + tau2[:, None])
    mean = infer_mean(effects, weights, counts, interval, level)
    low, high = predict(mean, tau2, counts, prediction, level)
    predictable = random & (counts > 1)
    test = homogeneity(effects, variances, counts)
    typical = typical_variance(variances, counts)
    return PooledBatch(
        k=counts,
        estimate=mean.estimate,
        se=mean.se,
        inverse_variance_se=1 / np.sqrt(weights.sum(-1)),
        df=mean.df,
        statistic=mean.statistic,
        p_value=mean.p_value,
        ci_low=mean.low,
        ci_high=mean.high,
        prediction_low=np.where(predictable, low, np.nan),
        prediction_high=np.where(predictable, high, np.nan),
        tau2=tau2,
        i2=i2_from_tau2(tau2, typical) if random else test.i2,
        h2=h2_from_tau2(tau2, typical) if random else test.h2,
        i2_from_q=test.i2,
        q=test.q,
        q_df=test.df,
        q_p=test.p,
        weights_percent=100 * weights / weights.sum(-1, keepdims=True),
    )


def check_level(level: float) -> None:
    """Refuse a confidence level that is not between 0 and 1, such as 95 for 0.95."""
    if not 0 < level < 1:
        raise ImpossibleInput(f"a confidence level lies between 0 and 1, such as 0.95; {level:g} does not")


def matching_prediction(interval: IntervalMethod) -> PredictionMethod:
    """The prediction interval that uses the same distribution as the confidence interval."""
    return PredictionMethod.NORMAL if interval is IntervalMethod.WALD else PredictionMethod.T_K_MINUS_1


def _estimated(
    effects: Floats,
    variances: Floats,
    counts: Floats,
    estimator: Tau2Estimator,
    reml_threshold: float | None,
) -> Floats:
    if reml_threshold is None:
        return estimate_tau2(effects, variances, estimator, counts)
    if estimator is not Tau2Estimator.REML:
        raise ImpossibleInput(f"an early stop belongs to REML; {estimator} has no such threshold here")
    return tau2_stopped_early(effects, variances, reml_threshold)


def _checked_rows(effects: ArrayLike, variances: ArrayLike) -> tuple[Floats, Floats]:
    y = np.asarray(effects, dtype=np.float64)
    v = np.asarray(variances, dtype=np.float64)
    if y.ndim != 2 or y.shape != v.shape:
        raise ImpossibleInput(
            "give effects and variances as two tables of the same shape, a meta-analysis a row"
        )
    if not (np.isfinite(y).all() and (v > 0).all()):
        raise ImpossibleInput(
            "effects must be finite and variances above zero (infinite where a row is padded)"
        )
    if not np.isfinite(v).any(-1).all():
        raise TooFewStudies("A meta-analysis in the table has no study.")
    return y, v
