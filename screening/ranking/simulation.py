"""Screening played through on citations whose answers are known: when each comes up, and when one stops."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .batches import batch_size, best_first
from .classifier import relevance_scores
from .errors import NothingToLearn
from .stopping import StoppingRule, standing


@dataclass(frozen=True)
class Simulation:
    """One run. Rows number the citations as given.

    start: the citations known at the outset. order: all others, as they came up.
    stopped_after: how many of `order` were read when the rule was first met.
    recall_when_stopped: share of the relevant in `order` that were among these; None when there is none.
    """

    start: tuple[int, ...]
    order: tuple[int, ...]
    stopped_after: int
    recall_when_stopped: float | None


def drawn_start(relevant: Sequence[bool], *, included: int, excluded: int, seed: int) -> tuple[int, ...]:
    """So many relevant and irrelevant rows drawn at random, relevant ones first.

    Raises NothingToLearn when there are fewer than asked for, or none of either kind is asked for.
    """
    labels = np.asarray(relevant, dtype=bool)
    if included < 1 or excluded < 1:
        raise NothingToLearn("A run starts with at least one relevant and one irrelevant citation.")
    draw = np.random.default_rng(seed)
    start: list[int] = []
    for wanted, pool, name in (
        (included, np.flatnonzero(labels), "relevant"),
        (excluded, np.flatnonzero(~labels), "irrelevant"),
    ):
        if wanted > len(pool):
            raise NothingToLearn(
                f"{wanted} {name} citations were asked for at the start; there are {len(pool)}."
            )
        start.extend(int(row) for row in draw.choice(pool, wanted, replace=False))
    return tuple(start)


def simulate(
    table: sparse.csr_matrix,
    relevant: Sequence[bool],
    start: Sequence[int],
    *,
    rule: StoppingRule,
    seed: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Simulation:
    """Read everything in ranked order, learning again after each batch, and note when the rule was met.

    table: shape (n, features). relevant: shape (n,). start: rows known at the outset, of both kinds.
    """
    labels = np.asarray(relevant, dtype=bool)
    order: list[int] = []
    stopped_after: int | None = None
    total = len(labels) - len(start)
    for batch in _batches(table, labels, start, seed):
        for row in batch.tolist():
            order.append(row)
            if stopped_after is None and standing(labels[order], total, rule).is_met:
                stopped_after = len(order)
        progress(len(order), total)
    stopped_after = total if stopped_after is None else stopped_after
    found = np.count_nonzero(labels[order[:stopped_after]])
    findable = np.count_nonzero(labels[order])
    recall = found / findable if findable else None
    return Simulation(tuple(start), tuple(order), stopped_after, recall)


def _batches(
    table: sparse.csr_matrix, labels: npt.NDArray[np.bool_], start: Sequence[int], seed: int
) -> Iterator[npt.NDArray[np.int64]]:
    decided = list(start)
    undecided = np.setdiff1d(np.arange(len(labels)), decided)
    while len(undecided):
        scores = relevance_scores(table, decided, labels[decided], seed=seed)
        batch = best_first(scores, undecided)[: batch_size(len(decided))]
        undecided = np.setdiff1d(undecided, batch)
        decided.extend(batch.tolist())
        yield batch
