"""Proportions of one group: raw, logit, log, arcsine and Freeman-Tukey double arcsine."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats, one_dimensional, refuse
from analysis.pooling.effect_sizes.records import (
    USUAL_ADD,
    EffectSizes,
    assembled,
    missing_studies,
    to_correct,
)
from analysis.pooling.errors import ImpossibleInput


class ProportionMeasure(StrEnum):
    """Scales on which proportions are pooled; the values are the codes of metafor's escalc()."""

    RAW = "PR"
    LOGIT = "PLO"
    LOG = "PLN"
    ARCSINE = "PAS"
    FREEMAN_TUKEY = "PFT"


# The arcsine scales are finite at 0 and 100%, so counts stay as they are unless a correction is asked for.
VARIANCE_STABILISED = (ProportionMeasure.ARCSINE, ProportionMeasure.FREEMAN_TUKEY)


def proportion_effects(
    events: ArrayLike,
    totals: ArrayLike,
    *,
    measure: ProportionMeasure = ProportionMeasure.LOGIT,
    add: float | None = None,
    to: str = "only0",
) -> EffectSizes:
    """Transformed proportions and their sampling variances.

    events, totals: shape (k,), counts with 0 <= events <= totals; NaN is "not reported" and leaves the study
    out.
    add, to: `add` is added to events and non-events of the studies that `to` selects, by default those with
    0% or 100%. Left at None, `add` is 0.5 for PR, PLO and PLN, whose variance would be 0 or infinite there,
    and 0 for the arcsine scales.
    Raises ImpossibleInput for counts that cannot be. A 0% or 100% study that no correction reaches is left
    out, by name, where its scale has no finite effect or no variance.
    Sources: Freeman & Tukey 1950, Ann Math Stat 21:607 (PFT, with the mean of both angles); Miller 1978, Am
    Stat 32:138; Schwarzer et al. 2019, Res Synth Methods 10:476 on why PFT is not a first choice.
    """
    x, n = one_dimensional(events, "events"), one_dimensional(totals, "totals")
    missing = missing_studies(events=x, totals=n)
    refuse(~missing & (n <= 0), "the total must be above zero")
    refuse(~missing & ((x < 0) | (x > n)), "events must lie between 0 and the total")
    extra = (0.0 if measure in VARIANCE_STABILISED else USUAL_ADD) if add is None else add
    corrected = to_correct((x == 0) | (x == n), to, extra) & ~missing
    added = np.where(corrected, extra, 0.0)
    effects, variances = _transformed(x + added, n + 2 * added, measure)
    return assembled(effects, variances, measure, missing=missing, corrected=corrected)


def _transformed(x: Floats, n: Floats, measure: ProportionMeasure) -> tuple[Floats, Floats]:
    p = x / n
    with np.errstate(divide="ignore", invalid="ignore"):
        if measure is ProportionMeasure.RAW:
            return p, p * (1 - p) / n
        if measure is ProportionMeasure.LOGIT:
            return np.log(x) - np.log(n - x), 1 / x + 1 / (n - x)
        if measure is ProportionMeasure.LOG:
            return np.log(p), 1 / x - 1 / n
    if measure is ProportionMeasure.ARCSINE:
        return np.arcsin(np.sqrt(p)), 1 / (4 * n)
    return _double_arcsine(x, n), 1 / (4 * n + 2)


def _double_arcsine(x: Floats, n: Floats) -> Floats:
    lower, upper = np.arcsin(np.sqrt(x / (n + 1))), np.arcsin(np.sqrt((x + 1) / (n + 1)))
    return np.asarray((lower + upper) / 2)


def proportion_from_scale(
    values: Floats, measure: ProportionMeasure, harmonic_total: float | None = None
) -> Floats:
    """Values of a proportion scale as proportions; limits outside the scale become 0 or 1.

    Raw proportions are returned as they are, also where an interval leaves 0 to 1: that is a fact about the
    method.
    harmonic_total: needed for PFT, the harmonic mean of the totals (Miller 1978, Am Stat 32:138).
    """
    if measure is ProportionMeasure.RAW:
        return values
    if measure is ProportionMeasure.LOGIT:
        return np.asarray(1 / (1 + np.exp(-values)))
    if measure is ProportionMeasure.LOG:
        return np.exp(values)
    if measure is ProportionMeasure.ARCSINE:
        return np.sin(np.clip(values, 0.0, np.pi / 2)) ** 2
    if harmonic_total is None:
        raise ImpossibleInput(
            "the Freeman-Tukey scale needs the harmonic mean of the totals to return to proportions"
        )
    return _inverse_double_arcsine(values, harmonic_total)


def _inverse_double_arcsine(values: Floats, n: float) -> Floats:
    """Miller's inverse. Beyond the scale's ends at 0 and n events it is not defined and would turn back
    inwards.
    """
    lowest, highest = _double_arcsine(np.array([0.0, n]), np.array([n, n]))
    angles = np.clip(values, lowest, highest)
    sine = np.sin(2 * angles)
    root = np.sqrt(np.maximum(0.0, 1 - (sine + (sine - 1 / sine) / n) ** 2))
    proportions = (1 - np.sign(np.cos(2 * angles)) * root) / 2
    return np.where(values <= lowest, 0.0, np.where(values >= highest, 1.0, proportions))
