"""From rows to effects on the analysis scale, and back to the scale people read. Pure: no Django."""

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from .. import pooling
from ..pooling.arrays import Floats
from ..pooling.effect_sizes.generic import effects_from_intervals, generic_effects
from .measures import Needs
from .plan import Plan
from .rows import DatasetRow

Sizes = pooling.EffectSizes


def sizes_of(rows: Sequence[DatasetRow], plan: Plan) -> Sizes:
    """Effects and variances of the rows, shape (k,) each, on the analysis scale of the plan's measure.

    Raises analysis.pooling.PoolingError for numbers that cannot be.
    """
    needs, arms = plan.of.needs, plan.of.arms
    if needs is Needs.ESTIMATE:
        return _reported(rows, plan)
    if needs is Needs.EVENTS:
        return _proportions(rows, plan) if arms == 1 else _tables(rows, plan)
    if needs is Needs.MEANS:
        return _means(rows, plan)
    return _rates(rows, plan)


def column(rows: Sequence[DatasetRow], arm: str, name: str) -> Floats:
    """One number of one arm in every row, shape (k,); NaN where it is not reported."""
    values = [getattr(getattr(row, arm), name, None) for row in rows]
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def counts(rows: Sequence[DatasetRow], total: str = "n") -> tuple[Floats, Floats, Floats, Floats]:
    """Events and totals of the experimental and then of the comparator arm."""
    first, second = "experimental", "comparator"
    return (
        column(rows, first, "events"),
        column(rows, first, total),
        column(rows, second, "events"),
        column(rows, second, total),
    )


def _proportions(rows: Sequence[DatasetRow], plan: Plan) -> Sizes:
    events, totals = column(rows, "experimental", "events"), column(rows, "experimental", "n")
    measure = pooling.ProportionMeasure(plan.measure)
    return pooling.proportion_effects(events, totals, measure=measure, to=plan.zero_cells)


def _tables(rows: Sequence[DatasetRow], plan: Plan) -> Sizes:
    measure = "PETO" if plan.method == "peto" else plan.measure
    return pooling.two_by_two_effects(
        *counts(rows),
        measure=pooling.TwoByTwoMeasure(measure),
        to=plan.zero_cells,
        drop00=plan.drop_double_zero and plan.of.is_ratio,
    )


def _means(rows: Sequence[DatasetRow], plan: Plan) -> Sizes:
    names = ("mean", "sd", "n")
    first = [column(rows, "experimental", name) for name in names]
    if plan.of.arms == 1:
        return pooling.mean_effects(*first, measure=pooling.MeanMeasure(plan.measure))
    second = [column(rows, "comparator", name) for name in names]
    return pooling.mean_comparison_effects(*first, *second, measure=pooling.MeanComparison(plan.measure))


def _rates(rows: Sequence[DatasetRow], plan: Plan) -> Sizes:
    columns = counts(rows, "person_time")
    if plan.of.arms == 1:
        measure = pooling.RateMeasure(plan.measure)
        return pooling.rate_effects(*columns[:2], measure=measure, to=plan.zero_cells)
    return pooling.rate_comparison_effects(
        *columns,
        measure=pooling.RateComparison(plan.measure),
        to=plan.zero_cells,
        drop00=plan.drop_double_zero and plan.of.is_ratio,
    )


def _reported(rows: Sequence[DatasetRow], plan: Plan) -> Sizes:
    """Estimates with the variance that their standard error, or else their interval, implies."""
    effects, variances = [], []
    for row in rows:
        effect, variance = _reported_effect(row, plan.of.is_ratio)
        effects.append(effect)
        variances.append(variance)
    return generic_effects(effects, variances)


def _reported_effect(row: DatasetRow, ratio: bool) -> tuple[float, float]:
    told = row.estimate
    if told is None or (ratio and told.estimate <= 0):
        return np.nan, np.nan
    if told.se:
        return float(np.log(told.estimate)) if ratio else told.estimate, told.se**2
    if told.ci_low is None or told.ci_high is None:
        return np.nan, np.nan
    sizes = effects_from_intervals(
        [told.estimate], [told.ci_low], [told.ci_high], ratio=ratio, level=told.ci_level / 100
    )
    if not len(sizes.effects):
        return np.nan, np.nan
    return float(sizes.effects[0]), float(sizes.variances[0])


def harmonic_total(rows: Sequence[DatasetRow], plan: Plan) -> float | None:
    """The harmonic mean of the totals, which Freeman-Tukey proportions are turned back with."""
    if plan.measure != "PFT":
        return None
    totals = column(rows, "experimental", "n")
    return float(len(totals) / np.sum(1 / totals))


def shown(value: float | None, plan: Plan, total: float | None = None) -> float | None:
    """A value of the analysis scale on the scale that people read; None stays None."""
    if value is None:
        return None
    return float(pooling.back_transform(value, plan.of.engine_code, harmonic_total=total))


def own_intervals(rows: Sequence[DatasetRow], sizes: Sizes, plan: Plan) -> tuple[Floats, Floats, Floats]:
    """Each pooled study's estimate and limits on the shown scale, shape (k,) each.

    Proportions of one group have exact limits (Clopper-Pearson), all others normal ones on the analysis
    scale.
    """
    level = plan.level / 100
    if plan.of.needs is Needs.EVENTS and plan.of.arms == 1:
        events, totals = column(rows, "experimental", "events"), column(rows, "experimental", "n")
        low, high = pooling.study_interval(events, totals, level=level)
        return events / totals, low, high
    half = float(ndtri((1 + level) / 2)) * np.sqrt(sizes.variances)
    code = plan.of.engine_code
    middle, low, high = (
        pooling.back_transform(values, code)
        for values in (sizes.effects, sizes.effects - half, sizes.effects + half)
    )
    return middle, low, high
