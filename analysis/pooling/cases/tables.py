"""Cases of kind mantel_haenszel and peto."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from analysis.pooling.cases.reading import Fields, column, totals
from analysis.pooling.effect_sizes.rates import RateComparison
from analysis.pooling.effect_sizes.scales import back_transform, back_transformation
from analysis.pooling.effect_sizes.two_by_two import TwoByTwoMeasure
from analysis.pooling.mantel_haenszel import mantel_haenszel, mantel_haenszel_rates, peto
from analysis.pooling.stratified import ChiSquare, StratifiedResult

TIMES = ("x1i", "t1i", "x2i", "t2i")


def mantel_haenszel_case(case: Mapping[str, Any]) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    level, continuity = settings.get("level", 95) / 100, bool(settings.get("correct", True))
    if "t1i" in inputs:
        times = tuple(column(inputs, name) for name in TIMES)
        of_pooled: dict[str, Any] = {
            f"pooled_{name}": value for name, value in _seconds(settings, ("add", "to")).items()
        }
        return stratified_fields(
            mantel_haenszel_rates(
                times[0],
                times[1],
                times[2],
                times[3],
                measure=RateComparison(settings["measure"]),
                level=level,
                continuity=continuity,
                **study_corrections(settings),
                **of_pooled,
            )
        )
    events1, totals1 = totals(inputs, 1)
    events2, totals2 = totals(inputs, 2)
    return stratified_fields(
        mantel_haenszel(
            events1,
            totals1,
            events2,
            totals2,
            measure=TwoByTwoMeasure(settings["measure"]),
            level=level,
            continuity=continuity,
            **study_corrections(settings),
            **pooled_corrections(settings),
        )
    )


def peto_case(case: Mapping[str, Any]) -> dict[str, Any]:
    inputs, level = case["inputs"], case["settings"].get("level", 95) / 100
    return stratified_fields(peto(*totals(inputs, 1), *totals(inputs, 2), level=level))


def study_corrections(settings: Fields) -> dict[str, Any]:
    """`add` and `to` for the single studies: the first of two where the case gives two."""
    chosen = {name: settings[name] for name in ("add", "to") if name in settings}
    return {name: value[0] if isinstance(value, list) else value for name, value in chosen.items()}


def pooled_corrections(settings: Fields) -> dict[str, Any]:
    """`add`, `to` and `drop00` for the pooled tables: the second of two, else none is made."""
    return {f"pooled_{name}": value for name, value in _seconds(settings, ("add", "to", "drop00")).items()}


def _seconds(settings: Fields, names: tuple[str, ...]) -> dict[str, Any]:
    pairs = {name: settings[name] for name in names if isinstance(settings.get(name), list)}
    return {name: pair[1] for name, pair in pairs.items() if len(pair) > 1}


def stratified_fields(result: StratifiedResult) -> dict[str, Any]:
    limits = {"estimate": result.estimate, "ci_lb": result.ci_low, "ci_ub": result.ci_high}
    natural = back_transform(np.array(list(limits.values())), result.measure)
    return {
        "k": result.k,
        **limits,
        "se": result.se,
        "statistic": result.statistic,
        "df": None,
        "pval": result.p_value,
        "tau2": 0.0,
        "I2": result.i2,
        "H2": result.h2,
        "Q": result.heterogeneity.statistic,
        "Q_df": result.heterogeneity.df,
        "Q_p": result.heterogeneity.p_value,
        "weights_pct": result.weights_percent,
        "yi": result.sizes.effects,
        "vi": result.sizes.variances,
        "k_pooled": result.k,
        "k_with_estimate": len(result.sizes.effects),
        **test_fields("MH", result.association),
        **test_fields("CO", result.cochran),
        **test_fields("BD", result.breslow_day),
        **test_fields("TA", result.tarone),
        "back": {
            "transform": back_transformation(result.measure).value,
            **dict(zip(limits, natural, strict=True)),
        },
    }


def test_fields(name: str, test: ChiSquare | None) -> dict[str, float | None]:
    if test is None:
        return {name: None, f"{name}_p": None}
    return {name: test.statistic, f"{name}_p": test.p_value}


KINDS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "mantel_haenszel": mantel_haenszel_case,
    "peto": peto_case,
}
