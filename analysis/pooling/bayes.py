"""Bayesian random-effects meta-analysis by numerical integration: flat prior on the mean, proper prior on
tau.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import ndtr

from analysis.pooling.arrays import Floats, checked_studies
from analysis.pooling.batch import check_level
from analysis.pooling.errors import ImpossibleInput, TooFewStudies

GRID_POINTS = 4001
# Where the posterior density of tau is below its peak by this factor (natural log), nothing is left.
NEGLIGIBLE = 30.0
WIDENINGS = 60


class TauPrior(StrEnum):
    """Priors of the between-study standard deviation."""

    HALF_NORMAL = "half-normal"
    HALF_CAUCHY = "half-cauchy"


@dataclass(frozen=True)
class Posterior:
    """Mean, standard deviation, median and equal-tailed limits of a posterior distribution."""

    mean: float
    sd: float
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class BayesResult:
    """Posteriors of the mean effect, of tau and of a new study's effect, and of each study's own effect.

    shrunken, shrunken_sd: posterior mean and standard deviation of the studies' effects, shape (k,).
    """

    mean: Posterior
    tau: Posterior
    new_study: Posterior
    shrunken: Floats
    shrunken_sd: Floats
    prior: TauPrior
    scale: float
    level: float


def bayesian_pool(
    effects: ArrayLike,
    variances: ArrayLike,
    *,
    prior: TauPrior = TauPrior.HALF_NORMAL,
    scale: float = 0.5,
    level: float = 0.95,
) -> BayesResult:
    """Posterior of the normal-normal model, without simulation.

    effects, variances: shape (k,), k >= 2. scale: of tau's prior, on the analysis scale. Given tau all
    posteriors are normal, so only tau is integrated over. Raises TooFewStudies and ImpossibleInput.
    Sources: Rover 2020, J Stat Softw 93:6; Gelman 2006, Bayesian Anal 1:515 (priors).
    """
    y, v = checked_studies(effects, variances)
    check_level(level)
    if len(y) < 2:
        raise TooFewStudies("A Bayesian random-effects model needs at least two studies.")
    if scale <= 0:
        raise ImpossibleInput("the scale of the prior must be above zero")
    tau, chances = _tau_posterior(y, v, prior, scale)
    weights = 1 / (v + tau[:, None] ** 2)
    total = weights.sum(-1)
    centre = weights @ y / total
    shares = tau[:, None] ** 2 * weights
    own = shares * y + (1 - shares) * centre[:, None]
    own_variance = shares * v + (1 - shares) ** 2 / total[:, None]
    shrunken = chances @ own
    return BayesResult(
        mean=_mixture(centre, 1 / total, chances, level),
        tau=_discrete(tau, chances, level),
        new_study=_mixture(centre, 1 / total + tau**2, chances, level),
        shrunken=shrunken,
        shrunken_sd=np.sqrt(chances @ (own_variance + own**2) - shrunken**2),
        prior=prior,
        scale=scale,
        level=level,
    )


def _tau_posterior(y: Floats, v: Floats, prior: TauPrior, scale: float) -> tuple[Floats, Floats]:
    """A grid of tau and the probability of each of its points, by the trapezoidal rule.

    The points are squares of an even grid, closer near 0, up to where the posterior has died away.
    """
    log_density = _log_density(y, v, prior, scale)
    highest = scale
    for _ in range(WIDENINGS):
        values = log_density(highest * np.linspace(0.0, 1.0, 201))
        if values[-1] < values.max() - NEGLIGIBLE:
            break
        highest *= 1.5
    roots = np.linspace(0.0, np.sqrt(highest), GRID_POINTS)
    values = log_density(roots**2)
    masses = np.exp(values - values.max()) * roots
    return roots**2, masses / masses.sum()


def _log_density(y: Floats, v: Floats, prior: TauPrior, scale: float) -> Callable[[Floats], Floats]:
    def log_density(tau: Floats) -> Floats:
        weights = 1 / (v + tau[:, None] ** 2)
        total = weights.sum(-1)
        residuals = y - (weights @ y / total)[:, None]
        loglik = (np.log(weights).sum(-1) - np.log(total) - (weights * residuals**2).sum(-1)) / 2
        if prior is TauPrior.HALF_NORMAL:
            return np.asarray(loglik - (tau / scale) ** 2 / 2)
        return np.asarray(loglik - np.log1p((tau / scale) ** 2))

    return log_density


def _mixture(centres: Floats, variances: Floats, chances: Floats, level: float) -> Posterior:
    """A mixture of normals."""
    sds = np.sqrt(variances)
    mean = float(chances @ centres)
    sd = float(np.sqrt(chances @ (variances + centres**2) - mean**2))
    low, high = float((centres - 40 * sds).min()), float((centres + 40 * sds).max())

    def quantile(wanted: float) -> float:
        def surplus(x: float) -> float:
            return float(chances @ ndtr((x - centres) / sds)) - wanted

        return float(brentq(surplus, low, high, xtol=1e-12))

    return Posterior(mean, sd, quantile(0.5), quantile((1 - level) / 2), quantile((1 + level) / 2))


def _discrete(values: Floats, chances: Floats, level: float) -> Posterior:
    """A distribution on a fine grid."""
    mean = float(chances @ values)
    sd = float(np.sqrt(max(0.0, float(chances @ values**2) - mean**2)))
    below = np.cumsum(chances) - chances / 2
    median, low, high = np.interp([0.5, (1 - level) / 2, (1 + level) / 2], below, values)
    return Posterior(mean, sd, float(median), float(low), float(high))
