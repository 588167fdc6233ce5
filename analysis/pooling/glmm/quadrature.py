"""Marginal likelihoods by adaptive Gauss-Hermite quadrature.

Sources: Liu & Pierce 1994, Biometrika 81:624; Pinheiro & Bates 1995, J Comput Graph Stat 4:12.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from analysis.pooling.arrays import Floats
from analysis.pooling.errors import DidNotConverge
from analysis.pooling.glmm.families import Curve

MOST_STEPS = 200
LONGEST_STEP = 3.0


class Conditional(Protocol):
    """Log-likelihood of each of k studies given its predictor, shape (k, points)."""

    def at(self, predictor: Floats) -> Curve: ...


@dataclass(frozen=True)
class Marginal:
    """Likelihood of each study with its random effect integrated out.

    loglik, modes: shape (k,), modes in units of the random effect's standard deviation. effects: the random
    effect at the quadrature points, shape (k, points), and `chances` its distribution given the data there.
    """

    loglik: Floats
    modes: Floats
    effects: Floats
    chances: Floats


@lru_cache(maxsize=8)
def _rule(points: int) -> tuple[Floats, Floats]:
    """Nodes of the standard normal weight, and the log of each weight over its density."""
    nodes, weights = np.polynomial.hermite.hermgauss(points)
    return np.sqrt(2) * nodes, np.log(weights) + nodes**2 - np.log(np.pi) / 2


def marginal(family: Conditional, mean: Floats, tau: float, points: int, start: Floats) -> Marginal:
    """The marginal likelihood of each study when its predictor is mean + N(0, tau^2).

    mean, start: shape (k,); `start` is a first guess of the modes. points: quadrature points, placed around
    each mode.
    """
    modes, curvature = _modes(family, mean, tau, start)
    scale = 1 / np.sqrt(curvature)
    nodes, logs = _rule(points)
    z = modes[:, None] + scale[:, None] * nodes
    values = family.at(mean[:, None] + tau * z).value - z * z / 2 + logs
    highest = values.max(-1)
    relative = np.exp(values - highest[:, None])
    sums = relative.sum(-1)
    return Marginal(highest + np.log(sums * scale), modes, tau * z, relative / sums[:, None])


def _modes(family: Conditional, mean: Floats, tau: float, start: Floats) -> tuple[Floats, Floats]:
    """Where likelihood times normal density peaks in each study, and minus the curvature of its log there."""
    z = start.copy()
    low, high = np.full_like(z, -np.inf), np.full_like(z, np.inf)
    for _ in range(MOST_STEPS):
        curve = family.at((mean + tau * z)[:, None])
        curvature = 1 - tau**2 * curve.second[:, 0]
        slope = tau * curve.first[:, 0] - z
        # The slope falls everywhere, so its sign says on which side the mode lies.
        low, high = np.where(slope >= 0, z, low), np.where(slope <= 0, z, high)
        step = np.clip(slope / curvature, -LONGEST_STEP, LONGEST_STEP)
        moved = z + step
        z = np.where((moved < low) | (moved > high), (low + high) / 2, moved)
        if (np.abs(step) < 1e-9 * (1 + np.abs(z))).all():
            return z, curvature
    raise DidNotConverge("A study's random effect was not found; pool log odds with a correction instead.")
