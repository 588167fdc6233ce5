"""The columns and settings of a case, in the terms of this package."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.pooling.arrays import Floats, refuse
from analysis.pooling.effect_sizes.changes import ChangeMeasure, change_effects
from analysis.pooling.effect_sizes.correlations import CorrelationMeasure, correlation_effects
from analysis.pooling.effect_sizes.generic import generic_effects
from analysis.pooling.effect_sizes.means import (
    MeanComparison,
    MeanMeasure,
    VarianceType,
    mean_comparison_effects,
    mean_effects,
)
from analysis.pooling.effect_sizes.proportions import ProportionMeasure, proportion_effects
from analysis.pooling.effect_sizes.rates import (
    RateComparison,
    RateMeasure,
    rate_comparison_effects,
    rate_effects,
)
from analysis.pooling.effect_sizes.records import EffectSizes
from analysis.pooling.effect_sizes.two_by_two import TwoByTwoMeasure, two_by_two_effects
from analysis.pooling.errors import ImpossibleInput
from analysis.pooling.options import IntervalMethod, Model, Tau2Estimator

COMMON_METHODS = ("EE", "FE", "CE")
TESTS = {
    "z": IntervalMethod.WALD,
    "t": IntervalMethod.T,
    "knha": IntervalMethod.HARTUNG_KNAPP,
    "adhoc": IntervalMethod.HARTUNG_KNAPP_FLOOR,
}
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Options:
    """How a case is to be pooled. `estimator` is not used by a common-effect model."""

    model: Model
    estimator: Tau2Estimator
    interval: IntervalMethod
    level: float

    @property
    def tau2_estimator(self) -> Tau2Estimator | None:
        return self.estimator if self.model is Model.RANDOM else None


def options_of(settings: Fields, method: str = "REML") -> Options:
    """The settings `method`, `test` and `level` (in percent) of a case."""
    name = settings.get("method", method)
    test = settings.get("test", "z")
    if name not in COMMON_METHODS and name not in tuple(Tau2Estimator):
        raise ImpossibleInput(f"there is no method {name!r}; known are EE, FE and {', '.join(Tau2Estimator)}")
    if test not in TESTS:
        raise ImpossibleInput(f"there is no test {test!r}; known are {', '.join(TESTS)}")
    common = name in COMMON_METHODS
    return Options(
        model=Model.COMMON if common else Model.RANDOM,
        estimator=Tau2Estimator.REML if common else Tau2Estimator(name),
        interval=TESTS[test],
        level=settings.get("level", 95) / 100,
    )


def column(inputs: Fields, name: str) -> Floats:
    """A numeric column, shape (k,), with NaN where the case has null."""
    values = inputs[name]
    listed = values if isinstance(values, list) else [values]
    return np.array([np.nan if value is None else value for value in listed], dtype=np.float64)


def totals(inputs: Fields, group: int) -> tuple[Floats, Floats]:
    """Events and totals of group 1 (ai with bi or n1i) or group 2 (ci with di or n2i)."""
    events_name, others_name, total_name = (("ai", "bi", "n1i"), ("ci", "di", "n2i"))[group - 1]
    events = column(inputs, events_name)
    if total_name in inputs:
        return events, column(inputs, total_name)
    return events, events + column(inputs, others_name)


def effect_sizes_of(inputs: Fields, settings: Fields) -> EffectSizes:
    """The effect sizes that a case's columns give under its measure."""
    if "yi" in inputs:
        variances = column(inputs, "vi")
        refuse(variances <= 0, "the variance must be above zero; a zero would give the study all the weight")
        return generic_effects(column(inputs, "yi"), variances, measure=settings.get("measure", "GEN"))
    measure = settings["measure"]
    for measures, read in _READERS:
        if measure in tuple(measures):
            return read(inputs, settings)
    raise ImpossibleInput(f"there is no measure {measure!r}")


def _corrections(settings: Fields) -> dict[str, Any]:
    return {name: settings[name] for name in ("add", "to") if settings.get(name) is not None}


def _proportions(inputs: Fields, settings: Fields) -> EffectSizes:
    measure = ProportionMeasure(settings["measure"])
    events, sizes = column(inputs, "xi"), column(inputs, "ni")
    return proportion_effects(events, sizes, measure=measure, **_corrections(settings))


def _two_by_two(inputs: Fields, settings: Fields) -> EffectSizes:
    return two_by_two_effects(
        *totals(inputs, 1),
        *totals(inputs, 2),
        measure=TwoByTwoMeasure(settings["measure"]),
        drop00=bool(settings.get("drop00", False)),
        **_corrections(settings),
    )


def _rates(inputs: Fields, settings: Fields) -> EffectSizes:
    events, times = column(inputs, "xi"), column(inputs, "ti")
    return rate_effects(events, times, measure=RateMeasure(settings["measure"]), **_corrections(settings))


def _rate_comparisons(inputs: Fields, settings: Fields) -> EffectSizes:
    return rate_comparison_effects(
        *(column(inputs, name) for name in ("x1i", "t1i", "x2i", "t2i")),
        measure=RateComparison(settings["measure"]),
        drop00=bool(settings.get("drop00", False)),
        **_corrections(settings),
    )


def _means(inputs: Fields, settings: Fields) -> EffectSizes:
    columns = (column(inputs, name) for name in ("mi", "sdi", "ni"))
    return mean_effects(*columns, measure=MeanMeasure(settings["measure"]))


def _mean_comparisons(inputs: Fields, settings: Fields) -> EffectSizes:
    return mean_comparison_effects(
        *(column(inputs, name) for name in ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")),
        measure=MeanComparison(settings["measure"]),
        variance_type=VarianceType(settings.get("vtype", "LS")),
        bias_correction=settings.get("correct", True),
    )


def _changes(inputs: Fields, settings: Fields) -> EffectSizes:
    first = column(inputs, "sd1i")
    second = column(inputs, "sd2i") if "sd2i" in inputs else np.full_like(first, np.nan)
    return change_effects(
        column(inputs, "m1i"),
        column(inputs, "m2i"),
        first,
        second,
        column(inputs, "ni"),
        column(inputs, "ri"),
        measure=ChangeMeasure(settings["measure"]),
        bias_correction=settings.get("correct", True),
    )


def _correlations(inputs: Fields, settings: Fields) -> EffectSizes:
    measure = CorrelationMeasure(settings["measure"])
    return correlation_effects(
        column(inputs, "ri"),
        column(inputs, "ni"),
        measure=measure,
        variance_type=VarianceType(settings.get("vtype", "LS")),
    )


_READERS = (
    (ProportionMeasure, _proportions),
    (TwoByTwoMeasure, _two_by_two),
    (RateMeasure, _rates),
    (RateComparison, _rate_comparisons),
    (MeanMeasure, _means),
    (MeanComparison, _mean_comparisons),
    (ChangeMeasure, _changes),
    (CorrelationMeasure, _correlations),
)
