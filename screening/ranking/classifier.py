"""A classifier that learns from what was decided and says how relevant each citation looks."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.svm import LinearSVC

from .errors import NothingToLearn

# Chosen on eight labelled sets; benchmarks/ranking_sets.py chooses them again with each set left out in turn.
COST = 0.02
RELEVANT_WEIGHT = 30.0
PRESUMED_IRRELEVANT = 100
# More irrelevant examples than this make learning slow and the order no better.
MOST_IRRELEVANT = 4000

Floats = npt.NDArray[np.float64]


def relevance_scores(
    table: sparse.csr_matrix, decided: Sequence[int], relevant: npt.ArrayLike, *, seed: int
) -> Floats:
    """How relevant each citation looks, for ordering only: higher is more so, without a scale.

    table: shape (n, features), from `features`.
    decided: rows on which there is a conclusion. relevant: what it was, in the same order.
    Returns shape (n,). The same arguments give the same scores.
    Raises NothingToLearn when no decided citation is relevant, or all citations are.

    A linear support vector machine (squared hinge) in which the few relevant citations together weigh more
    than all irrelevant ones (as in ASReview's ELAS u4), strongly regularised because the first models see a
    handful of citations. A random hundred of the undecided are presumed irrelevant while learning: at the
    start they are better examples of the irrelevant than the top-ranked ones that have been read (Cormack &
    Grossman 2015, arXiv:1504.06868).
    """
    rows = np.asarray(decided, dtype=np.int64)
    labels = np.asarray(relevant, dtype=bool)
    if not labels.any():
        raise NothingToLearn("At least one relevant citation must be known first.")
    presumed = _presumed_irrelevant(table.shape[0], rows, seed)
    if labels.all() and not len(presumed):
        raise NothingToLearn("All citations are relevant, so there is nothing to tell apart.")
    rows, labels = _enough(rows, labels, seed)
    rows = np.concatenate([rows, presumed])
    labels = np.concatenate([labels, np.zeros(len(presumed), dtype=bool)])
    balance = RELEVANT_WEIGHT * np.count_nonzero(~labels) / np.count_nonzero(labels)
    machine = LinearSVC(C=COST, class_weight={True: balance, False: 1.0}, tol=0.01, random_state=0)
    scores: Floats = machine.fit(table[rows], labels).decision_function(table)
    return scores


def _enough(
    rows: npt.NDArray[np.int64], labels: npt.NDArray[np.bool_], seed: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """All relevant ones, and at most so many of the irrelevant, drawn at random."""
    irrelevant = np.flatnonzero(~labels)
    if len(irrelevant) <= MOST_IRRELEVANT:
        return rows, labels
    draw = np.random.default_rng([seed, len(rows)])
    kept = np.sort(
        np.concatenate([np.flatnonzero(labels), draw.choice(irrelevant, MOST_IRRELEVANT, replace=False)])
    )
    return rows[kept], labels[kept]


def _presumed_irrelevant(citations: int, decided: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.int64]:
    undecided = np.ones(citations, dtype=bool)
    undecided[decided] = False
    pool = np.flatnonzero(undecided)
    # The seed moves with what is decided, so that no citation is presumed irrelevant for good.
    draw = np.random.default_rng([seed, len(decided)])
    return draw.choice(pool, min(PRESUMED_IRRELEVANT, len(pool)), replace=False)
