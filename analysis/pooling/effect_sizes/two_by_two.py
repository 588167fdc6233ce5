"""Two groups with a binary outcome: ratio and difference measures of a 2x2 table."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Booleans, Floats, one_dimensional, refuse
from analysis.pooling.effect_sizes.records import (
    NO_EVENTS,
    NO_PERSONS,
    USUAL_ADD,
    EffectSizes,
    assembled,
    missing_studies,
    to_correct,
)


class TwoByTwoMeasure(StrEnum):
    """Comparisons of two proportions; the values are the codes of metafor's escalc(). Ratios are on the log
    scale.
    """

    RISK_RATIO = "RR"
    ODDS_RATIO = "OR"
    RISK_DIFFERENCE = "RD"
    ARCSINE_DIFFERENCE = "AS"
    PETO = "PETO"


def two_by_two_effects(
    events1: ArrayLike,
    totals1: ArrayLike,
    events2: ArrayLike,
    totals2: ArrayLike,
    *,
    measure: TwoByTwoMeasure,
    add: float | None = None,
    to: str = "only0",
    drop00: bool = False,
) -> EffectSizes:
    """Effect of group 1 against group 2 in each study, with its sampling variance.

    All counts of shape (k,), 0 <= events <= totals; NaN is "not reported" and leaves the study out.
    add, to: `add` is added to all four cells of the studies that `to` selects, by default those with a zero
    cell. Left at None, `add` is 0.5, but 0 for AS, which is finite everywhere. PETO needs no correction to be
    finite either; it gets the one of the other odds ratio so that both can be compared study by study.
    drop00: leave out studies without events, or with events only, in both groups.
    Raises ImpossibleInput for counts that cannot be.
    Sources: Fleiss & Berlin 2009, Handbook of Research Synthesis, ch. 13; Yusuf et al. 1985, Prog Cardiovasc
    Dis 27:335 (PETO); Rucker et al. 2009, Stat Med 28:721 (AS); Sweeting et al. 2004, Stat Med 23:1351
    (corrections).
    """
    columns = [one_dimensional(column, "counts") for column in (events1, totals1, events2, totals2)]
    x1, n1, x2, n2 = columns
    missing = missing_studies(events1=x1, totals1=n1, events2=x2, totals2=n2)
    refuse(~missing & ((n1 < 0) | (n2 < 0)), "a total must not be below zero")
    refuse(
        ~missing & ((x1 < 0) | (x1 > n1) | (x2 < 0) | (x2 > n2)), "events must lie between 0 and the total"
    )
    double_zero = has_one_kind_only(x1, n1, x2, n2)
    zero_cell = (x1 == 0) | (x2 == 0) | (x1 == n1) | (x2 == n2)
    usual = 0.0 if measure is TwoByTwoMeasure.ARCSINE_DIFFERENCE else USUAL_ADD
    extra = usual if add is None else add
    corrected = to_correct(zero_cell & ~missing, to, extra) & ~missing
    added = np.where(corrected, extra, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        effects, variances = _FORMULAS[measure](x1 + added, n1 + 2 * added, x2 + added, n2 + 2 * added)
    without = [((n1 == 0) | (n2 == 0), NO_PERSONS), (double_zero & drop00, NO_EVENTS)]
    return assembled(effects, variances, measure, missing=missing, corrected=corrected, without=without)


def has_one_kind_only(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Booleans:
    """Studies without a single event, or without a single non-event, in both groups."""
    one_kind: Booleans = ((x1 == 0) & (x2 == 0)) | ((x1 == n1) & (x2 == n2))
    return one_kind


Pair = tuple[Floats, Floats]


def _risk_ratio(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Pair:
    return np.log(x1 / n1) - np.log(x2 / n2), 1 / x1 - 1 / n1 + 1 / x2 - 1 / n2


def _odds_ratio(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Pair:
    effects = np.log(x1 / (n1 - x1)) - np.log(x2 / (n2 - x2))
    return effects, 1 / x1 + 1 / (n1 - x1) + 1 / x2 + 1 / (n2 - x2)


def _risk_difference(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Pair:
    p1, p2 = x1 / n1, x2 / n2
    return p1 - p2, p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2


def _arcsine_difference(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Pair:
    effects = np.arcsin(np.sqrt(x1 / n1)) - np.arcsin(np.sqrt(x2 / n2))
    return effects, 1 / (4 * n1) + 1 / (4 * n2)


def _peto(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Pair:
    surplus, information = peto_parts(x1, n1, x2, n2)
    return surplus / information, 1 / information


def peto_parts(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Pair:
    """Observed minus expected events of group 1, and their hypergeometric variance."""
    total, events = n1 + n2, x1 + x2
    expected = n1 * events / total
    return x1 - expected, expected * (n2 / total) * (total - events) / (total - 1)


_FORMULAS = {
    TwoByTwoMeasure.RISK_RATIO: _risk_ratio,
    TwoByTwoMeasure.ODDS_RATIO: _odds_ratio,
    TwoByTwoMeasure.RISK_DIFFERENCE: _risk_difference,
    TwoByTwoMeasure.ARCSINE_DIFFERENCE: _arcsine_difference,
    TwoByTwoMeasure.PETO: _peto,
}
