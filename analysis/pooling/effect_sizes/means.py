"""Means of one group, and two groups compared by difference, standardised difference or ratio of means."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats, one_dimensional, refuse
from analysis.pooling.effect_sizes.groups import FORMULAS, Groups, hedges_correction
from analysis.pooling.effect_sizes.records import (
    OTHER_SIGNS,
    TOO_SMALL,
    EffectSizes,
    assembled,
    missing_studies,
)
from analysis.pooling.errors import ImpossibleInput


class MeanMeasure(StrEnum):
    """Scales for one group's mean: raw, log, and in units of its standard deviation (codes of escalc())."""

    RAW = "MN"
    LOG = "MNLN"
    STANDARDISED = "SMN"


class MeanComparison(StrEnum):
    """Comparisons of two groups; the values are the codes of metafor's escalc().

    SMD uses the pooled standard deviation, SMDH the square root of the mean variance, SMD1 and SMD1H the
    standard deviation of group 2; the H forms do not take the true variances to be equal. ROM is the log
    ratio of means, VR and CVR the log ratios of standard deviations and of coefficients of variation.
    """

    DIFFERENCE = "MD"
    STANDARDISED = "SMD"
    STANDARDISED_UNEQUAL = "SMDH"
    GLASS = "SMD1"
    GLASS_UNEQUAL = "SMD1H"
    RATIO = "ROM"
    VARIABILITY_RATIO = "VR"
    VARIATION_RATIO = "CVR"


class VarianceType(StrEnum):
    """Which estimator of the sampling variance is used.

    LS: large-sample. LS2: its form with squared bias correction (Borenstein 2009). UB: unbiased (Hedges
    1983). HO:
    equal variances assumed in the two groups. AV: large-sample with the effect (SMD, COR) or each group's
    coefficient of variation (ROM) averaged over studies; AVHO: one average for both groups.
    """

    LS = "LS"
    LS2 = "LS2"
    UB = "UB"
    HO = "HO"
    AV = "AV"
    AVHO = "AVHO"


def mean_effects(means: ArrayLike, sds: ArrayLike, sizes: ArrayLike, *, measure: MeanMeasure) -> EffectSizes:
    """One group's mean on the scale of `measure`, with its sampling variance.

    Shapes (k,); standard deviations not below zero; NaN leaves the study out, as does a group of one person.
    MNLN needs positive means.
    Raises ImpossibleInput for numbers that cannot be. Source for SMN: Hedges 1981, J Educ Stat 6:107, for one
    group.
    """
    m, sd = one_dimensional(means, "means"), one_dimensional(sds, "standard deviations")
    n = one_dimensional(sizes, "sizes")
    missing = missing_studies(means=m, sds=sd, sizes=n)
    _check_group(sd, n)
    if measure is MeanMeasure.LOG:
        refuse(m <= 0, "the log of a mean needs a mean above zero")
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure is MeanMeasure.RAW:
            effects, variances = m, sd**2 / n
        elif measure is MeanMeasure.LOG:
            effects, variances = np.log(m), sd**2 / (n * m**2)
        else:
            effects = hedges_correction(n - 1) * m / sd
            variances = 1 / n + effects**2 / (2 * n)
    return assembled(effects, variances, measure, missing=missing, without=[(n <= 1, TOO_SMALL)])


def mean_comparison_effects(
    means1: ArrayLike,
    sds1: ArrayLike,
    sizes1: ArrayLike,
    means2: ArrayLike,
    sds2: ArrayLike,
    sizes2: ArrayLike,
    *,
    measure: MeanComparison,
    variance_type: VarianceType = VarianceType.LS,
    bias_correction: bool = True,
) -> EffectSizes:
    """Group 1 against group 2 in each study, with its sampling variance.

    Shapes (k,); standard deviations not below zero; NaN leaves the study out, as does a group of one person
    and, for ROM and CVR, a pair of means of different sign.
    bias_correction: for the standardised differences (Hedges 1981) and for ROM, VR and CVR (second order).
    Raises ImpossibleInput for numbers that cannot be and for a variance type that the measure does not have.
    Sources: Hedges & Olkin 1985, Statistical Methods for Meta-Analysis; Bonett 2008, Psychol Methods 13:99
    (SMD1H), 2009, Psychol Methods 14:225 (SMDH); Hedges, Gurevitch & Curtis 1999, Ecology 80:1150, and
    Lajeunesse 2015, Ecology 96:2056 (ROM); Nakagawa et al. 2015, Methods Ecol Evol 6:143 (VR, CVR).
    """
    columns = [
        one_dimensional(c, "means, SDs and sizes") for c in (means1, sds1, sizes1, means2, sds2, sizes2)
    ]
    names = ("means1", "sds1", "sizes1", "means2", "sds2", "sizes2")
    missing = missing_studies(**dict(zip(names, columns, strict=True)))
    m1, sd1, n1, m2, sd2, n2 = (np.where(missing, np.nan, column) for column in columns)
    _check_group(sd1, n1)
    _check_group(sd2, n2)
    is_ratio = measure in (MeanComparison.RATIO, MeanComparison.VARIATION_RATIO)
    formula = FORMULAS.get((measure, variance_type))
    if formula is None:
        raise ImpossibleInput(f"{measure} has no variance of type {variance_type}; LS always exists")
    with np.errstate(divide="ignore", invalid="ignore"):
        effects, variances = formula(Groups(m1, sd1, n1, m2, sd2, n2), bias_correction)
    without = [((n1 <= 1) | (n2 <= 1), TOO_SMALL), ((m1 * m2 <= 0) & is_ratio, OTHER_SIGNS)]
    return assembled(effects, variances, measure, missing=missing, without=without)


def _check_group(sds: Floats, sizes: Floats) -> None:
    refuse(sds < 0, "a standard deviation must not be below zero")
    refuse(sizes < 0, "a size must not be below zero")
