"""Cases in the words of R's package meta: its results by names of its own, I2 from 0 to 1, and its interval
variants.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy.special import chdtri, ndtri

from analysis.pooling.arrays import Floats
from analysis.pooling.cases.loose_root import loose_root
from analysis.pooling.cases.reading import Fields, column, effect_sizes_of
from analysis.pooling.effect_sizes.proportions import ProportionMeasure, proportion_effects
from analysis.pooling.effect_sizes.records import EffectSizes
from analysis.pooling.errors import ImpossibleInput
from analysis.pooling.glmm import GlmmResult, pool_proportions
from analysis.pooling.intervals import quantile
from analysis.pooling.kenward_roger import kenward_roger
from analysis.pooling.options import IntervalMethod, Model, Tau2Estimator
from analysis.pooling.pool import PooledResult, pool
from analysis.pooling.study_intervals import study_interval
from analysis.pooling.tau2 import weighted_q

Case = Mapping[str, Any]
LEVEL = 0.95
Z = float(ndtri((1 + LEVEL) / 2))
# What meta and metafor take unless told otherwise: where the iteration for tau2 stops, how far its limits are
# sought.
DEFAULT_STOP, FURTHEST_TAU2 = 1e-5, 100.0
MEASURES = {"PRAW": "PR", "PLOGIT": "PLO", "ASD": "AS"}
VARIANCE_TYPES = {"SMD": "UB"}
GLMM_POINTS = 7


def meta_package_case(case: Case) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    sizes = study_effects(inputs, settings)
    if settings.get("method") == "GLMM":
        return glmm_fields(inputs, settings, sizes)
    if settings.get("method", "Inverse") != "Inverse":
        raise ImpossibleInput("cases of the package meta are pooled by method Inverse or GLMM")
    y, v = sizes.effects, sizes.variances
    estimator = Tau2Estimator(settings.get("method_tau", "REML"))
    hartung_knapp = settings.get("method_random_ci", "classic") == "HK"
    stop = DEFAULT_STOP if estimator is Tau2Estimator.REML else None
    chosen: dict[str, Any] = {"tau2_estimator": estimator, "reml_threshold": stop}
    common = pool(y, v, model=Model.COMMON)
    classic = pool(y, v, **chosen)
    interval = IntervalMethod.HARTUNG_KNAPP if hartung_knapp else IntervalMethod.WALD
    shown = pool(y, v, interval=interval, **chosen)
    return {
        **study_fields(inputs, sizes),
        "common": mean_fields(common),
        "random": {**mean_fields(shown), "df": shown.df},
        "predict": prediction_fields(classic.estimate, classic.se, classic.tau2, classic.k, settings),
        "tau2": classic.tau2,
        "tau2_ci": loose_q_profile(y, v),
        "Q": common.q,
        "Q_p": common.q_p,
        **spread_fields(common.q, common.k),
        "weights_common": 1 / v,
        "weights_random": 1 / (v + classic.tau2),
        "method": "Inverse",
        "method_tau": estimator.value,
    }


def study_effects(inputs: Fields, settings: Fields) -> EffectSizes:
    """Effects as meta computes them: a raw proportion keeps its value and only its standard error is
    corrected.
    """
    name = settings.get("sm", "GEN")
    measure = str(MEASURES.get(name, name))
    taken = {"vtype": VARIANCE_TYPES.get(measure, "LS"), "correct": measure != "ROM", "drop00": True}
    sizes = effect_sizes_of(inputs, {"measure": measure, **taken})
    if measure != ProportionMeasure.RAW:
        return sizes
    raw = column(inputs, "xi")[sizes.studies] / column(inputs, "ni")[sizes.studies]
    return EffectSizes(raw, sizes.variances, sizes.measure, sizes.corrected, sizes.studies, sizes.left_out)


def study_fields(inputs: Fields, sizes: EffectSizes) -> dict[str, Any]:
    se = np.sqrt(sizes.variances)
    low, high = sizes.effects - Z * se, sizes.effects + Z * se
    if "xi" in inputs and "ni" in inputs:
        low, high = exact_limits(inputs, sizes)
    return {
        "k": len(sizes.effects),
        "TE": sizes.effects,
        "seTE": se,
        "study_ci_lb": low,
        "study_ci_ub": high,
    }


def exact_limits(inputs: Fields, sizes: EffectSizes) -> tuple[Floats, Floats]:
    """Clopper-Pearson limits; they are on the pooling scale, except that 0 and 1 have no finite log odds."""
    n = column(inputs, "ni")[sizes.studies]
    limits = study_interval(column(inputs, "xi")[sizes.studies], n)
    if sizes.measure == ProportionMeasure.RAW:
        return limits
    measure = ProportionMeasure(sizes.measure)
    low, high = (np.full(len(n), np.nan) for _ in range(2))
    for bound, values in zip((low, high), limits, strict=True):
        scaled = proportion_effects(values * n, n, measure=measure, to="none")
        bound[scaled.studies] = scaled.effects
    return low, high


def mean_fields(result: PooledResult) -> dict[str, Any]:
    return {
        "estimate": result.estimate,
        "se": result.se,
        "ci_lb": result.ci_low,
        "ci_ub": result.ci_high,
    }


def prediction_fields(
    estimate: float, se: float, tau2: float, k: int, settings: Fields
) -> dict[str, float | None]:
    """HTS takes t on k - 2, V (the default) t on k - 1, S the normal; all with the classic standard error."""
    name = str(settings.get("method_predict", "V")).split()[0]
    lost = {"HTS": 2, "V": 1, "S": None}
    if name not in lost:
        raise ImpossibleInput(f"there is no prediction interval {name!r}; known are {', '.join(lost)}")
    less = lost[name]
    df = np.inf if less is None else float(k - less)
    if df <= 0:
        return {"lb": None, "ub": None, "df": None}
    reach = float(quantile(np.array(df), LEVEL)) * float(np.sqrt(se**2 + tau2))
    return {"lb": estimate - reach, "ub": estimate + reach, "df": df}


def loose_q_profile(effects: Floats, variances: Floats) -> list[float | None]:
    """Q-profile limits of tau2 as R's root finder leaves them; none for a single study."""
    df = len(effects) - 1
    if df == 0:
        return [None, None]

    def limit(quantile_of_q: float) -> float:
        def surplus(tau2: float) -> float:
            return float(weighted_q(effects, 1 / (variances + tau2))) - quantile_of_q

        return loose_root(surplus, 0.0, FURTHEST_TAU2) if surplus(0.0) > 0 else 0.0

    tail = (1 - LEVEL) / 2
    return [limit(float(chdtri(df, tail))), limit(float(chdtri(df, 1 - tail)))]


def spread_fields(q: float, k: int) -> dict[str, Any]:
    """H and I2 (0 to 1) by Q with their test-based limits. Source: Higgins & Thompson 2002, Stat Med
    21:1539.
    """
    if k < 2:
        return {"H": None, "I2": None, "I2_ci": [None, None]}
    df = k - 1
    h = max(1.0, float(np.sqrt(q / df)))
    if q > k:
        se = 0.5 * (np.log(q) - np.log(df)) / (np.sqrt(2 * q) - np.sqrt(2 * k - 3))
    elif k > 2:
        se = np.sqrt((1 - 1 / (3 * (k - 2) ** 2)) / (2 * (k - 2)))
    else:
        se = np.nan
    limits = [max(1.0, float(np.exp(np.log(h) + sign * Z * se))) for sign in (-1, 1)]
    return {"H": h, "I2": 1 - 1 / h**2, "I2_ci": [1 - 1 / limit**2 for limit in limits]}


def glmm_fields(inputs: Fields, settings: Fields, sizes: EffectSizes) -> dict[str, Any]:
    events, n = column(inputs, "xi"), column(inputs, "ni")
    result = pool_proportions(events, n, points=GLMM_POINTS)
    none = [None] * result.k
    return {
        **study_fields(inputs, sizes),
        "common": common_log_odds(events[sizes.studies].sum(), n[sizes.studies].sum()),
        "random": {**glmm_mean_fields(result), "df": None},
        "predict": prediction_fields(result.estimate, result.se, result.tau2, result.k, settings),
        "tau2": result.tau2,
        "tau2_ci": [None, None],
        "Q": [result.wald.statistic, result.likelihood_ratio.statistic],
        "Q_p": [result.wald.p_value, result.likelihood_ratio.p_value],
        **spread_fields(result.wald.statistic, result.k),
        "weights_common": none,
        "weights_random": none,
        "method": "GLMM",
        "method_tau": "ML",
    }


def common_log_odds(events: float, total: float) -> dict[str, float]:
    """All studies taken as one."""
    estimate = float(np.log(events / (total - events)))
    se = float(np.sqrt(1 / events + 1 / (total - events)))
    return {"estimate": estimate, "se": se, "ci_lb": estimate - Z * se, "ci_ub": estimate + Z * se}


def glmm_mean_fields(result: GlmmResult) -> dict[str, float]:
    return {
        "estimate": result.estimate,
        "se": result.se,
        "ci_lb": result.ci_low,
        "ci_ub": result.ci_high,
    }


def variants_case(case: Case) -> dict[str, Any]:
    """Every prediction and confidence interval that meta knows, for one set of effects."""
    y, v = column(case["inputs"], "yi"), column(case["inputs"], "vi")
    estimator = Tau2Estimator(case["settings"].get("method_tau", "REML"))
    classic = pool(y, v, tau2_estimator=estimator)
    knapp = pool(y, v, tau2_estimator=estimator, interval=IntervalMethod.HARTUNG_KNAPP)
    return {"predict": _predictions(y, v, classic, knapp), "ci": _confidence(y, v, classic, knapp)}


def _limits(estimate: float, spread: float, df: float | None) -> dict[str, float | None]:
    if df is not None and df <= 0:
        return {"lb": None, "ub": None, "df": None}
    reach = float(quantile(np.array(np.inf if df is None else df), LEVEL)) * spread
    return {"lb": estimate - reach, "ub": estimate + reach, "df": df}


def _predictions(y: Floats, v: Floats, classic: PooledResult, knapp: PooledResult) -> dict[str, Any]:
    k, corrected = float(classic.k), kenward_roger(y, v)

    def limits(se: float, df: float | None) -> dict[str, float | None]:
        return _limits(classic.estimate, float(np.sqrt(se**2 + classic.tau2)), df)

    return {
        "V": limits(classic.se, k - 1),
        "HTS": limits(classic.se, k - 2),
        "HK": limits(knapp.se, k - 1),
        "HK-PR": limits(knapp.se, k - 2),
        "KR": limits(corrected.se, corrected.df),
        "KR-PR": limits(corrected.se, corrected.df - 1),
        "S": limits(classic.se, None),
    }


def _confidence(y: Floats, v: Floats, classic: PooledResult, knapp: PooledResult) -> dict[str, Any]:
    """HK-adhoc-se takes the larger standard error, -ci the wider interval, -IQWiG6 the first if HK is the
    narrower.
    """
    df, corrected = float(classic.k - 1), kenward_roger(y, v)

    def limits(se: float, free: float | None) -> dict[str, float | None]:
        return {"se": se, **_limits(classic.estimate, se, free)}

    normal, plain = limits(classic.se, None), limits(knapp.se, df)
    larger = limits(max(classic.se, knapp.se), df)
    narrower = knapp.ci_high - knapp.ci_low < classic.ci_high - classic.ci_low
    return {
        "classic": normal,
        "HK": plain,
        "KR": limits(corrected.se, corrected.df),
        "HK-adhoc-se": larger,
        "HK-adhoc-ci": normal if narrower else plain,
        "HK-adhoc-IQWiG6": larger if narrower else plain,
    }


KINDS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "meta_package": meta_package_case,
    "pi_and_ci_variants": variants_case,
}
