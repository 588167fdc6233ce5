"""Likelihood of a fitted random-effects model, and the standard error of its tau2."""

from dataclasses import dataclass

import numpy as np

from analysis.pooling.arrays import Floats
from analysis.pooling.least_squares import WeightedFit
from analysis.pooling.options import Tau2Estimator


@dataclass(frozen=True)
class ModelFit:
    """Log-likelihood (restricted for REML, full for every other estimator) and Akaike's information
    criterion.

    se_tau2: standard error of tau2, None for a common-effect model and a single study.
    """

    log_likelihood: float
    aic: float
    se_tau2: float | None


def describe_fit(
    effects: Floats,
    variances: Floats,
    tau2: float,
    estimator: Tau2Estimator | None,
    design: Floats | None = None,
) -> ModelFit:
    """Likelihood and standard error of tau2 of the model with these studies, shape (k,), and this tau2.

    estimator: None for a common-effect model. design: shape (k, p), by default an intercept.
    Source: Viechtbauer 2005, J Educ Behav Stat 30:261, and Viechtbauer et al. 2015, Psychol Methods 20:360,
    for the
    standard errors: the inverse information (ML, REML), or the variance of the quadratic form that defines
    tau2.
    """
    columns = np.ones((len(effects), 1)) if design is None else design
    restricted = estimator is Tau2Estimator.REML
    loglik = _log_likelihood(effects, variances + tau2, columns, restricted)
    parameters = columns.shape[1] + (estimator is not None)
    spare = len(effects) > columns.shape[1]
    se = _se_tau2(effects, variances, tau2, estimator, columns) if estimator and spare else None
    return ModelFit(log_likelihood=loglik, aic=2 * parameters - 2 * loglik, se_tau2=se)


def _log_likelihood(effects: Floats, variances: Floats, columns: Floats, restricted: bool) -> float:
    k, p = columns.shape
    fit = WeightedFit(effects, columns, 1 / variances)
    constant = float(np.log(2 * np.pi))
    lost = float(np.log(variances).sum()) + fit.q
    if restricted:
        volume = float(np.linalg.slogdet(columns.T @ columns)[1]) - fit.log_information
        return float(-((k - p) * constant + lost - volume) / 2)
    return float(-(k * constant + lost) / 2)


def _se_tau2(
    effects: Floats, variances: Floats, tau2: float, estimator: Tau2Estimator, columns: Floats
) -> float | None:
    k, p = columns.shape
    total = variances + tau2
    weights = 1 / total
    if estimator is Tau2Estimator.ML:
        return float(np.sqrt(2 / (weights @ weights)))
    if estimator is Tau2Estimator.REML:
        information = WeightedFit(effects, columns, weights).trace_of_square(np.ones(k)) / 2
        return float(1 / np.sqrt(information)) if information > 0 else None
    if estimator in (Tau2Estimator.EB, Tau2Estimator.PM):
        return float(np.sqrt(2 * k**2 / (k - p)) / weights.sum())
    if estimator is Tau2Estimator.HE:
        return _of_form(WeightedFit(effects, columns, np.ones(k)), total, k - p)
    spread = float(np.var(effects))
    if estimator is Tau2Estimator.SJ and spread == 0:
        return 0.0
    if estimator is Tau2Estimator.SJ:
        return _of_form(WeightedFit(effects, columns, spread / (variances + spread)), total, k - p)
    form = WeightedFit(effects, columns, 1 / variances)
    scale = (1 / variances).sum() if estimator is Tau2Estimator.HS else form.trace
    return _of_form(form, total, scale)


def _of_form(form: WeightedFit, total: Floats, scale: float) -> float:
    """Standard error of a quadratic form divided by `scale`, for independent normal effects of variance
    `total`.
    """
    return float(np.sqrt(max(0.0, 2 * form.trace_of_square(total))) / scale)
