"""The mixed models by name: one group's proportions or rates, two groups' odds ratios or rate ratios."""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats, one_dimensional
from analysis.pooling.batch import check_level
from analysis.pooling.effect_sizes.proportions import ProportionMeasure, proportion_effects
from analysis.pooling.effect_sizes.rates import (
    RateComparison,
    RateMeasure,
    rate_comparison_effects,
    rate_effects,
)
from analysis.pooling.effect_sizes.records import EffectSizes
from analysis.pooling.effect_sizes.two_by_two import TwoByTwoMeasure, two_by_two_effects
from analysis.pooling.errors import ImpossibleInput, TooFewStudies
from analysis.pooling.glmm.families import Binomial, Hypergeometric, Poisson
from analysis.pooling.glmm.one_effect import Family, fit_one_effect
from analysis.pooling.glmm.paired import Pair, fit_fixed_levels
from analysis.pooling.glmm.random_levels import fit_random_levels
from analysis.pooling.glmm.results import Fitted, GlmmResult, glmm_result
from analysis.pooling.options import IntervalMethod, Tau2Estimator
from analysis.pooling.pool import pool

Fit = Callable[[float, float], Fitted]
POINTS = 25
LEAST_TAU = 0.1
NO_FINITE = (
    "All studies are without events, or all persons have one: no mixed model has a finite estimate. "
    "Report exact binomial intervals of the studies instead."
)
NO_FINITE_RATIO = (
    "All events lie in one group, or there are none: the ratio has no finite estimate. Report the counts."
)


class TwoGroupModel(StrEnum):
    """Mixed models of two groups; the values are those of metafor's rma.glmm().

    UM.FS, UM.RS: both groups' counts with fixed or random study levels. CM.EL: group 1's count given the
    study's events,
    exactly. CM.AL: the same by a binomial, for rare events. Source: Jackson et al. 2018, Stat Med 37:1059.
    """

    FIXED_LEVELS = "UM.FS"
    RANDOM_LEVELS = "UM.RS"
    CONDITIONAL_EXACT = "CM.EL"
    CONDITIONAL_APPROXIMATE = "CM.AL"


def pool_proportions(
    events: ArrayLike,
    totals: ArrayLike,
    *,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
    points: int = POINTS,
    common_effect: bool = False,
) -> GlmmResult:
    """Pooled log odds by the binomial-normal model, by maximum likelihood; nothing is added to 0% or 100%.

    events, totals: shape (k,), k >= 2; NaN leaves a study out. interval: WALD or T. points: quadrature
    points. common_effect: hold tau2 at 0.
    Raises TooFewStudies, ImpossibleInput (no finite estimate) and DidNotConverge.
    Sources: Hamza, van Houwelingen & Stijnen 2008, J Clin Epidemiol 61:41; Stijnen et al. 2010, Stat Med
    29:3046.
    """
    sizes = proportion_effects(events, totals, measure=ProportionMeasure.LOGIT)
    x, n = _kept(sizes, events, totals)
    _refuse_if(x.sum() in (0.0, n.sum()), NO_FINITE)
    return _pooled(
        sizes,
        interval,
        level,
        lambda mean, tau: fit_one_effect(Binomial(x, n), mean, tau, points, common_effect=common_effect),
    )


def pool_rates(
    events: ArrayLike,
    times: ArrayLike,
    *,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
    points: int = POINTS,
    common_effect: bool = False,
) -> GlmmResult:
    """Pooled log incidence rate by the Poisson-normal model; arguments as for `pool_proportions`.

    Source: Stijnen, Hamza & Ozdemir 2010, Stat Med 29:3046.
    """
    sizes = rate_effects(events, times, measure=RateMeasure.LOG)
    x, t = _kept(sizes, events, times)
    _refuse_if(x.sum() == 0, NO_FINITE)
    return _pooled(
        sizes,
        interval,
        level,
        lambda mean, tau: fit_one_effect(Poisson(x, t), mean, tau, points, common_effect=common_effect),
    )


def pool_odds_ratios(
    events1: ArrayLike,
    totals1: ArrayLike,
    events2: ArrayLike,
    totals2: ArrayLike,
    *,
    model: TwoGroupModel = TwoGroupModel.FIXED_LEVELS,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
    points: int = POINTS,
    common_effect: bool = False,
) -> GlmmResult:
    """Pooled log odds ratio by a mixed model; studies without any event, or of events only, are left out.

    Counts of shape (k,); other arguments as for `pool_proportions`. Raises as there.
    """
    counts = (events1, totals1, events2, totals2)
    sizes = two_by_two_effects(*counts, measure=TwoByTwoMeasure.ODDS_RATIO, drop00=True)
    x1, n1, x2, n2 = _kept(sizes, *counts)
    finite = x1.sum() > 0 and x2.sum() > 0 and (n1 - x1).sum() > 0 and (n2 - x2).sum() > 0
    _refuse_if(not finite, NO_FINITE_RATIO)
    if model in (TwoGroupModel.RANDOM_LEVELS, TwoGroupModel.FIXED_LEVELS):
        pair = Pair(Binomial(x1, n1), Binomial(x2, n2))
        return _pooled(sizes, interval, level, _of_pairs(pair, model, points, common_effect))
    conditional: Family = Binomial(x1, x1 + x2, np.log(n1 / n2))
    if model is TwoGroupModel.CONDITIONAL_EXACT:
        conditional = Hypergeometric(x1, n1, n2, x1 + x2)
    return _pooled(
        sizes,
        interval,
        level,
        lambda mean, tau: fit_one_effect(conditional, mean, tau, points, common_effect=common_effect),
    )


def pool_rate_ratios(
    events1: ArrayLike,
    times1: ArrayLike,
    events2: ArrayLike,
    times2: ArrayLike,
    *,
    model: TwoGroupModel = TwoGroupModel.FIXED_LEVELS,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
    points: int = POINTS,
    common_effect: bool = False,
) -> GlmmResult:
    """Pooled log rate ratio by a mixed model; studies without any event are left out. Arguments as above.

    Given a study's events, the count of group 1 is exactly binomial, so CM.EL and CM.AL are the same model
    here.
    """
    counts = (events1, times1, events2, times2)
    sizes = rate_comparison_effects(*counts, measure=RateComparison.RATIO, drop00=True)
    x1, t1, x2, t2 = _kept(sizes, *counts)
    _refuse_if(x1.sum() == 0 or x2.sum() == 0, NO_FINITE_RATIO)
    if model in (TwoGroupModel.RANDOM_LEVELS, TwoGroupModel.FIXED_LEVELS):
        pair = Pair(Poisson(x1, t1), Poisson(x2, t2))
        return _pooled(sizes, interval, level, _of_pairs(pair, model, points, common_effect))
    binomial = Binomial(x1, x1 + x2, np.log(t1 / t2))
    return _pooled(
        sizes,
        interval,
        level,
        lambda mean, tau: fit_one_effect(binomial, mean, tau, points, common_effect=common_effect),
    )


def _of_pairs(pair: Pair, model: TwoGroupModel, points: int, common_effect: bool) -> Fit:
    """The fit of both groups' counts."""
    if model is TwoGroupModel.RANDOM_LEVELS:
        return lambda mean, tau: fit_random_levels(pair, mean, tau, common_effect=common_effect)
    return lambda mean, tau: fit_fixed_levels(pair, mean, tau, points, common_effect=common_effect)


def _kept(sizes: EffectSizes, *columns: ArrayLike) -> list[Floats]:
    return [one_dimensional(column, "counts")[sizes.studies] for column in columns]


def _refuse_if(impossible: bool, sentence: str) -> None:
    if impossible:
        raise ImpossibleInput(sentence)


def _pooled(sizes: EffectSizes, interval: IntervalMethod, level: float, fit: Fit) -> GlmmResult:
    """The model fitted from the inverse-variance result as a first guess."""
    check_level(level)
    if len(sizes.effects) < 2:
        raise TooFewStudies("A mixed model needs at least two studies with events.")
    if interval not in (IntervalMethod.WALD, IntervalMethod.T):
        raise ImpossibleInput("a mixed model has normal (WALD) or T intervals; it knows no Hartung-Knapp")
    guess = pool(sizes.effects, sizes.variances, tau2_estimator=Tau2Estimator.DL)
    fitted = fit(guess.estimate, max(LEAST_TAU, float(np.sqrt(guess.tau2))))
    return glmm_result(fitted, sizes.variances, len(sizes.effects), interval, level)
