"""The same persons measured twice: change, standardised change and log ratio of means."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats, one_dimensional, refuse
from analysis.pooling.effect_sizes.groups import hedges_correction
from analysis.pooling.effect_sizes.records import (
    OTHER_SIGNS,
    TOO_SMALL,
    EffectSizes,
    assembled,
    missing_studies,
)


class ChangeMeasure(StrEnum):
    """Paired comparisons; the values are the codes of metafor's escalc().

    MC: mean change. SMCC: in units of the standard deviation of the change. SMCR: in units of the standard
    deviation of the first measurement; SMCRH: the same, with a variance that lets the two measurements have
    different variances. ROMC: log ratio of the two means.
    """

    RAW = "MC"
    STANDARDISED_BY_CHANGE = "SMCC"
    STANDARDISED_BY_FIRST = "SMCR"
    STANDARDISED_BY_FIRST_UNEQUAL = "SMCRH"
    RATIO = "ROMC"


def change_effects(
    means1: ArrayLike,
    means2: ArrayLike,
    sds1: ArrayLike,
    sds2: ArrayLike,
    sizes: ArrayLike,
    correlations: ArrayLike,
    *,
    measure: ChangeMeasure,
    bias_correction: bool = True,
) -> EffectSizes:
    """First minus second measurement (or their log ratio) in each study, with its sampling variance.

    Shapes (k,); `correlations` between the two measurements; NaN leaves the study out (`sds2` is not used by
    SMCR).
    bias_correction: for SMCC, SMCR and SMCRH (Hedges 1981) and ROMC (second order).
    Raises ImpossibleInput for numbers that cannot be.
    Sources: Becker 1988, Br J Math Stat Psychol 41:257 (SMCR); Bonett 2008, Psychol Methods 13:99 (SMCRH);
    Gibbons, Hedeker & Davis 1993, J Educ Stat 18:271 (SMCC); Lajeunesse 2011, Ecology 92:2049 (ROMC).
    """
    m1, m2 = one_dimensional(means1, "means1"), one_dimensional(means2, "means2")
    sd1, sd2 = one_dimensional(sds1, "sds1"), one_dimensional(sds2, "sds2")
    n, r = one_dimensional(sizes, "sizes"), one_dimensional(correlations, "correlations")
    needed = {"means1": m1, "means2": m2, "sds1": sd1, "sizes": n, "correlations": r}
    if measure is not ChangeMeasure.STANDARDISED_BY_FIRST:
        needed["sds2"] = sd2
    missing = missing_studies(**needed)
    refuse((sd1 < 0) | (sd2 < 0), "a standard deviation must not be below zero")
    refuse(np.abs(r) > 1, "a correlation lies between -1 and 1")
    refuse(n < 0, "a size must not be below zero")
    other_signs = (m1 * m2 <= 0) & (measure is ChangeMeasure.RATIO)
    with np.errstate(divide="ignore", invalid="ignore"):
        effects, variances = _changed(m1, m2, sd1, sd2, n, r, measure, bias_correction)
    without = [(n <= 1, TOO_SMALL), (other_signs, OTHER_SIGNS)]
    return assembled(effects, variances, measure, missing=missing, without=without)


def _changed(
    m1: Floats,
    m2: Floats,
    sd1: Floats,
    sd2: Floats,
    n: Floats,
    r: Floats,
    measure: ChangeMeasure,
    correct: bool,
) -> tuple[Floats, Floats]:
    factor = hedges_correction(n - 1) if correct else np.ones_like(n)
    if measure is ChangeMeasure.STANDARDISED_BY_FIRST:
        by_first = factor * (m1 - m2) / sd1
        return by_first, 2 * (1 - r) / n + by_first**2 / (2 * n)
    variance = sd1**2 + sd2**2 - 2 * r * sd1 * sd2
    if measure is ChangeMeasure.STANDARDISED_BY_FIRST_UNEQUAL:
        by_first = factor * (m1 - m2) / sd1
        return by_first, factor**2 * (variance / sd1**2 + by_first**2 / 2) / (n - 1)
    if measure is ChangeMeasure.RATIO:
        cv1, cv2 = sd1 / m1, sd2 / m2
        shift = (cv1**2 - cv2**2) / (2 * n) if correct else 0.0
        return np.log(m1 / m2) + shift, (cv1**2 + cv2**2 - 2 * r * cv1 * cv2) / n
    if measure is ChangeMeasure.RAW:
        return m1 - m2, variance / n
    by_change = factor * (m1 - m2) / np.sqrt(variance)
    return by_change, 1 / n + by_change**2 / (2 * n)
