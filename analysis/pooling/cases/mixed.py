"""Cases of kind glmm."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.pooling.cases.loose_laplace import loose_standard_error, loose_wald
from analysis.pooling.cases.reading import Fields, Options, column, options_of, totals
from analysis.pooling.effect_sizes.rates import RateComparison, rate_comparison_effects
from analysis.pooling.effect_sizes.scales import back_transform, back_transformation
from analysis.pooling.effect_sizes.two_by_two import TwoByTwoMeasure, two_by_two_effects
from analysis.pooling.errors import ImpossibleInput
from analysis.pooling.glmm import (
    GlmmResult,
    TwoGroupModel,
    pool_odds_ratios,
    pool_proportions,
    pool_rate_ratios,
    pool_rates,
)
from analysis.pooling.glmm.families import Binomial, Poisson
from analysis.pooling.glmm.paired import Pair
from analysis.pooling.glmm.random_levels import own_differences
from analysis.pooling.intervals import quantile, two_sided_p
from analysis.pooling.options import Model
from analysis.pooling.stratified import ChiSquare, chi_square

Case = Mapping[str, Any]
# What metafor takes by default, and the finer rule that reference cases give beside it.
USUAL_POINTS, FINE_POINTS = 7, 25
MOST_STUDIES_OF_WALD = 30


def glmm_case(case: Case) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    usual, fine = (fitted(inputs, settings, points) for points in (USUAL_POINTS, FINE_POINTS))
    exact = settings["measure"] == "OR" and settings.get("model") == TwoGroupModel.CONDITIONAL_EXACT
    return {
        **glmm_fields(usual, settings["measure"], of_counts=usual.points == 1 or exact),
        "nagq25": {"estimate": fine.estimate, "se": fine.se, "tau2": fine.tau2},
    }


def fitted(inputs: Fields, settings: Fields, points: int) -> GlmmResult:
    options = options_of(settings, method="ML")
    chosen: dict[str, Any] = {
        "interval": options.interval,
        "level": options.level,
        "points": points,
        "common_effect": options.model is Model.COMMON,
    }
    return _as_printed(_fit(inputs, settings, chosen), inputs, settings, options)


def _fit(inputs: Fields, settings: Fields, chosen: dict[str, Any]) -> GlmmResult:
    measure = settings["measure"]
    if measure == "PLO":
        return pool_proportions(column(inputs, "xi"), column(inputs, "ni"), **chosen)
    if measure == "IRLN":
        return pool_rates(column(inputs, "xi"), column(inputs, "ti"), **chosen)
    model = TwoGroupModel(settings.get("model", "UM.FS"))
    if measure == "OR":
        return pool_odds_ratios(*totals(inputs, 1), *totals(inputs, 2), model=model, **chosen)
    if measure == "IRR":
        columns = (column(inputs, name) for name in ("x1i", "t1i", "x2i", "t2i"))
        return pool_rate_ratios(*columns, model=model, **chosen)
    raise ImpossibleInput(f"there is no mixed model for {measure}; known are PLO, IRLN, OR and IRR")


def _as_printed(result: GlmmResult, inputs: Fields, settings: Fields, options: Options) -> GlmmResult:
    """A model with random levels with the standard error that lme4's looser iteration gives it."""
    if result.level_sd is None or options.model is Model.COMMON:
        return result
    at = [result.level_mean, result.estimate, result.level_sd, np.sqrt(result.tau2)]
    pair = _pair(inputs, settings["measure"])
    se = loose_standard_error(pair, np.array(at))
    free = np.array(np.inf if result.df is None else result.df)
    critical, statistic = float(quantile(free, options.level)), result.estimate / se
    reach = critical * float(np.sqrt(se**2 + result.tau2))
    return replace(
        result,
        se=se,
        statistic=statistic,
        p_value=float(two_sided_p(np.array(statistic), free)),
        ci_low=result.estimate - critical * se,
        ci_high=result.estimate + critical * se,
        prediction_low=result.estimate - reach,
        prediction_high=result.estimate + reach,
        wald=_wald_as_printed(pair, result),
    )


def _wald_as_printed(pair: Pair, result: GlmmResult) -> ChiSquare:
    """Ours where a study's own difference is infinite or the studies are many, for which lme4 has no steady
    one.
    """
    finite = bool((pair.own_differences()[1] > 0).all())
    if not finite or result.k > MOST_STUDIES_OF_WALD or result.level_mean is None or result.level_sd is None:
        return result.wald
    own = own_differences(pair, result.level_mean, result.level_sd)
    return chi_square(loose_wald(pair, own), result.k - 1)


def _pair(inputs: Fields, measure: str) -> Pair:
    """The counts of the studies that a model of both groups holds."""
    if measure == "OR":
        counts = (*totals(inputs, 1), *totals(inputs, 2))
        studies = two_by_two_effects(*counts, measure=TwoByTwoMeasure.ODDS_RATIO, drop00=True).studies
        x1, n1, x2, n2 = (values[studies] for values in counts)
        return Pair(Binomial(x1, n1), Binomial(x2, n2))
    rates = tuple(column(inputs, name) for name in ("x1i", "t1i", "x2i", "t2i"))
    studies = rate_comparison_effects(*rates, measure=RateComparison.RATIO, drop00=True).studies
    x1, t1, x2, t2 = (values[studies] for values in rates)
    return Pair(Poisson(x1, t1), Poisson(x2, t2))


def glmm_fields(result: GlmmResult, measure: str, *, of_counts: bool) -> dict[str, Any]:
    """of_counts: whether to print the marginal likelihood, not that at the most likely effects (lme4's)."""
    limits = {
        "estimate": result.estimate,
        "ci_lb": result.ci_low,
        "ci_ub": result.ci_high,
        "pi_lb": result.prediction_low,
        "pi_ub": result.prediction_high,
    }
    natural = back_transform(np.array(list(limits.values())), measure)
    return {
        "k": result.k,
        "estimate": result.estimate,
        "se": result.se,
        "statistic": result.statistic,
        "df": result.df,
        "pval": result.p_value,
        "ci_lb": result.ci_low,
        "ci_ub": result.ci_high,
        "pi": [result.prediction_low, result.prediction_high],
        "tau2": result.tau2,
        "I2": result.i2,
        "H2": result.h2,
        "Q_wald": result.wald.statistic,
        "Q_wald_p": result.wald.p_value,
        "Q_lrt": result.likelihood_ratio.statistic,
        "Q_lrt_p": result.likelihood_ratio.p_value,
        "Q_df": result.wald.df,
        "loglik": result.log_likelihood if of_counts else result.conditional,
        "back": {
            "transform": back_transformation(measure).value,
            **dict(zip(limits, natural, strict=True)),
        },
    }


KINDS: dict[str, Callable[[Case], dict[str, Any]]] = {"glmm": glmm_case}
