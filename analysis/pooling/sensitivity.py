"""How the result changes as studies are left out or come in: leave-one-out, cumulative, all subsets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats, Integers, checked_studies
from analysis.pooling.batch import PooledBatch, matching_prediction, pool_rows
from analysis.pooling.errors import ImpossibleInput, TooFewStudies
from analysis.pooling.options import IntervalMethod, Model, Tau2Estimator

MOST_GOSH_STUDIES = 25
# Drawn where there are too many subsets for all of them; enough that the map's shape no longer changes.
SAMPLED_SUBSETS, DRAWN_AT_ONCE = 50_000, 5_000


def leave_one_out(
    effects: ArrayLike,
    variances: ArrayLike,
    *,
    model: Model = Model.RANDOM,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
) -> PooledBatch:
    """k meta-analyses, the i-th without study i, in one batch; options as for `pool`.

    effects, variances: shape (k,), k >= 2. Raises TooFewStudies below that.
    """
    y, v = checked_studies(effects, variances)
    k = len(y)
    if k < 2:
        raise TooFewStudies("Leaving one study out needs at least two.")
    others = ~np.eye(k, dtype=np.bool_)
    kept_effects = np.broadcast_to(y, (k, k))[others].reshape(k, k - 1)
    kept_variances = np.broadcast_to(v, (k, k))[others].reshape(k, k - 1)
    return pool_rows(
        kept_effects,
        kept_variances,
        model=model,
        tau2_estimator=tau2_estimator,
        interval=interval,
        level=level,
        prediction=matching_prediction(interval),
    )


def cumulative(
    effects: ArrayLike,
    variances: ArrayLike,
    *,
    model: Model = Model.RANDOM,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
) -> PooledBatch:
    """k meta-analyses, the i-th of the first i studies as given (sort them first, say by year); options as
    for `pool`.

    Source: Lau et al. 1992, N Engl J Med 327:248.
    """
    y, v = checked_studies(effects, variances)
    k = len(y)
    so_far = np.tri(k, dtype=np.bool_)
    return pool_rows(
        np.where(so_far, y, 0.0),
        np.where(so_far, v, np.inf),
        model=model,
        tau2_estimator=tau2_estimator,
        interval=interval,
        level=level,
        prediction=matching_prediction(interval),
    )


@dataclass(frozen=True)
class Gosh:
    """Non-empty subsets of the studies, each pooled with a common effect.

    counts, estimates, i2: shape (2^k - 1,), in the order of the subset's number, whose bit i says that study
    i is in; of subsets that were drawn, shape (as many,), in the order of drawing.
    """

    counts: Integers
    estimates: Floats
    i2: Floats


def gosh(effects: ArrayLike, variances: ArrayLike) -> Gosh:
    """Graphical display of study heterogeneity: the common effect and I2 (percent, by Q) of every subset.

    Sums over a subset are sums over two halves of its bits, so that each subset costs a few additions. Raises
    ImpossibleInput with more than 25 studies. Source: Olkin, Dahabreh & Trikalinos 2012, Res Synth Methods
    3:214.
    """
    y, v = checked_studies(effects, variances)
    if len(y) > MOST_GOSH_STUDIES:
        raise ImpossibleInput(
            f"{len(y)} studies have {2 ** len(y) - 1} subsets; take at most {MOST_GOSH_STUDIES} studies"
        )
    weights = 1 / v
    middle = float(weights @ y / weights.sum())
    centred = y - middle
    return _described(
        _subset_sums(np.ones_like(y))[1:].astype(np.int64),
        _subset_sums(weights)[1:],
        _subset_sums(weights * centred)[1:],
        _subset_sums(weights * centred**2)[1:],
        middle,
    )


def gosh_sampled(
    effects: ArrayLike, variances: ArrayLike, *, subsets: int = SAMPLED_SUBSETS, seed: int = 1
) -> Gosh:
    """As `gosh`, of subsets drawn at random, for more studies than all subsets could be made of.

    A size is drawn first, each from 1 to k as likely as another, then as many studies: of subsets drawn
    evenly nearly all would hold about half of the studies. The same seed draws the same subsets.
    Source: Olkin, Dahabreh & Trikalinos 2012, Res Synth Methods 3:214.
    """
    y, v = checked_studies(effects, variances)
    k, random = len(y), np.random.default_rng(seed)
    weights = 1 / v
    middle = weights @ y / weights.sum()
    centred = y - middle
    parts = []
    for size in _in_pieces(subsets):
        counts = random.integers(1, k + 1, size)
        ranks = random.random((size, k)).argsort(axis=1).argsort(axis=1)
        members = (ranks < counts[:, None]).astype(np.float64)
        parts.append(
            (counts, members @ weights, members @ (weights * centred), members @ (weights * centred**2))
        )
    counts, total, first, second = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return _described(counts.astype(np.int64), total, first, second, middle)


def _in_pieces(subsets: int) -> list[int]:
    """Sizes of the pieces in which subsets are drawn, so that the table of who is in stays small."""
    whole, rest = divmod(subsets, DRAWN_AT_ONCE)
    return [DRAWN_AT_ONCE] * whole + [rest] * (rest > 0)


def _described(counts: Integers, total: Floats, first: Floats, second: Floats, middle: float) -> Gosh:
    """Subsets by their sums of weights and of weighted effects and their squares, taken about `middle`."""
    q = np.maximum(second - first**2 / total, 0.0)
    df = counts - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        i2 = np.where(q > df, 100 * (q - df) / q, 0.0)
    return Gosh(counts, first / total + middle, np.where(df > 0, i2, 0.0))


def _subset_sums(values: Floats) -> Floats:
    """Sums over all subsets, shape (2^k,); subset number n holds the studies whose bits are set in n."""
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums, sums + value])
    return sums
