"""Cases of kind pool and study_ci_proportion."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from analysis.pooling.arrays import Floats
from analysis.pooling.batch import pool_rows
from analysis.pooling.cases.reading import Fields, Options, column, effect_sizes_of, options_of
from analysis.pooling.effect_sizes.scales import back_transform, back_transformation
from analysis.pooling.errors import DidNotConverge
from analysis.pooling.likelihood import describe_fit
from analysis.pooling.options import Model, PredictionMethod, Tau2Estimator
from analysis.pooling.pool import PooledResult, pool
from analysis.pooling.study_intervals import StudyInterval, study_interval

TIGHT_STOP = 1e-12
PREDICTIONS = {
    "pi_t_km1": PredictionMethod.T_K_MINUS_1,
    "pi_t_km2": PredictionMethod.T_K_MINUS_2,
    "pi_simple": PredictionMethod.WITHOUT_ERROR_OF_MEAN,
}


def pool_case(case: Mapping[str, Any]) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    sizes, options = effect_sizes_of(inputs, settings), options_of(settings)
    result = pool_with(options, sizes.effects, sizes.variances)
    fit = describe_fit(sizes.effects, sizes.variances, result.tau2, result.tau2_estimator)
    answer = {
        **pooled_fields(result),
        "se_tau2": fit.se_tau2,
        "yi": sizes.effects,
        "vi": sizes.variances,
        "loglik": fit.log_likelihood,
        "aic": fit.aic,
        **heterogeneity_fields(result),
        **other_predictions(options, sizes.effects, sizes.variances, at_zero=result.tau2 == 0),
    }
    answer["back"] = back_fields(result, sizes.measure, harmonic_total(inputs, sizes.studies))
    return answer


def pool_with(options: Options, effects: Floats, variances: Floats) -> PooledResult:
    return pool(
        effects,
        variances,
        model=options.model,
        tau2_estimator=options.estimator,
        interval=options.interval,
        level=options.level,
    )


def pooled_fields(result: PooledResult) -> dict[str, Any]:
    return {
        "k": result.k,
        "estimate": result.estimate,
        "se": result.se,
        "statistic": result.statistic,
        "df": result.df,
        "pval": result.p_value,
        "ci_lb": result.ci_low,
        "ci_ub": result.ci_high,
        "tau2": result.tau2,
        "I2": result.i2,
        "H2": result.h2,
        "I2_from_Q": result.i2_from_q,
        "Q": result.q,
        "Q_df": result.q_df,
        "Q_p": result.q_p,
        "weights_pct": result.weights_percent,
        "pi": [result.prediction_low, result.prediction_high],
        "notes": list(result.notes),
    }


def heterogeneity_fields(result: PooledResult) -> dict[str, Any]:
    limits = result.heterogeneity
    if limits is None:
        return {}
    return {
        "ci_tau2": [limits.tau2_low, limits.tau2_high],
        "ci_I2": [limits.i2_low, limits.i2_high],
        "ci_H2": [limits.h2_low, limits.h2_high],
    }


def other_predictions(
    options: Options, effects: Floats, variances: Floats, *, at_zero: bool
) -> dict[str, Any]:
    """The prediction intervals beside the one that goes with the confidence interval.

    at_zero: whether tau2 is 0. Scoring, told to stop at 1e-12, leaves metafor a tau2 of some 1e-13 instead,
    of which the root shows in the interval that is made of tau alone.
    """
    if options.model is Model.COMMON:
        return {}
    leftover = TIGHT_STOP if at_zero and options.tau2_estimator is Tau2Estimator.REML else None
    intervals = {
        name: _predicted(options, effects, variances, method) for name, method in PREDICTIONS.items()
    }
    if leftover is not None:
        with suppress(DidNotConverge):
            simple = PredictionMethod.WITHOUT_ERROR_OF_MEAN
            intervals["pi_simple"] = _predicted(options, effects, variances, simple, leftover)
    return intervals


def _predicted(
    options: Options,
    effects: Floats,
    variances: Floats,
    method: PredictionMethod,
    reml_threshold: float | None = None,
) -> list[float]:
    batch = pool_rows(
        effects[None, :],
        variances[None, :],
        model=options.model,
        tau2_estimator=options.estimator,
        interval=options.interval,
        level=options.level,
        prediction=method,
        reml_threshold=reml_threshold,
    )
    return [float(batch.prediction_low[0]), float(batch.prediction_high[0])]


def harmonic_total(inputs: Fields, studies: Any) -> float | None:
    """Harmonic mean of the totals of the pooled studies, where the case has totals."""
    if "ni" not in inputs or len(studies) == 0:
        return None
    sizes = column(inputs, "ni")[studies]
    return float(len(sizes) / np.sum(1 / sizes))


def back_fields(result: PooledResult, measure: str, total: float | None) -> dict[str, Any]:
    """Estimate and limits on the scale people read, as metafor's predict(..., transf=) gives them."""
    limits = {
        "estimate": result.estimate,
        "ci_lb": result.ci_low,
        "ci_ub": result.ci_high,
        "pi_lb": result.prediction_low,
        "pi_ub": result.prediction_high,
    }
    values = np.array([np.nan if value is None else value for value in limits.values()])
    natural = back_transform(values, measure, harmonic_total=total)
    return {"transform": back_transformation(measure).value, **dict(zip(limits, natural, strict=True))}


def study_intervals_case(case: Mapping[str, Any]) -> dict[str, Any]:
    events, sizes = column(case["inputs"], "xi"), column(case["inputs"], "ni")
    level = case["settings"].get("level", 95) / 100
    fields: dict[str, Any] = {"estimate": events / sizes}
    for method in StudyInterval:
        fields[f"{method}_lb"], fields[f"{method}_ub"] = study_interval(events, sizes, method, level)
    return fields


KINDS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "pool": pool_case,
    "study_ci_proportion": study_intervals_case,
}
