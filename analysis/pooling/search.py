"""Finding the tau2 of greatest likelihood: a grid over a proved interval, then safeguarded Newton steps."""

from typing import Protocol

import numpy as np

from analysis.pooling.arrays import Floats, Integers
from analysis.pooling.errors import DidNotConverge

GRID_POINTS = 14
MOST_STEPS = 200
# With equal variances the furthest stationary point is the maximum itself, so the grid goes on a little.
MARGIN = 1.01
# A bracket is halved until it is this narrow. Newton's steps square the error, so one of NEWTON_PRECISION is
# the last.
PRECISION = 1e-13
NEWTON_PRECISION = 1e-8


class LikelihoodProblems(Protocol):
    """m meta-analyses whose likelihood in tau2 is wanted, with variances scaled so that the least of each is
    1.

    `excess` is expected over observed variation minus 1: below 0 where the likelihood rises. It is all but
    linear in tau2 (exactly so for equal variances), which is why steps are made on it rather than on the
    score.
    """

    def excess_on(self, rows: Integers, grid: Floats) -> Floats:
        """Excess of these problems at the tau2 of `grid`, shape (rows, points); rounding errors may be
        large.
        """

    def loglik_on(self, rows: Integers, grid: Floats) -> Floats:
        """Profile log-likelihood, up to a constant, at the tau2 of `grid`, shape (rows, points)."""

    def excess_and_slope(self, rows: Integers, tau2: Floats) -> tuple[Floats, Floats]:
        """Excess and its derivative, to full precision, at one tau2 for each problem, shape (rows,)."""


def likeliest_tau2(problems: LikelihoodProblems, furthest: Floats) -> Floats:
    """The tau2 of greatest likelihood of m problems, shape (m,), from 0 up to `furthest`, shape (m,)."""
    tau2 = np.zeros(len(furthest))
    rows = np.flatnonzero(furthest > 0)
    if len(rows) == 0:
        return tau2
    ends = np.log1p(MARGIN * furthest[rows])
    grid = np.expm1(ends[:, None] * np.linspace(0.0, 1.0, GRID_POINTS))
    excess = problems.excess_on(rows, grid)
    low = _left_of_maximum(problems, rows, grid, excess)
    inside = np.flatnonzero((low >= 0) & (low < GRID_POINTS - 1))
    at = low[inside]
    tau2[rows[inside]] = _climb(
        problems,
        rows[inside],
        (grid[inside, at], grid[inside, at + 1]),
        (excess[inside, at], excess[inside, at + 1]),
    )
    return tau2


def furthest_stationary_point(spread: Floats, largest: Floats) -> Floats:
    """A tau2 beyond which the likelihood only falls; variances are scaled so that the least is 1.

    spread: residual sum of squares of the unweighted fit over its degrees of freedom (over k for ML).
    largest: the largest variance. Observed variation is at most df * spread / (1 + tau2)^2 and expected
    variation at least df / (largest + tau2), so that no stationary point lies where (1 + tau2)^2 > spread *
    (largest + tau2).
    """
    bound: Floats = (spread + np.sqrt(spread * spread + 4 * spread * (largest - 1))) / 2 - 1
    return bound


def _left_of_maximum(problems: LikelihoodProblems, rows: Integers, grid: Floats, excess: Floats) -> Integers:
    """The last grid point from which the likelihood rises to its maximum; -1 where the maximum is at 0.

    Most likelihoods rise and then fall. Those that rise more than once are compared at all points of the
    grid.
    """
    rising = excess < 0
    low: Integers = rising.sum(-1) - 1
    several = np.flatnonzero((rising[:, 1:] & ~rising[:, :-1]).any(-1))
    if len(several):
        best = problems.loglik_on(rows[several], grid[several]).argmax(-1)
        low[several] = np.where(rising[several, best], best, best - 1)
    return low


def _climb(
    problems: LikelihoodProblems,
    rows: Integers,
    bracket: tuple[Floats, Floats],
    excess: tuple[Floats, Floats],
) -> Floats:
    """The root of the excess within the bracket, by Newton steps that halve it where they would leave it.

    The first guess is where the line through the excess at both ends is 0.
    """
    low, high = bracket
    share = np.clip(excess[0] / (excess[0] - excess[1]), 0.0, 1.0)
    tau2 = low + np.where(np.isfinite(share), share, 0.5) * (high - low)
    active = np.arange(len(rows))
    for _ in range(MOST_STEPS):
        if len(active) == 0:
            return tau2
        here = tau2[active]
        value, slope = problems.excess_and_slope(rows[active], here)
        low[active] = np.where(value < 0, here, low[active])
        high[active] = np.where(value < 0, high[active], here)
        moved = here - value / slope
        inside = (moved >= low[active]) & (moved <= high[active])
        tau2[active] = np.where(inside, moved, (low[active] + high[active]) / 2)
        precision = np.where(inside, NEWTON_PRECISION, PRECISION)
        active = active[np.abs(tau2[active] - here) > precision * (1 + here)]
    raise DidNotConverge("The likelihood of tau2 was not maximised; choose the Paule-Mandel estimator.")
