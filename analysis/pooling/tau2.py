"""Between-study variance, for many meta-analyses at once.

Every function takes effects and variances of shape (m, k), one meta-analysis a row, and returns shape (m,).
A row with fewer than k studies is padded with effect 0 and variance infinity, which is weight 0.

The estimators are reviewed by Veroniki et al. 2016, Res Synth Methods 7:55. Maximum likelihood is sought on a
grid
over an interval proved to hold every stationary point, then by a safeguarded Newton iteration: Fisher scoring
from one starting value can oscillate, stop short of the maximum, or stay at a lower one.
"""

from collections.abc import Callable

import numpy as np

from analysis.pooling.arrays import Floats, Integers
from analysis.pooling.errors import DidNotConverge
from analysis.pooling.options import Tau2Estimator
from analysis.pooling.search import (
    MOST_STEPS,
    NEWTON_PRECISION,
    furthest_stationary_point,
    likeliest_tau2,
)

# Effects in a block of rows; times the grid of the search this is a few megabytes.
BLOCK = 20_000
# Divides in place of a variation that is exactly 0, as it is among identical effects.
SMALLEST = np.finfo(np.float64).tiny


def estimate_tau2(
    effects: Floats, variances: Floats, estimator: Tau2Estimator, counts: Floats | None = None
) -> Floats:
    """The between-study variance of each row, cut off at zero; zero where a row holds one study.

    counts: studies in each row, where they are known.
    """
    counts = study_counts(variances) if counts is None else counts
    with np.errstate(invalid="ignore", divide="ignore"):
        estimates = _ESTIMATORS[estimator](effects, variances, counts)
    return np.where(counts > 1, np.maximum(estimates, 0.0), 0.0)


def study_counts(variances: Floats) -> Floats:
    """How many studies each row holds (padding has infinite variance)."""
    counts: Floats = np.isfinite(variances).sum(axis=-1, dtype=np.float64)
    return counts


def _dersimonian_laird(effects: Floats, variances: Floats, counts: Floats) -> Floats:
    """Source: DerSimonian & Laird 1986, Control Clin Trials 7:177."""
    weights = 1 / variances
    total = weights.sum(-1)
    q = weighted_q(effects, weights)
    scale: Floats = total - (weights * weights).sum(-1) / total
    return np.asarray((q - (counts - 1)) / scale)


def _hedges(effects: Floats, variances: Floats, counts: Floats) -> Floats:
    """Source: Hedges & Olkin 1985, Statistical Methods for Meta-Analysis, ch. 9 (variance components)."""
    return _spread(effects, variances) / (counts - 1) - _mean_variance(variances, counts)


def _hunter_schmidt(effects: Floats, variances: Floats, counts: Floats) -> Floats:
    """Source: Hunter & Schmidt 1990, Methods of Meta-Analysis; form of Viechtbauer 2005, J Educ Behav Stat
    30:261.
    """
    weights = 1 / variances
    return np.asarray((weighted_q(effects, weights) - counts) / weights.sum(-1))


def _sidik_jonkman(effects: Floats, variances: Floats, counts: Floats) -> Floats:
    """Positive whenever effects differ. Source: Sidik & Jonkman 2005, Appl Stat 54:367."""
    first = _spread(effects, variances) / counts
    ratio = first[:, None] / (variances + first[:, None])
    return np.where(first > 0, weighted_q(effects, ratio) / (counts - 1), 0.0)


def _paule_mandel(effects: Floats, variances: Floats, counts: Floats) -> Floats:
    """The tau2 at which the generalised Q equals its expectation, k - 1.

    Sources: Paule & Mandel 1982, J Res Natl Bur Stand 87:377; the empirical Bayes estimator of Morris 1983, J
    Am Stat Assoc 78:47, solves the same equation.
    """
    return solve_generalised_q(effects, variances, counts - 1)


def _maximum_likelihood(effects: Floats, variances: Floats, counts: Floats) -> Floats:
    """Source: Hardy & Thompson 1996, Stat Med 15:619."""
    return _maximise(effects, variances, counts, restricted=False)


def _restricted_maximum_likelihood(effects: Floats, variances: Floats, counts: Floats) -> Floats:
    """Source: Viechtbauer 2005, J Educ Behav Stat 30:261; Raudenbush 2009, Handbook of Research Synthesis,
    ch. 16.
    """
    return _maximise(effects, variances, counts, restricted=True)


_ESTIMATORS: dict[Tau2Estimator, Callable[[Floats, Floats, Floats], Floats]] = {
    Tau2Estimator.DL: _dersimonian_laird,
    Tau2Estimator.HE: _hedges,
    Tau2Estimator.HS: _hunter_schmidt,
    Tau2Estimator.SJ: _sidik_jonkman,
    Tau2Estimator.ML: _maximum_likelihood,
    Tau2Estimator.REML: _restricted_maximum_likelihood,
    Tau2Estimator.EB: _paule_mandel,
    Tau2Estimator.PM: _paule_mandel,
}


def weighted_q(effects: Floats, weights: Floats) -> Floats:
    """Weighted sum of squares about the weighted mean, along the last axis."""
    mean = (weights * effects).sum(-1) / weights.sum(-1)
    residuals = effects - mean[..., None]
    q: Floats = (weights * residuals * residuals).sum(-1)
    return q


def solve_generalised_q(effects: Floats, variances: Floats, targets: Floats) -> Floats:
    """The tau2 at which Q(tau2) = sum (y - mu)^2 / (v + tau2) equals the target; 0 where Q(0) is not above
    it.

    1/Q is concave and increasing in tau2 (it is a minimum of functions linear in tau2, over contrasts of the
    effects), so Newton's iteration on 1/Q started at 0 climbs to the root without overshooting, in one step
    when all variances are equal. The upper bound is never guessed. Viechtbauer 2007, Stat Med 26:37, has the
    equation.
    """
    scale = variances.min(-1)
    scaled_effects = effects / np.sqrt(scale)[:, None]
    scaled_variances = variances / scale[:, None]
    tau2 = np.zeros(len(effects))
    active = np.flatnonzero(targets > 0)
    for _ in range(MOST_STEPS):
        if len(active) == 0:
            return np.asarray(tau2 * scale)
        weights = 1 / (scaled_variances[active] + tau2[active, None])
        own_effects = scaled_effects[active]
        residuals = own_effects - ((weights * own_effects).sum(-1) / weights.sum(-1))[:, None]
        pulls = weights * residuals
        q, wanted = (pulls * residuals).sum(-1), targets[active]
        surplus = np.maximum(q - wanted, 0.0)
        step = q / wanted * surplus / np.maximum((pulls * pulls).sum(-1), SMALLEST)
        tau2[active] += step
        active = active[step > NEWTON_PRECISION * (1 + tau2[active])]
    raise DidNotConverge("The equation for tau2 was not solved; choose the DerSimonian-Laird estimator.")


def _maximise(effects: Floats, variances: Floats, counts: Floats, restricted: bool) -> Floats:
    """The tau2 of greatest likelihood in each row, in blocks of rows that fit the processor's cache."""
    rows = max(1, BLOCK // effects.shape[-1])
    blocks = [slice(start, start + rows) for start in range(0, len(effects), rows)]
    return np.concatenate(
        [_block_maxima(effects[b], variances[b], counts[b], restricted) for b in blocks] or [np.zeros(0)]
    )


def _block_maxima(effects: Floats, variances: Floats, counts: Floats, restricted: bool) -> Floats:
    scale = variances.min(-1)
    problems = _InterceptProblems(effects, variances, scale, restricted)
    largest = np.where(np.isfinite(variances), variances, 0.0).max(-1) / scale
    spread = _spread(effects, variances) / scale / np.maximum(counts - restricted, 1.0)
    found: Floats = likeliest_tau2(problems, furthest_stationary_point(spread, largest)) * scale
    return found


class _InterceptProblems:
    """Meta-analyses without moderators, one a row, as the search for tau2 sees them."""

    def __init__(self, effects: Floats, variances: Floats, scale: Floats, restricted: bool) -> None:
        # Centred effects keep the sums of squares of `excess_on` from cancelling.
        present = np.isfinite(variances)
        centred = np.where(
            present, effects - effects.sum(-1, keepdims=True) / present.sum(-1, keepdims=True), 0.0
        )
        self.effects: Floats = centred / np.sqrt(scale)[:, None]
        self.variances: Floats = variances / scale[:, None]
        self.powers: Floats = np.stack([np.ones_like(centred), self.effects, self.effects**2], axis=-1)
        self.restricted = restricted

    def excess_on(self, rows: Integers, grid: Floats) -> Floats:
        weights = 1 / (self.variances[rows, None, :] + grid[:, :, None])
        powers = self.powers[rows]
        total, first, _ = np.moveaxis(weights @ powers, -1, 0)
        weights *= weights
        squares, square_first, square_second = np.moveaxis(weights @ powers, -1, 0)
        mean = first / total
        observed = square_second - 2 * mean * square_first + mean * mean * squares
        expected = total - squares / total if self.restricted else total
        return np.asarray(expected / np.maximum(observed, SMALLEST) - 1)

    def loglik_on(self, rows: Integers, grid: Floats) -> Floats:
        weights = 1 / (self.variances[rows, None, :] + grid[:, :, None])
        total = weights.sum(-1)
        q = weighted_q(self.effects[rows, None, :], weights)
        loglik = np.log(np.where(weights > 0, weights, 1.0)).sum(-1) - q
        return np.asarray(loglik - np.log(total) if self.restricted else loglik)

    def excess_and_slope(self, rows: Integers, tau2: Floats) -> tuple[Floats, Floats]:
        effects = self.effects[rows]
        weights = 1 / (self.variances[rows] + tau2[:, None])
        total = weights.sum(-1)
        pulls = weights * (effects - ((weights * effects).sum(-1) / total)[:, None])
        squares = weights * weights
        observed = (pulls * pulls).sum(-1)
        observed_fall = 2 * ((weights * pulls * pulls).sum(-1) - (weights * pulls).sum(-1) ** 2 / total)
        expected, expected_fall = total, squares.sum(-1)
        if self.restricted:
            ratio = expected_fall / total
            expected = total - ratio
            expected_fall = expected_fall - 2 * (squares * weights).sum(-1) / total + ratio * ratio
        slope = (expected * observed_fall / observed - expected_fall) / observed
        return expected / observed - 1, slope


def _spread(effects: Floats, variances: Floats) -> Floats:
    """Unweighted sum of squares of a row's effects about their mean."""
    present = np.isfinite(variances).astype(np.float64)
    return weighted_q(effects, present)


def _mean_variance(variances: Floats, counts: Floats) -> Floats:
    mean: Floats = np.where(np.isfinite(variances), variances, 0.0).sum(-1) / counts
    return mean
