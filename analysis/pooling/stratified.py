"""What the methods that pool tables rather than effects give back (Mantel-Haenszel, Peto)."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri

from analysis.pooling.arrays import Floats
from analysis.pooling.effect_sizes.records import EffectSizes
from analysis.pooling.errors import TooFewStudies


@dataclass(frozen=True)
class ChiSquare:
    """A chi-square statistic with its degrees of freedom and upper-tail probability."""

    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True)
class StratifiedResult:
    """A common effect pooled from the tables themselves, on the analysis scale (log for ratios).

    k: studies that enter the estimate. sizes: the effects of the single studies, which only `heterogeneity`
    uses; studies without one (no events in either group) are named in `sizes.left_out`.
    i2 (percent) and h2 are those of Q. weights_percent: shape (k,).
    association: test of no effect; for odds ratios Cochran-Mantel-Haenszel, with `cochran` its form for
    binomial
    sampling. breslow_day, tarone: tests of equal odds ratios. None where a test does not belong to the
    measure.
    """

    measure: str
    k: int
    estimate: float
    se: float
    statistic: float
    p_value: float
    ci_low: float
    ci_high: float
    heterogeneity: ChiSquare
    i2: float
    h2: float
    weights_percent: Floats
    sizes: EffectSizes
    level: float
    association: ChiSquare | None = None
    cochran: ChiSquare | None = None
    breslow_day: ChiSquare | None = None
    tarone: ChiSquare | None = None


def chi_square(statistic: float, df: int) -> ChiSquare:
    return ChiSquare(float(statistic), df, float(chdtrc(df, statistic)) if df > 0 else 1.0)


def stratified_result(
    measure: str,
    *,
    estimate: float,
    variance: float,
    weights: Floats,
    sizes: EffectSizes,
    level: float,
    compared: EffectSizes | None = None,
    association: ChiSquare | None = None,
    cochran: ChiSquare | None = None,
    breslow_day: ChiSquare | None = None,
    tarone: ChiSquare | None = None,
) -> StratifiedResult:
    """The result of a pooled estimate with its variance.

    Q compares the studies' own effects with the estimate: `compared` where given, else `sizes`.
    """
    if variance <= 0:
        raise TooFewStudies(f"{measure} is not estimable: without events its variance is 0.")
    se = float(np.sqrt(variance))
    statistic = estimate / se
    reach = float(ndtri((1 + level) / 2)) * se
    heterogeneity = _heterogeneity(compared or sizes, estimate)
    q, df = heterogeneity.statistic, heterogeneity.df
    return StratifiedResult(
        measure=measure,
        k=len(weights),
        estimate=estimate,
        se=se,
        statistic=statistic,
        p_value=float(2 * ndtr(-abs(statistic))),
        ci_low=estimate - reach,
        ci_high=estimate + reach,
        heterogeneity=heterogeneity,
        i2=100 * (q - df) / q if q > df else 0.0,
        h2=q / df if df else 1.0,
        weights_percent=100 * weights / weights.sum(),
        sizes=sizes,
        level=level,
        association=association,
        cochran=cochran,
        breslow_day=breslow_day,
        tarone=tarone,
    )


def _heterogeneity(studies: EffectSizes, estimate: float) -> ChiSquare:
    df = max(len(studies.effects) - 1, 0)
    q = ((studies.effects - estimate) ** 2 / studies.variances).sum() if df else 0.0
    return chi_square(float(q), df)
