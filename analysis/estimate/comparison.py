"""What changed between two runs, and how much each change moved the result. Pure: no Django."""

from collections.abc import Sequence
from dataclasses import dataclass

from .. import pooling
from .plan import Plan
from .results import as_json
from .rows import DatasetRow, RowChange, changes


@dataclass(frozen=True)
class Move:
    """One change with the estimate it would give alone; None where the rest cannot be pooled."""

    change: RowChange
    alone: float | None
    shift: float | None


def moves(before: Sequence[DatasetRow], after: Sequence[DatasetRow], plan: Plan) -> list[Move]:
    """Each change made alone to the earlier rows, with the shift of the pooled estimate on the shown scale.

    Shifts need not add up to the whole difference: changes act on one another through the weights.
    """
    start = _estimate(before, plan)
    told = []
    for change in changes(before, after):
        alone = _estimate(with_change(before, change), plan)
        shift = None if start is None or alone is None else alone - start
        told.append(Move(change, alone, shift))
    return sorted(told, key=lambda move: -abs(move.shift or 0))


def with_change(rows: Sequence[DatasetRow], change: RowChange) -> list[DatasetRow]:
    """The rows after one change alone."""
    if change.before is None:
        return [*rows, *([change.after] if change.after else [])]
    changed = [change.after if row.key == change.before.key else row for row in rows]
    return [row for row in changed if row is not None]


def _estimate(rows: Sequence[DatasetRow], plan: Plan) -> float | None:
    try:
        estimate: float | None = as_json(rows, plan)["estimate"]
    except pooling.PoolingError:
        return None
    return estimate
