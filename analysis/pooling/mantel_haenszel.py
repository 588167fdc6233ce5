"""Mantel-Haenszel and Peto pooling of 2x2 tables and of person-time tables.

Studies with a zero cell need no correction here: `add` and `to` correct only the effects of the single
studies, on which Q rests, unless `pooled_to` asks for the tables themselves to be corrected, as some programs
do.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Booleans, Floats, one_dimensional
from analysis.pooling.batch import check_level
from analysis.pooling.effect_sizes.rates import RateComparison, rate_comparison_effects
from analysis.pooling.effect_sizes.records import EffectSizes, to_correct
from analysis.pooling.effect_sizes.two_by_two import (
    TwoByTwoMeasure,
    has_one_kind_only,
    peto_parts,
    two_by_two_effects,
)
from analysis.pooling.errors import ImpossibleInput, TooFewStudies
from analysis.pooling.stratified import ChiSquare, StratifiedResult, chi_square, stratified_result

NOT_ESTIMABLE = (
    "No study has events in one group and persons at risk of them in the other: {measure} is not estimable."
)


@dataclass(frozen=True)
class _Tables:
    """Events x and totals n (or person-times) of two groups in k studies."""

    x1: Floats
    n1: Floats
    x2: Floats
    n2: Floats

    @property
    def total(self) -> Floats:
        return self.n1 + self.n2

    @property
    def events(self) -> Floats:
        return self.x1 + self.x2

    def only(self, kept: Booleans) -> "_Tables":
        return _Tables(self.x1[kept], self.n1[kept], self.x2[kept], self.n2[kept])


def mantel_haenszel(
    events1: ArrayLike,
    totals1: ArrayLike,
    events2: ArrayLike,
    totals2: ArrayLike,
    *,
    measure: TwoByTwoMeasure,
    level: float = 0.95,
    add: float | None = None,
    to: str = "only0",
    drop00: bool = True,
    pooled_add: float = 0.0,
    pooled_to: str = "none",
    pooled_drop00: bool = False,
    continuity: bool = True,
) -> StratifiedResult:
    """Mantel-Haenszel odds ratio, risk ratio (both logged) or risk difference.

    Counts of shape (k,); NaN leaves the study out. add, to, drop00: for the single studies' effects, as in
    `two_by_two_effects`. pooled_add, pooled_to, pooled_drop00: the same for the tables that are pooled.
    continuity: Yates's correction in the tests of no effect.
    Raises TooFewStudies where the ratio is not estimable, ImpossibleInput for counts or measures that cannot
    be.
    Sources: Mantel & Haenszel 1959, J Natl Cancer Inst 22:719; Robins, Breslow & Greenland 1986, Biometrics
    42:311 (OR variance); Greenland & Robins 1985, Biometrics 41:55 (RR); Sato, Greenland & Robins 1989,
    Biometrics 45:1323 (RD).
    """
    check_level(level)
    sizes = two_by_two_effects(
        events1, totals1, events2, totals2, measure=measure, add=add, to=to, drop00=drop00
    )
    tables = _complete(events1, totals1, events2, totals2)
    one_kind = has_one_kind_only(tables.x1, tables.n1, tables.x2, tables.n2)
    tables = _corrected(tables.only(~one_kind) if pooled_drop00 else tables, pooled_add, pooled_to)
    if len(tables.x1) == 0:
        raise TooFewStudies(NOT_ESTIMABLE.format(measure=measure))
    if measure is TwoByTwoMeasure.ODDS_RATIO:
        return _odds_ratio(tables, sizes, level, continuity)
    if measure is TwoByTwoMeasure.RISK_RATIO:
        return _risk_ratio(tables, sizes, level)
    if measure is TwoByTwoMeasure.RISK_DIFFERENCE:
        return _risk_difference(tables, sizes, level)
    raise ImpossibleInput(f"Mantel-Haenszel pools OR, RR and RD, not {measure}")


def mantel_haenszel_rates(
    events1: ArrayLike,
    times1: ArrayLike,
    events2: ArrayLike,
    times2: ArrayLike,
    *,
    measure: RateComparison,
    level: float = 0.95,
    add: float | None = None,
    to: str = "only0",
    pooled_add: float = 0.0,
    pooled_to: str = "none",
    continuity: bool = True,
) -> StratifiedResult:
    """Mantel-Haenszel rate ratio (logged) or rate difference; arguments as for `mantel_haenszel`.

    Sources: Rothman, Greenland & Lash 2008, Modern Epidemiology, ch. 15; Greenland & Robins 1985, Biometrics
    41:55.
    """
    check_level(level)
    sizes = rate_comparison_effects(
        events1, times1, events2, times2, measure=measure, add=add, to=to, drop00=True
    )
    tables = _complete(events1, times1, events2, times2)
    without_events = (tables.x1 == 0) | (tables.x2 == 0)
    added = np.where(to_correct(without_events, pooled_to, pooled_add), pooled_add, 0.0)
    tables = _Tables(tables.x1 + added, tables.n1, tables.x2 + added, tables.n2)
    if measure is RateComparison.RATIO:
        return _rate_ratio(tables, sizes, level, continuity)
    if measure is RateComparison.DIFFERENCE:
        weights = tables.n1 * tables.n2 / tables.total
        return stratified_result(
            measure,
            estimate=float((weights * (tables.x1 / tables.n1 - tables.x2 / tables.n2)).sum() / weights.sum()),
            variance=float(
                (weights**2 * (tables.x1 / tables.n1**2 + tables.x2 / tables.n2**2)).sum()
                / weights.sum() ** 2
            ),
            weights=weights,
            sizes=sizes,
            level=level,
        )
    raise ImpossibleInput(f"Mantel-Haenszel pools IRR and IRD, not {measure}")


def peto(
    events1: ArrayLike,
    totals1: ArrayLike,
    events2: ArrayLike,
    totals2: ArrayLike,
    *,
    level: float = 0.95,
) -> StratifiedResult:
    """Peto's one-step log odds ratio; counts as for `mantel_haenszel`. Estimate and Q use the tables as they
    are; only the effects listed for the single studies have their zero cells corrected.

    Trustworthy for rare events, small effects and groups of like size. Raises TooFewStudies without an event.
    Source: Yusuf et al. 1985, Prog Cardiovasc Dis 27:335.
    """
    check_level(level)
    measure = TwoByTwoMeasure.PETO
    counts = (events1, totals1, events2, totals2)
    sizes = two_by_two_effects(*counts, measure=measure, drop00=True)
    uncorrected = two_by_two_effects(*counts, measure=measure, drop00=True, to="none")
    tables = _complete(*counts)
    surplus, information = peto_parts(tables.x1, tables.n1, tables.x2, tables.n2)
    if information.sum() <= 0:
        raise TooFewStudies(NOT_ESTIMABLE.format(measure=measure))
    return stratified_result(
        measure,
        estimate=float(surplus.sum() / information.sum()),
        variance=float(1 / information.sum()),
        weights=information,
        sizes=sizes,
        compared=uncorrected,
        level=level,
    )


def _complete(*columns: ArrayLike) -> _Tables:
    """The tables of the studies in which all four numbers are reported and both groups hold persons."""
    numbers = [one_dimensional(column, "counts") for column in columns]
    reported = ~np.isnan(np.stack(numbers)).any(0) & (numbers[1] > 0) & (numbers[3] > 0)
    return _Tables(*(column[reported] for column in numbers))


def _corrected(tables: _Tables, add: float, to: str) -> _Tables:
    if add == 0:
        return tables
    zero_cell = (tables.x1 == 0) | (tables.x2 == 0) | (tables.x1 == tables.n1) | (tables.x2 == tables.n2)
    added = np.where(to_correct(zero_cell, to, add), add, 0.0)
    return _Tables(tables.x1 + added, tables.n1 + 2 * added, tables.x2 + added, tables.n2 + 2 * added)


def _log_ratio(above: Floats, below: Floats, measure: str) -> float:
    if above.sum() <= 0 or below.sum() <= 0:
        raise TooFewStudies(NOT_ESTIMABLE.format(measure=measure))
    return float(np.log(above.sum() / below.sum()))


def _odds_ratio(tables: _Tables, sizes: EffectSizes, level: float, continuity: bool) -> StratifiedResult:
    a, b, c, d = tables.x1, tables.n1 - tables.x1, tables.x2, tables.n2 - tables.x2
    above, below = a * d / tables.total, b * c / tables.total
    estimate = _log_ratio(above, below, TwoByTwoMeasure.ODDS_RATIO)
    concordant, discordant = (a + d) / tables.total, (b + c) / tables.total
    r, s = above.sum(), below.sum()
    variance = (
        (concordant * above).sum() / (2 * r**2)
        + (concordant * below + discordant * above).sum() / (2 * r * s)
        + (discordant * below).sum() / (2 * s**2)
    )
    breslow_day, tarone = _equal_odds_ratios(tables, float(np.exp(estimate)))
    surplus, hypergeometric = peto_parts(tables.x1, tables.n1, tables.x2, tables.n2)
    binomial = hypergeometric * (tables.total - 1) / tables.total
    return stratified_result(
        TwoByTwoMeasure.ODDS_RATIO,
        estimate=estimate,
        variance=float(variance),
        weights=below,
        sizes=sizes,
        level=level,
        association=_no_effect(surplus, hypergeometric, continuity),
        cochran=_no_effect(surplus, binomial, continuity),
        breslow_day=breslow_day,
        tarone=tarone,
    )


def _no_effect(surplus: Floats, variance: Floats, continuity: bool) -> ChiSquare:
    """Sources: Mantel & Haenszel 1959 (hypergeometric variance); Cochran 1954, Biometrics 10:417
    (binomial).
    """
    distance = abs(surplus.sum()) - (0.5 if continuity else 0.0)
    return chi_square(distance**2 / variance.sum(), 1)


def _equal_odds_ratios(tables: _Tables, odds_ratio: float) -> tuple[ChiSquare, ChiSquare]:
    """Sources: Breslow & Day 1980, Statistical Methods in Cancer Research I, eq. 4.30; Tarone 1985,
    Biometrika 72:91.

    The fitted count is the root of (1 - OR) A^2 + (n2 - m + OR (n1 + m)) A - OR n1 m = 0 that keeps all cells
    above 0.
    """
    informative = (tables.events > 0) & (tables.events < tables.total)
    kept = tables.only(informative)
    events = kept.events
    linear = kept.n2 - events + odds_ratio * (kept.n1 + events)
    constant = odds_ratio * kept.n1 * events
    fitted = 2 * constant / (linear + np.sqrt(linear**2 + 4 * (1 - odds_ratio) * constant))
    variance = 1 / (
        1 / fitted + 1 / (kept.n1 - fitted) + 1 / (events - fitted) + 1 / (kept.n2 - events + fitted)
    )
    distance = kept.x1 - fitted
    breslow_day = float((distance**2 / variance).sum())
    df = max(len(fitted) - 1, 0)
    return chi_square(breslow_day, df), chi_square(breslow_day - distance.sum() ** 2 / variance.sum(), df)


def _risk_ratio(tables: _Tables, sizes: EffectSizes, level: float) -> StratifiedResult:
    above, below = tables.x1 * tables.n2 / tables.total, tables.x2 * tables.n1 / tables.total
    spread = (tables.n1 * tables.n2 * tables.events - tables.x1 * tables.x2 * tables.total) / tables.total**2
    return stratified_result(
        TwoByTwoMeasure.RISK_RATIO,
        estimate=_log_ratio(above, below, TwoByTwoMeasure.RISK_RATIO),
        variance=float(spread.sum() / (above.sum() * below.sum())),
        weights=below,
        sizes=sizes,
        level=level,
    )


def _risk_difference(tables: _Tables, sizes: EffectSizes, level: float) -> StratifiedResult:
    x1, n1, x2, n2, total = tables.x1, tables.n1, tables.x2, tables.n2, tables.total
    weights = n1 * n2 / total
    estimate = float(((x1 * n2 - x2 * n1) / total).sum() / weights.sum())
    per_difference = (
        x2 * (n1 / total) ** 2 - x1 * (n2 / total) ** 2 + (n1 / total) * (n2 / total) * (n2 - n1) / 2
    )
    constant = (x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * total)
    variance = (estimate * per_difference.sum() + constant.sum()) / weights.sum() ** 2
    return stratified_result(
        TwoByTwoMeasure.RISK_DIFFERENCE,
        estimate=estimate,
        variance=float(variance),
        weights=weights,
        sizes=sizes,
        level=level,
    )


def _rate_ratio(tables: _Tables, sizes: EffectSizes, level: float, continuity: bool) -> StratifiedResult:
    above, below = tables.x1 * tables.n2 / tables.total, tables.x2 * tables.n1 / tables.total
    share = tables.n1 * tables.n2 * tables.events / tables.total**2
    surplus = tables.x1 - tables.events * tables.n1 / tables.total
    return stratified_result(
        RateComparison.RATIO,
        estimate=_log_ratio(above, below, RateComparison.RATIO),
        variance=float(share.sum() / (above.sum() * below.sum())),
        weights=below,
        sizes=sizes,
        level=level,
        association=_no_effect(surplus, share, continuity),
    )
