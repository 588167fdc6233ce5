"""What a generalised linear mixed model gives back, and the inference all of them share."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from analysis.pooling.arrays import Floats
from analysis.pooling.heterogeneity import h2_from_tau2, i2_from_tau2, typical_variance
from analysis.pooling.intervals import quantile, two_sided_p
from analysis.pooling.options import IntervalMethod, PredictionMethod
from analysis.pooling.stratified import ChiSquare


@dataclass(frozen=True)
class GlmmResult:
    """A mixed model of counts, on the log odds or log rate scale (log ratios for two groups).

    df: k - 1 for t intervals, None for the normal. prediction_low, prediction_high: with the same quantile.
    tau2: by maximum likelihood. i2 (percent), h2: from tau2 and the typical variance of the studies' own
    effects, zero
    cells corrected. wald, likelihood_ratio: tests that the studies share one effect; the first leaves out
    studies whose own effect is infinite but keeps their degree of freedom.
    log_likelihood: of the counts, constants included; conditional: of the counts at each study's most likely
    effect;
    saturated: of the model with an effect for each study. level_mean, level_sd: of random study levels, None
    in models without them.
    points: quadrature points, 1 standing for Laplace's approximation.
    """

    k: int
    estimate: float
    se: float
    statistic: float
    df: float | None
    p_value: float
    ci_low: float
    ci_high: float
    prediction_low: float
    prediction_high: float
    prediction_method: PredictionMethod
    tau2: float
    i2: float
    h2: float
    wald: ChiSquare
    likelihood_ratio: ChiSquare
    log_likelihood: float
    conditional: float
    saturated: float
    points: int
    level: float
    level_mean: float | None
    level_sd: float | None


@dataclass(frozen=True)
class Fitted:
    """Estimates of a model, before inference. `common` is the log-likelihood without random effects."""

    estimate: float
    se: float
    tau2: float
    log_likelihood: float
    conditional: float
    common: float
    saturated: float
    wald: float
    points: int
    level_mean: float | None = None
    level_sd: float | None = None


def glmm_result(
    fitted: Fitted, variances: Floats, k: int, interval: IntervalMethod, level: float
) -> GlmmResult:
    """The result of a fitted model; `variances` of the studies' own effects give the typical variance."""
    df = None if interval is IntervalMethod.WALD else float(k - 1)
    free = np.array(np.inf if df is None else df)
    critical = float(quantile(free, level))
    statistic = fitted.estimate / fitted.se
    reach = critical * float(np.sqrt(fitted.se**2 + fitted.tau2))
    typical, tau2 = (
        typical_variance(variances[None, :], np.array([float(len(variances))])),
        np.array([fitted.tau2]),
    )
    lrt = max(0.0, 2 * (fitted.saturated - fitted.common))
    return GlmmResult(
        k=k,
        estimate=fitted.estimate,
        se=fitted.se,
        statistic=statistic,
        df=df,
        p_value=float(two_sided_p(np.array(statistic), free)),
        ci_low=fitted.estimate - critical * fitted.se,
        ci_high=fitted.estimate + critical * fitted.se,
        prediction_low=fitted.estimate - reach,
        prediction_high=fitted.estimate + reach,
        prediction_method=PredictionMethod.NORMAL if df is None else PredictionMethod.T_K_MINUS_1,
        tau2=fitted.tau2,
        i2=float(i2_from_tau2(tau2, typical)[0]),
        h2=float(h2_from_tau2(tau2, typical)[0]),
        wald=ChiSquare(fitted.wald, k - 1, float(chdtrc(k - 1, fitted.wald))),
        likelihood_ratio=ChiSquare(lrt, k - 1, float(chdtrc(k - 1, lrt))),
        log_likelihood=fitted.log_likelihood,
        conditional=fitted.conditional,
        saturated=fitted.saturated,
        points=fitted.points,
        level=level,
        level_mean=fitted.level_mean,
        level_sd=fitted.level_sd,
    )


def weighted_spread(own: Floats, information: Floats) -> float:
    """Wald statistic that all studies have the same effect; studies of no information add nothing."""
    if information.sum() == 0:
        return 0.0
    mean = information @ own / information.sum()
    return float(information @ (own - mean) ** 2)
