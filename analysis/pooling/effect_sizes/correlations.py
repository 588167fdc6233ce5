"""Correlation coefficients: raw, bias-corrected and Fisher's z."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import hyp2f1

from analysis.pooling.arrays import Floats, one_dimensional, refuse
from analysis.pooling.effect_sizes.means import VarianceType
from analysis.pooling.effect_sizes.records import TOO_SMALL, EffectSizes, assembled, missing_studies
from analysis.pooling.errors import ImpossibleInput

# With c of 15 or more, sixty terms of the series leave an error below 1e-16.
SERIES_FROM = 15.0
SERIES_TERMS = 60


class CorrelationMeasure(StrEnum):
    """Scales on which correlations are pooled; the values are the codes of metafor's escalc()."""

    RAW = "COR"
    UNBIASED = "UCOR"
    FISHER_Z = "ZCOR"


def correlation_effects(
    correlations: ArrayLike,
    sizes: ArrayLike,
    *,
    measure: CorrelationMeasure = CorrelationMeasure.FISHER_Z,
    variance_type: VarianceType = VarianceType.LS,
) -> EffectSizes:
    """Correlations on the scale of `measure` with their sampling variances.

    correlations: shape (k,), from -1 to 1. sizes: shape (k,), persons in each study; NaN leaves it out, as do
    fewer than four persons (five for UCOR).
    variance_type: LS, or AV with the size-weighted mean correlation in the variance (not for ZCOR, which has
    none in it), or UB, the unbiased variance of UCOR.
    Raises ImpossibleInput for numbers that cannot be.
    Sources: Fisher 1921, Metron 1:3 (ZCOR); Olkin & Pratt 1958, Ann Math Stat 29:201 (UCOR); Hedges 1989,
    J Appl Psychol 74:469 (UB).
    """
    r, n = one_dimensional(correlations, "correlations"), one_dimensional(sizes, "sizes")
    missing = missing_studies(correlations=r, sizes=n)
    refuse(np.abs(r) > 1, "a correlation lies between -1 and 1")
    refuse(n < 0, "a size must not be below zero")
    with np.errstate(divide="ignore", invalid="ignore"):
        effects, variances = _scaled(r, n, measure)
    if variance_type is VarianceType.AV and measure is not CorrelationMeasure.FISHER_Z:
        known = np.where(missing, 0.0, n)
        mean = np.where(missing, 0.0, effects) @ known / known.sum()
        variances = (1 - mean**2) ** 2 / (n - 1)
    elif variance_type is VarianceType.UB and measure is CorrelationMeasure.UNBIASED:
        variances = _unbiased_variance(r, effects, n)
    elif variance_type is not VarianceType.LS:
        raise ImpossibleInput(f"{measure} has no variance of type {variance_type}; LS always exists")
    fewest = 5 if measure is CorrelationMeasure.UNBIASED else 4
    return assembled(effects, variances, measure, missing=missing, without=[(n < fewest, TOO_SMALL)])


def _scaled(r: Floats, n: Floats, measure: CorrelationMeasure) -> tuple[Floats, Floats]:
    if measure is CorrelationMeasure.FISHER_Z:
        return np.arctanh(r), 1 / (n - 3)
    if measure is CorrelationMeasure.UNBIASED:
        r = r * _gauss(0.5, (n - 2) / 2, 1 - r * r)
    return r, (1 - r * r) ** 2 / (n - 1)


def _unbiased_variance(r: Floats, unbiased: Floats, n: Floats) -> Floats:
    """The squared estimate less an unbiased estimate of the squared correlation."""
    z = 1 - r * r
    return np.asarray(unbiased**2 - 1 + (n - 3) * z * _gauss(1.0, n / 2, z) / (n - 2))


def _gauss(a: float, c: Floats, z: Floats) -> Floats:
    """Gauss's 2F1(a, a; c; z) with 0 <= z <= 1.

    scipy's function gives NaN for some arguments of large studies (r = 0.05, n = 326), for which the series
    itself has converged after a few terms; for small studies the series is slow and scipy's function is
    right.
    """
    term, total = np.ones_like(z), np.ones_like(z)
    for i in range(SERIES_TERMS):
        term = term * z * (i + a) ** 2 / ((i + 1) * (i + c))
        total = total + term
    small = hyp2f1(a, a, np.minimum(c, SERIES_FROM), z)
    return np.where(c >= SERIES_FROM, total, small)
