"""Cases of kind glmm."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from analysis.pooling.cases.reading import Fields, column, options_of, totals
from analysis.pooling.effect_sizes.scales import back_transform, back_transformation
from analysis.pooling.errors import ImpossibleInput
from analysis.pooling.glmm import (
    GlmmResult,
    TwoGroupModel,
    pool_odds_ratios,
    pool_proportions,
    pool_rate_ratios,
    pool_rates,
)

Case = Mapping[str, Any]
# What metafor takes by default, and the finer rule that reference cases give beside it.
USUAL_POINTS, FINE_POINTS = 7, 25


def glmm_case(case: Case) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    usual, fine = (fitted(inputs, settings, points) for points in (USUAL_POINTS, FINE_POINTS))
    return {
        **glmm_fields(usual, settings["measure"]),
        "nagq25": {"estimate": fine.estimate, "se": fine.se, "tau2": fine.tau2},
    }


def fitted(inputs: Fields, settings: Fields, points: int) -> GlmmResult:
    options = options_of(settings, method="ML")
    chosen: dict[str, Any] = {"interval": options.interval, "level": options.level, "points": points}
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


def glmm_fields(result: GlmmResult, measure: str) -> dict[str, Any]:
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
        # metafor prints the likelihood at the most likely effects where it uses quadrature.
        "loglik": result.log_likelihood if result.points == 1 else result.conditional,
        "back": {
            "transform": back_transformation(measure).value,
            **dict(zip(limits, natural, strict=True)),
        },
    }


KINDS: dict[str, Callable[[Case], dict[str, Any]]] = {"glmm": glmm_case}
