"""Inverse-variance pooling of one meta-analysis, common effect or random effects."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats, checked_studies
from analysis.pooling.batch import PooledBatch, check_level, matching_prediction, pool_rows
from analysis.pooling.heterogeneity import q_profile
from analysis.pooling.options import IntervalMethod, Model, PredictionMethod, Tau2Estimator

ONE_STUDY = "One study only: the result is that study's own, with a normal interval."
NO_WIDTH = (
    "The studies' effects are identical, so the Hartung-Knapp standard error is 0 and its interval has no "
    "width. Use the Wald interval or the Hartung-Knapp interval with its floor."
)
SMALL_SCALE = (
    "The effects vary less than their standard errors explain, which makes this Hartung-Knapp standard error "
    "smaller than the inverse-variance one. The floor, or a Wald interval, is the cautious choice."
)
NO_TAU2 = "tau2 is estimated as 0, so the estimate equals that of a common-effect model."
NO_PREDICTION = "No prediction interval: with two studies, k - 2 leaves no degrees of freedom."


@dataclass(frozen=True)
class HeterogeneityIntervals:
    """Q-profile limits of tau2, and of I2 (percent) and H2 that follow from them."""

    tau2_low: float
    tau2_high: float
    i2_low: float
    i2_high: float
    h2_low: float
    h2_high: float


@dataclass(frozen=True)
class PooledResult:
    """One pooled meta-analysis, on the analysis scale (log for ratios, logit, ...).

    df: degrees of freedom of the test, None where the normal distribution is used.
    statistic: None where the standard error is 0 and no statistic exists.
    prediction_low, prediction_high: None for a common-effect model, for a single study, and where the method
    has no degrees of freedom (k - 2 with two studies). `prediction_method` names the quantile used.
    tau2, i2, h2: i2 (percent) and h2 come from tau2 and the typical within-study variance, or from Q in a
    common-effect model. i2_from_q: the other definition, 100 (Q - df) / Q. The two differ unless tau2 is
    DL's.
    heterogeneity: Q-profile intervals, None for a common-effect model or a single study.
    weights_percent: shape (k,), each study's share of the estimate.
    notes: what a reader must know of this result, in plain sentences.
    """

    k: int
    estimate: float
    se: float
    statistic: float | None
    df: float | None
    p_value: float
    ci_low: float
    ci_high: float
    prediction_low: float | None
    prediction_high: float | None
    prediction_method: PredictionMethod | None
    tau2: float
    i2: float
    h2: float
    heterogeneity: HeterogeneityIntervals | None
    i2_from_q: float
    q: float
    q_df: int
    q_p: float
    weights_percent: Floats
    level: float
    model: Model
    tau2_estimator: Tau2Estimator | None
    interval: IntervalMethod
    notes: tuple[str, ...]


def pool(
    effects: ArrayLike,
    variances: ArrayLike,
    *,
    model: Model = Model.RANDOM,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
    prediction: PredictionMethod | None = None,
    reml_threshold: float | None = None,
) -> PooledResult:
    """The pooled effect of one meta-analysis with its heterogeneity and intervals.

    effects, variances: shape (k,), on the analysis scale; variances (squared standard errors) above zero.
    level: of all intervals, between 0 and 1.
    prediction: which prediction interval; None takes the one that goes with `interval`, the normal for WALD
    and t on k - 1 for the others.
    reml_threshold: leave at None for the REML maximum; a number stops Fisher scoring at that change of tau2,
    and 1e-5 gives what metafor prints by default.
    Raises TooFewStudies without a study and ImpossibleInput for a number that cannot be used.
    Source: Borenstein et al. 2010, Res Synth Methods 1:97, for both models; the parts cite their own.
    """
    checked_effects, checked_variances = checked_studies(effects, variances)
    check_level(level)
    y, v = checked_effects[None, :], checked_variances[None, :]
    method = prediction or matching_prediction(interval)
    batch = pool_rows(
        y,
        v,
        model=model,
        tau2_estimator=tau2_estimator,
        interval=interval,
        level=level,
        prediction=method,
        reml_threshold=reml_threshold,
    )
    limits = None
    if model is Model.RANDOM and len(checked_effects) > 1:
        limits = _heterogeneity_intervals(y, v, level)
    estimator = tau2_estimator if model is Model.RANDOM else None
    return _result(batch, limits, estimator, model=model, interval=interval, level=level, prediction=method)


def _result(
    batch: PooledBatch,
    limits: HeterogeneityIntervals | None,
    estimator: Tau2Estimator | None,
    *,
    model: Model,
    interval: IntervalMethod,
    level: float,
    prediction: PredictionMethod,
) -> PooledResult:
    """The only row of a batch, in plain numbers."""
    return PooledResult(
        k=int(batch.k[0]),
        estimate=float(batch.estimate[0]),
        se=float(batch.se[0]),
        statistic=_number(batch.statistic),
        df=_number(batch.df),
        p_value=float(batch.p_value[0]),
        ci_low=float(batch.ci_low[0]),
        ci_high=float(batch.ci_high[0]),
        prediction_low=_number(batch.prediction_low),
        prediction_high=_number(batch.prediction_high),
        prediction_method=None if limits is None else prediction,
        tau2=float(batch.tau2[0]),
        i2=float(batch.i2[0]),
        h2=float(batch.h2[0]),
        heterogeneity=limits,
        i2_from_q=float(batch.i2_from_q[0]),
        q=float(batch.q[0]),
        q_df=int(batch.q_df[0]),
        q_p=float(batch.q_p[0]),
        weights_percent=batch.weights_percent[0],
        level=level,
        model=model,
        tau2_estimator=estimator,
        interval=interval,
        notes=tuple(_notes(batch, model, interval, prediction)),
    )


def _number(values: Floats) -> float | None:
    """The single value as a float; None where it does not exist (NaN) or is a normal's infinite df."""
    return float(values[0]) if np.isfinite(values[0]) else None


def _heterogeneity_intervals(effects: Floats, variances: Floats, level: float) -> HeterogeneityIntervals:
    limits = q_profile(effects, variances, level)
    return HeterogeneityIntervals(
        tau2_low=float(limits.tau2_low[0]),
        tau2_high=float(limits.tau2_high[0]),
        i2_low=float(limits.i2_low[0]),
        i2_high=float(limits.i2_high[0]),
        h2_low=float(limits.h2_low[0]),
        h2_high=float(limits.h2_high[0]),
    )


def _notes(
    batch: PooledBatch, model: Model, interval: IntervalMethod, prediction: PredictionMethod
) -> Iterator[str]:
    if batch.k[0] == 1:
        yield ONE_STUDY
        return
    if batch.se[0] == 0:
        yield NO_WIDTH
    elif interval is IntervalMethod.HARTUNG_KNAPP and batch.se[0] < batch.inverse_variance_se[0]:
        yield SMALL_SCALE
    if model is Model.RANDOM and batch.tau2[0] == 0:
        yield NO_TAU2
    if model is Model.RANDOM and prediction is PredictionMethod.T_K_MINUS_2 and batch.k[0] == 2:
        yield NO_PREDICTION
