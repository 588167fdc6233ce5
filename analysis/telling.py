"""A run's numbers as the statement that `wording` puts into words. Pure: rows, plan and result in."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from .estimate.measures import Needs
from .estimate.plan import Plan
from .estimate.rows import DatasetRow
from .wording import MINUS, Certainty, Read, Statement, result_paragraph

ARMS = ("experimental", "comparator")
UNNAMED = ("the experimental group", "the comparator")


def in_words(
    outcome: str,
    rows: Sequence[DatasetRow],
    plan: Plan,
    result: Mapping[str, Any],
    certainty: Certainty | None = None,
) -> str:
    """The paragraph of one result. rows: those that were pooled. certainty: as judged, None if it was not."""
    scale, measure = result["scale"], plan.of
    is_random = plan.model == "random" and plan.method not in ("mantel_haenszel", "peto")
    return result_paragraph(
        Statement(
            # "MRD negativity" keeps its capitals.
            outcome=outcome if outcome[1:2].isupper() else outcome[:1].lower() + outcome[1:],
            measure="proportion" if _is_proportion(plan) else measure.label.lower().partition(",")[0],
            read=Read(str(measure.shown_as)),
            k=int(scale["k"]),
            persons=_persons(rows, plan),
            estimate=result["estimate"],
            ci_low=result["ci_low"],
            ci_high=result["ci_high"],
            level=plan.level,
            null=measure.null,
            prediction_low=result["prediction_low"] if is_random else None,
            prediction_high=result["prediction_high"] if is_random else None,
            i2=scale.get("i2"),
            tau2=scale.get("tau2") if is_random else None,
            assumed_risk=_assumed_risk(rows, plan),
            groups=_groups(rows, plan),
            certainty=certainty,
        )
    )


def number_in_words(value: float, shown: Mapping[str, Any]) -> str:
    """A number on the scale that people read: a percentage, a ratio or a plain number."""
    if shown["kind"] == "percent":
        return f"{100 * value:.1f}%".replace("-", MINUS)
    return f"{value:.{2 if abs(value) < 100 else 1}f}".replace("-", MINUS)


def _is_proportion(plan: Plan) -> bool:
    return plan.of.needs is Needs.EVENTS and plan.of.arms == 1


def _numbers(rows: Sequence[DatasetRow], arm: str, name: str) -> list[float | None]:
    return [getattr(getattr(row, arm), name, None) for row in rows]


def _persons(rows: Sequence[DatasetRow], plan: Plan) -> int | None:
    """Everybody in the pooled groups; None where one group's size is not reported."""
    sizes = [n for arm in ARMS[: plan.of.arms] for n in _numbers(rows, arm, "n")]
    return None if None in sizes else round(sum(n for n in sizes if n is not None))


def _assumed_risk(rows: Sequence[DatasetRow], plan: Plan) -> float | None:
    """The median risk with the comparator, as the Cochrane Handbook (14.1.5) has it for absolute effects."""
    if plan.of.needs is not Needs.EVENTS or plan.of.arms != 2:
        return None
    events, totals = _numbers(rows, "comparator", "events"), _numbers(rows, "comparator", "n")
    risks = [x / n for x, n in zip(events, totals, strict=True) if x is not None and n]
    return median(risks) if risks else None


def _groups(rows: Sequence[DatasetRow], plan: Plan) -> tuple[str, str]:
    """The arms' own names where all studies agree on them."""
    names = []
    for arm, unnamed in zip(ARMS, UNNAMED, strict=True):
        labels = {label for label in _numbers(rows, arm, "label") if label}
        names.append(str(labels.pop()) if len(labels) == 1 else unnamed)
    return names[0], names[1]
