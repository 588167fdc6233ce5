"""A pooled result as plain values: what a run stores, and what pages and figures read. Pure: no Django."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from .. import pooling
from ..pooling import glmm
from .effects import counts, harmonic_total, own_intervals, shown, sizes_of
from .measures import Needs
from .plan import Method, Plan
from .rows import DatasetRow

OUTSIDE = (
    "A limit lies outside 0 to 100%, as limits of raw proportions can. It is kept as computed; the figure "
    "ends at the edge. The logit scale keeps every limit within."
)
NO_ROWS = "No agreed row answers this analysis yet."
PETO_WHEN = (
    "Peto's odds ratio is trustworthy for rare events, small effects and groups of like size; elsewhere it "
    "is biased."
)


def as_json(rows: Sequence[DatasetRow], plan: Plan) -> dict[str, Any]:
    """Pool the rows by the plan. Proportions are given from 0 to 1, ratios as ratios, shares in percent.

    Raises analysis.pooling.PoolingError with a sentence when the rows cannot be pooled.
    """
    if not rows:
        raise pooling.TooFewStudies(NO_ROWS)
    sizes = sizes_of(rows, plan)
    if not len(sizes.effects):
        raise pooling.TooFewStudies(f"No study has an effect to pool: {sizes.left_out[0].reason}.")
    pooled_rows = [rows[place] for place in sizes.studies]
    scale = pooled_scale(pooled_rows, sizes, plan)
    total = harmonic_total(pooled_rows, plan)
    limits = [shown(scale.get(name), plan, total) for name in LIMITS]
    is_outside = plan.measure == "PR" and any(value is not None and not 0 <= value <= 1 for value in limits)
    return {
        "scale": scale,
        "shown": {"kind": str(plan.of.shown_as), "label": plan.of.label, "null": plan.of.null},
        "notes": [*scale.pop("notes"), *([OUTSIDE] if is_outside else []), *_shared(pooled_rows)],
        "estimate": shown(scale["estimate"], plan, total),
        **dict(zip(LIMITS, limits, strict=True)),
        "studies": _studies(pooled_rows, sizes, scale["weights_percent"], plan),
        "not_pooled": [{"study": rows[each.study].label, "reason": each.reason} for each in sizes.left_out],
        "subgroups": _subgroups(pooled_rows, sizes, plan, total),
        "regression": _regression(pooled_rows, sizes, plan),
    }


def _shared(rows: Sequence[DatasetRow]) -> list[str]:
    """A warning where people are counted twice, which makes every interval too narrow."""
    return [
        f"{row.label} is pooled although some people count twice, which makes the intervals too narrow. "
        f"{row.shares}"
        for row in rows
        if row.shares
    ]


LIMITS = ("ci_low", "ci_high", "prediction_low", "prediction_high")


def pooled_scale(rows: Sequence[DatasetRow], sizes: pooling.EffectSizes, plan: Plan) -> dict[str, Any]:
    """The pooled result on the analysis scale, whichever way it was made, under the same names."""
    if plan.method == Method.MANTEL_HAENSZEL:
        return _stratified(
            pooling.mantel_haenszel(
                *counts(rows), measure=pooling.TwoByTwoMeasure(plan.measure), level=plan.level / 100
            )
        )
    if plan.method == Method.PETO:
        return _stratified(pooling.peto(*counts(rows), level=plan.level / 100), PETO_WHEN)
    if plan.method == Method.GLMM:
        return _mixed(rows, plan, len(sizes.effects))
    told: dict[str, Any] = plain(asdict(pooling.pool(sizes.effects, sizes.variances, **engine_options(plan))))
    return told


def engine_options(plan: Plan) -> dict[str, Any]:
    """The plan's settings in the terms of `pooling.pool`."""
    options: dict[str, Any] = {
        "model": pooling.Model(plan.model),
        "tau2_estimator": pooling.Tau2Estimator(plan.tau2_estimator),
        "interval": pooling.IntervalMethod(plan.interval),
        "level": plan.level / 100,
    }
    if plan.prediction:
        options["prediction"] = pooling.PredictionMethod(plan.prediction)
    return options


def _stratified(result: pooling.StratifiedResult, *notes: str) -> dict[str, Any]:
    told = plain(asdict(result))
    told.pop("sizes")
    heterogeneity = told.pop("heterogeneity")
    return {
        **told,
        "q": heterogeneity["statistic"],
        "q_df": heterogeneity["df"],
        "q_p": heterogeneity["p_value"],
        "tau2": 0.0,
        "heterogeneity": None,
        "prediction_low": None,
        "prediction_high": None,
        "prediction_method": None,
        "notes": list(notes),
    }


def _mixed(rows: Sequence[DatasetRow], plan: Plan, k: int) -> dict[str, Any]:
    """A mixed model of the counts. Its weights are even: it has none that could be read as shares."""
    result = _mixed_model(rows, plan)
    told = plain(asdict(result))
    test = told.pop("likelihood_ratio")
    note = "Shares are not given: a mixed model of counts weighs the counts, not the studies' effects."
    return {
        **told,
        "q": test["statistic"],
        "q_df": test["df"],
        "q_p": test["p_value"],
        "heterogeneity": None,
        "weights_percent": [None] * k,
        "notes": [note],
    }


def _mixed_model(rows: Sequence[DatasetRow], plan: Plan) -> glmm.GlmmResult:
    """A mixed model knows normal and t intervals only; Hartung-Knapp ones become t."""
    is_rate = plan.of.needs is Needs.RATES
    wanted = pooling.IntervalMethod(plan.interval)
    interval = wanted if wanted is pooling.IntervalMethod.WALD else pooling.IntervalMethod.T
    level = plan.level / 100
    x1, n1, x2, n2 = counts(rows, "person_time" if is_rate else "n")
    if plan.of.arms == 1:
        pool_one = glmm.pool_rates if is_rate else glmm.pool_proportions
        return pool_one(x1, n1, interval=interval, level=level)
    pool_two = glmm.pool_rate_ratios if is_rate else glmm.pool_odds_ratios
    return pool_two(x1, n1, x2, n2, interval=interval, level=level)


def _studies(
    rows: Sequence[DatasetRow], sizes: pooling.EffectSizes, weights: Sequence[float | None], plan: Plan
) -> list[dict[str, Any]]:
    middle, low, high = own_intervals(rows, sizes, plan)
    is_single = plan.of.arms == 1 and plan.of.needs is Needs.EVENTS
    return [
        {
            "study_pk": row.study_pk,
            "key": row.key,
            "study": row.label,
            "numbers": row.numbers,
            "provenance": row.provenance,
            "derived": row.is_derived,
            "group": row.group,
            "risk": row.risk,
            "year": row.year,
            "moderator": row.moderator,
            "shown": float(middle[i]),
            "ci_low": float(low[i]),
            "ci_high": float(high[i]),
            "effect": float(sizes.effects[i]),
            "variance": float(sizes.variances[i]),
            "corrected": bool(sizes.corrected[i]),
            "weight_percent": weights[i],
            **(
                {"events": row.experimental.events, "n": row.experimental.n}
                if is_single and row.experimental
                else {}
            ),
            **({"proportion": float(middle[i])} if is_single else {}),
        }
        for i, row in enumerate(rows)
    ]


def _subgroups(
    rows: Sequence[DatasetRow], sizes: pooling.EffectSizes, plan: Plan, total: float | None
) -> dict[str, Any] | None:
    """Each subgroup pooled by itself, and the test that they do not differ; None where there is one only."""
    groups = [row.group or "Not stated" for row in rows]
    if not plan.group_by or len(set(groups)) < 2 or plan.method != Method.INVERSE_VARIANCE:
        return None
    options = engine_options(plan)
    options.pop("prediction", None)
    told = pooling.pool_subgroups(sizes.effects, sizes.variances, groups, **options)
    levels = []
    for name, result in zip(told.levels, told.groups, strict=True):
        scale = plain(asdict(result))
        level = {each: shown(scale[each], plan, total) for each in ("estimate", *LIMITS)}
        levels.append({"label": name, **level, "scale": scale})
    return {"by": plan.group_by, "levels": levels, "between": plain(asdict(told.between))}


def _regression(rows: Sequence[DatasetRow], sizes: pooling.EffectSizes, plan: Plan) -> dict[str, Any] | None:
    """The effect regressed on one number of each study; None without one, or with too few studies for it."""
    values = np.array([np.nan if row.moderator is None else row.moderator for row in rows], dtype=np.float64)
    has = np.isfinite(values)
    if (
        not plan.moderator
        or has.sum() < 3
        or len(set(values[has])) < 2
        or plan.method != Method.INVERSE_VARIANCE
    ):
        return None
    design = pooling.design_from("~ number", {"number": values[has].tolist()})
    options = engine_options(plan)
    options.pop("prediction", None)
    fitted = pooling.meta_regression(
        sizes.effects[has],
        sizes.variances[has],
        design.matrix,
        names=("intercept", plan.moderator),
        **options,
    )
    return {"moderator": plan.moderator, "k": int(has.sum()), **plain(asdict(fitted))}


def plain(value: Any) -> Any:
    """Arrays, tuples, enumerations and numbers of numpy as JSON holds them."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, np.ndarray):
        return [plain(each) for each in value.tolist()]
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, np.generic):
        return value.item()
    return str(value) if isinstance(value, str) else value
