"""A pooled result as plain values: what a run stores, and what pages and figures read."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from . import pooling
from .dataset import DatasetRow
from .models import AnalysisSpec

_OUTSIDE = (
    "A limit lies outside 0 to 100%, as limits of raw proportions can. It is kept as computed; the figure "
    "ends at the edge. The logit scale keeps every limit within.",
)


def as_json(rows: Sequence[DatasetRow], spec: AnalysisSpec) -> dict[str, object]:
    """Pool the rows by the spec. Proportions are given from 0 to 1, shares in percent.

    Raises analysis.pooling.PoolingError with a sentence when the rows cannot be pooled.
    """
    events, totals = [row.events for row in rows], [row.n for row in rows]
    if not rows:
        raise pooling.TooFewStudies("No agreed row answers this analysis yet.")
    sizes = pooling.proportion_effects(events, totals, measure=pooling.ProportionMeasure(spec.measure))
    level = spec.level / 100
    pooled = pooling.pool(
        sizes.effects,
        sizes.variances,
        model=pooling.Model(spec.model),
        tau2_estimator=pooling.Tau2Estimator(spec.tau2_estimator),
        interval=pooling.IntervalMethod(spec.interval),
        level=level,
    )
    low, high = pooling.study_interval(events, totals, level=level)
    limits = [_back(value, spec) for value in (pooled.ci_low, pooled.ci_high)]
    limits += [_back(value, spec) for value in (pooled.prediction_low, pooled.prediction_high)]
    return {
        "scale": _plain(asdict(pooled)),
        "notes": [
            *pooled.notes,
            *(_OUTSIDE if any(v is not None and not 0 <= v <= 1 for v in limits) else ()),
        ],
        "estimate": _back(pooled.estimate, spec),
        **dict(zip(("ci_low", "ci_high", "prediction_low", "prediction_high"), limits, strict=True)),
        "studies": [
            {
                "study_pk": row.study_pk,
                "study": row.study,
                "events": row.events,
                "n": row.n,
                "proportion": row.events / row.n,
                "ci_low": float(low[i]),
                "ci_high": float(high[i]),
                "effect": float(sizes.effects[i]),
                "variance": float(sizes.variances[i]),
                "corrected": bool(sizes.corrected[i]),
                "weight_percent": float(pooled.weights_percent[i]),
            }
            for i, row in enumerate(rows)
        ],
    }


def _back(value: float | None, spec: AnalysisSpec) -> float | None:
    if value is None:
        return None
    return float(pooling.back_transform(value, spec.measure))


def _plain(value: object) -> object:
    """Arrays, tuples and enumerations as JSON holds them."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value
