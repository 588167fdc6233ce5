"""Henmi and Copas's interval: centred on the common-effect estimate, valid under random effects."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import gammaincc, ndtr

from analysis.pooling.arrays import Floats, checked_studies
from analysis.pooling.batch import check_level
from analysis.pooling.errors import TooFewStudies
from analysis.pooling.options import Tau2Estimator
from analysis.pooling.pool import pool

NODES, WEIGHTS = np.polynomial.legendre.leggauss(200)
# The estimate's error is integrated over this many of its standard deviations.
WIDEST = 9.0


@dataclass(frozen=True)
class HenmiCopas:
    """Common-effect estimate with its standard error under random effects and its interval."""

    estimate: float
    se: float
    low: float
    high: float
    tau2: float


def henmi_copas(effects: ArrayLike, variances: ArrayLike, level: float = 0.95) -> HenmiCopas:
    """Interval that weighs studies as a common effect would, so that small studies with bias cannot move it.

    effects, variances: shape (k,), k >= 2; tau2 is DerSimonian and Laird's. Raises TooFewStudies below that.
    Source: Henmi & Copas 2010, Stat Med 29:2969.
    """
    y, v = checked_studies(effects, variances)
    check_level(level)
    if len(y) < 2:
        raise TooFewStudies("The Henmi-Copas interval needs at least two studies.")
    weights = 1 / v
    tau2 = pool(y, v, tau2_estimator=Tau2Estimator.DL).tau2
    total = float(weights.sum())
    estimate = float(weights @ y) / total
    se = float(np.sqrt((1 + tau2 * float(weights @ weights) / total) / total))
    coverage = Coverage(weights, tau2)
    critical = float(brentq(lambda u: coverage.at(u) - level, 1e-3, 1e3, xtol=1e-12))
    return HenmiCopas(estimate, se, estimate - critical * se, estimate + critical * se, tau2)


class Coverage:
    """Probability that the standardised estimate lies within u, its tau2 being estimated from Q.

    With R the estimate's error in units of its common-effect standard error and Q given R, the event is
    Q >= k - 1 + (W1 - W2) / W2 (R^2 / u^2 - 1), or R^2 <= u^2. Q given R is a quadratic form in normal
    variables and is taken as gamma with its exact mean and variance.
    """

    def __init__(self, weights: Floats, tau2: float) -> None:
        k, total = len(weights), float(weights.sum())
        direction = np.sqrt(weights / total)
        inflated = 1 + tau2 * weights
        self.df = k - 1
        self.second = float(weights @ weights) / total
        self.gap = total - self.second
        self.spread = float(direction**2 @ inflated)
        given = np.diag(inflated) - np.outer(inflated * direction, inflated * direction) / self.spread
        away = np.eye(k) - np.outer(direction, direction)
        shift = away @ (inflated * direction / self.spread)
        form = away @ given
        # Mean and variance of Q given R are each a constant plus a multiple of R^2.
        self.mean = (float(np.trace(form)), float(shift @ shift))
        self.variance = (2 * float((form * form.T).sum()), 4 * float(shift @ given @ shift))

    def at(self, u: float) -> float:
        """The event is certain up to |R| = u, where its probability drops, so the integral starts there."""
        sd = float(np.sqrt(self.spread))
        certain = float(1 - 2 * ndtr(-u / sd))
        width = max(WIDEST * sd - u, 0.0)
        r = u + width * (NODES + 1) / 2
        density = np.exp(-(r**2) / (2 * self.spread)) * np.sqrt(2 / (np.pi * self.spread))
        mean = self.mean[0] + self.mean[1] * r**2
        variance = self.variance[0] + self.variance[1] * r**2
        needed = self.df + self.gap / self.second * (r**2 / u**2 - 1)
        beyond = gammaincc(mean**2 / variance, needed * mean / variance)
        return certain + float((density * beyond) @ WEIGHTS) * width / 2
