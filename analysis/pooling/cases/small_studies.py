"""Cases on small-study effects: regression and rank tests, trim and fill, fail-safe N."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from analysis.pooling import failsafe
from analysis.pooling.arrays import Floats
from analysis.pooling.cases.reading import Fields, column, effect_sizes_of, options_of, totals
from analysis.pooling.effect_sizes.means import MeanComparison
from analysis.pooling.effect_sizes.records import EffectSizes
from analysis.pooling.effect_sizes.two_by_two import TwoByTwoMeasure
from analysis.pooling.errors import ImpossibleInput
from analysis.pooling.mantel_haenszel import mantel_haenszel
from analysis.pooling.options import Tau2Estimator
from analysis.pooling.small_study import (
    AsymmetryTest,
    RankTest,
    Tables,
    begg,
    deeks,
    egger,
    harbord,
    macaskill,
    mixed_regression_test,
    peters,
    pustejovsky_rodgers,
    schwarzer,
    thompson_sharp,
    weighted_regression_test,
)
from analysis.pooling.trimfill import MissingEstimator, Side, trim_and_fill

Case = Mapping[str, Any]
# metafor fits the filled funnel anew with its default stopping rule, whatever the first fit was told.
DEFAULT_STOP = 1e-5
# R's meta takes the unbiased variance for standardised mean differences.
META_VARIANCES = {"SMD": "UB"}


def study_sizes(inputs: Fields) -> Floats:
    """Persons in each study."""
    if "ai" in inputs:
        return totals(inputs, 1)[1] + totals(inputs, 2)[1]
    if "n1i" in inputs:
        return column(inputs, "n1i") + column(inputs, "n2i")
    return column(inputs, "ni")


def predictor_of(name: str, inputs: Fields, sizes: EffectSizes) -> Floats:
    if name in ("sei", "vi"):
        return np.sqrt(sizes.variances) if name == "sei" else sizes.variances
    n = study_sizes(inputs)[sizes.studies]
    scales = {"ni": n, "ninv": 1 / n, "sqrtni": np.sqrt(n), "sqrtninv": np.sqrt(1 / n)}
    if name not in scales:
        raise ImpossibleInput(f"there is no predictor {name!r}")
    return scales[name]


def regtest_case(case: Case) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    sizes, options = effect_sizes_of(inputs, settings), options_of(settings)
    predictor = predictor_of(settings["predictor"], inputs, sizes)
    if settings.get("model", "rma") == "lm":
        test = weighted_regression_test(sizes.effects, predictor, 1 / sizes.variances, options.level)
    else:
        test = mixed_regression_test(
            sizes.effects,
            sizes.variances,
            predictor,
            model=options.model,
            tau2_estimator=options.estimator,
            interval=options.interval,
            level=options.level,
        )
    # A predictor that grows with size is never 0, so its intercept is no limit.
    has_limit = settings["predictor"] not in ("ni", "sqrtni")
    return {
        "statistic": test.statistic,
        "df": test.df,
        "pval": test.p_value,
        "slope": test.slope,
        "slope_se": test.slope_se,
        "limit_estimate": test.intercept if has_limit else None,
        "limit_ci_lb": test.intercept_low if has_limit else None,
        "limit_ci_ub": test.intercept_high if has_limit else None,
    }


def ranktest_case(case: Case) -> dict[str, Any]:
    sizes = effect_sizes_of(case["inputs"], case["settings"])
    exact = case["settings"].get("exact")
    test = begg(sizes.effects, sizes.variances, exact=exact is None or bool(exact))
    return {"tau": test.tau, "pval": test.p_value}


def small_study_case(case: Case) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    method = settings["method_bias"]
    measure = settings["sm"]
    vtype = META_VARIANCES.get(measure, "LS")
    sizes = effect_sizes_of(inputs, {**settings, "measure": measure, "drop00": True, "vtype": vtype})
    test = small_study_test(method, inputs, sizes)
    if isinstance(test, RankTest):
        return {
            "statistic": test.score / test.score_se,
            "df": None,
            "pval": test.p_value,
            "bias": test.score,
            "se_bias": test.score_se,
            "intercept": None,
            "se_intercept": None,
            "k": len(sizes.effects),
        }
    return {
        "statistic": test.statistic,
        "df": test.df,
        "pval": test.p_value,
        "bias": test.slope,
        "se_bias": test.slope_se,
        "intercept": test.intercept,
        "se_intercept": test.intercept_se,
        "k": test.k,
    }


def small_study_test(method: str, inputs: Fields, sizes: EffectSizes) -> AsymmetryTest | RankTest:
    effects, variances = sizes.effects, sizes.variances
    of_effects: dict[str, Callable[[], AsymmetryTest | RankTest]] = {
        "Egger": lambda: egger(effects, variances),
        "Thompson": lambda: thompson_sharp(effects, variances),
        "Begg": lambda: begg(effects, variances, exact=False),
        "Macaskill": lambda: macaskill(effects, variances, study_sizes(inputs)[sizes.studies]),
        "Pustejovsky": lambda: pustejovsky_rodgers(effects, variances, *group_sizes(inputs, sizes)),
        "Harbord": lambda: harbord(tables_of(inputs, sizes)),
        "Peters": lambda: peters(effects, tables_of(inputs, sizes)),
        "Deeks": lambda: deeks(effects, tables_of(inputs, sizes)),
        "Schwarzer": lambda: schwarzer(tables_of(inputs, sizes), common_odds_ratio(inputs)),
    }
    if method not in of_effects:
        raise ImpossibleInput(f"there is no test {method!r}; known are {', '.join(of_effects)}")
    return of_effects[method]()


def group_sizes(inputs: Fields, sizes: EffectSizes) -> tuple[Floats, Floats]:
    if sizes.measure in tuple(MeanComparison):
        return column(inputs, "n1i")[sizes.studies], column(inputs, "n2i")[sizes.studies]
    return totals(inputs, 1)[1][sizes.studies], totals(inputs, 2)[1][sizes.studies]


def tables_of(inputs: Fields, sizes: EffectSizes) -> Tables:
    columns = (*totals(inputs, 1), *totals(inputs, 2))
    return Tables(*(values[sizes.studies] for values in columns))


def common_odds_ratio(inputs: Fields) -> float:
    events1, totals1 = totals(inputs, 1)
    events2, totals2 = totals(inputs, 2)
    measure = TwoByTwoMeasure.ODDS_RATIO
    return float(np.exp(mantel_haenszel(events1, totals1, events2, totals2, measure=measure).estimate))


def trimfill_case(case: Case) -> dict[str, Any]:
    settings = case["settings"]
    sizes, options = effect_sizes_of(case["inputs"], settings), options_of(settings)
    side = settings.get("side")
    found = trim_and_fill(
        sizes.effects,
        sizes.variances,
        side=None if side is None else Side(side),
        estimator=MissingEstimator(settings.get("estimator", "L0")),
        model=options.model,
        tau2_estimator=options.estimator,
        interval=options.interval,
        level=options.level,
        reml_threshold=DEFAULT_STOP if options.tau2_estimator is Tau2Estimator.REML else None,
    )
    return {
        "k0": found.missing,
        "se_k0": found.missing_se,
        "p_k0": found.p_value,
        "side": found.side.value,
        "estimate": found.pooled.estimate,
        "se": found.pooled.se,
        "ci_lb": found.pooled.ci_low,
        "ci_ub": found.pooled.ci_high,
        "tau2": found.pooled.tau2,
        "I2": found.pooled.i2,
        "Q": found.pooled.q,
        "filled_yi": found.filled_effects,
        "filled_vi": found.filled_variances,
    }


def failsafe_case(case: Case) -> dict[str, Any]:
    settings = case["settings"]
    sizes = effect_sizes_of(case["inputs"], settings)
    y, v, alpha = sizes.effects, sizes.variances, settings.get("alpha", 0.05)
    kind = settings["type"]
    if kind == "Rosenthal":
        found = failsafe.rosenthal(y, v, alpha)
    elif kind == "Orwin":
        found = failsafe.orwin(y, v, settings.get("target"))
    elif kind == "Rosenberg":
        found = failsafe.rosenberg(y, v, alpha)
    elif kind == "General":
        options = options_of(settings)
        found = failsafe.general(y, v, alpha=alpha, model=options.model, tau2_estimator=options.estimator)
    else:
        raise ImpossibleInput(f"there is no fail-safe N of type {kind!r}")
    return {"fsnum": found.studies, "pval": found.p_value}


KINDS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "regtest": regtest_case,
    "ranktest": ranktest_case,
    "small_study_meta": small_study_case,
    "trimfill": trimfill_case,
    "failsafe_n": failsafe_case,
}
