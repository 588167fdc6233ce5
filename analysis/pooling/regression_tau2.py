"""Residual between-study variance of a model with moderators, in O(k p^2).

Estimators as in tau2.py, with P = W - W X (X'WX)^-1 X'W in place of the weighted mean. Sources: Raudenbush
2009, Handbook of Research Synthesis, ch. 16; Viechtbauer et al. 2015, Psychol Methods 20:360.
"""

from collections.abc import Callable

import numpy as np

from analysis.pooling.arrays import Floats, Integers
from analysis.pooling.errors import DidNotConverge
from analysis.pooling.least_squares import WeightedFit
from analysis.pooling.options import Tau2Estimator
from analysis.pooling.search import MOST_STEPS, NEWTON_PRECISION, furthest_stationary_point, likeliest_tau2


def estimate_residual_tau2(
    effects: Floats, variances: Floats, design: Floats, estimator: Tau2Estimator
) -> float:
    """The residual between-study variance, cut off at zero; zero where there are no more studies than
    columns.
    """
    if len(effects) <= design.shape[1]:
        return 0.0
    scale = float(variances.min())
    estimate = _ESTIMATORS[estimator](effects / np.sqrt(scale), variances / scale, design)
    return max(0.0, float(estimate)) * scale


def _spare(design: Floats) -> int:
    """Studies more than coefficients, k - p."""
    k, p = design.shape
    return int(k - p)


def _dersimonian_laird(effects: Floats, variances: Floats, design: Floats) -> float:
    fit = WeightedFit(effects, design, 1 / variances)
    return (fit.q - _spare(design)) / fit.trace


def _hedges(effects: Floats, variances: Floats, design: Floats) -> float:
    fit = WeightedFit(effects, design, np.ones_like(effects))
    return (fit.q - fit.trace_with(variances)) / _spare(design)


def _hunter_schmidt(effects: Floats, variances: Floats, design: Floats) -> float:
    fit = WeightedFit(effects, design, 1 / variances)
    return (fit.q - len(effects)) / float(fit.weights.sum())


def _sidik_jonkman(effects: Floats, variances: Floats, design: Floats) -> float:
    spread = float(np.var(effects))
    if spread == 0:
        return 0.0
    return WeightedFit(effects, design, spread / (variances + spread)).q / _spare(design)


def _paule_mandel(effects: Floats, variances: Floats, design: Floats) -> float:
    return solve_residual_q(effects, variances, design, _spare(design))


def _restricted(effects: Floats, variances: Floats, design: Floats) -> float:
    return _likeliest(effects, variances, design, restricted=True)


def _unrestricted(effects: Floats, variances: Floats, design: Floats) -> float:
    return _likeliest(effects, variances, design, restricted=False)


_ESTIMATORS: dict[Tau2Estimator, Callable[[Floats, Floats, Floats], float]] = {
    Tau2Estimator.DL: _dersimonian_laird,
    Tau2Estimator.HE: _hedges,
    Tau2Estimator.HS: _hunter_schmidt,
    Tau2Estimator.SJ: _sidik_jonkman,
    Tau2Estimator.ML: _unrestricted,
    Tau2Estimator.REML: _restricted,
    Tau2Estimator.EB: _paule_mandel,
    Tau2Estimator.PM: _paule_mandel,
}


def solve_residual_q(effects: Floats, variances: Floats, design: Floats, target: float) -> float:
    """The tau2 at which the residual Q equals the target, 0 where Q(0) is not above it (see
    solve_generalised_q).
    """
    tau2 = 0.0
    for _ in range(MOST_STEPS):
        fit = WeightedFit(effects, design, 1 / (variances + tau2))
        pulls = fit.weights * fit.residuals
        if fit.q <= target:
            return tau2
        step = fit.q / target * (fit.q - target) / float(pulls @ pulls)
        tau2 += step
        if step <= NEWTON_PRECISION * (float(variances.min()) + tau2):
            return tau2
    raise DidNotConverge("The equation for tau2 was not solved; choose the DerSimonian-Laird estimator.")


def _likeliest(effects: Floats, variances: Floats, design: Floats, restricted: bool) -> float:
    unweighted = WeightedFit(effects, design, np.ones_like(effects))
    spread = unweighted.q / (_spare(design) if restricted else len(effects))
    furthest = furthest_stationary_point(np.array([spread]), np.array([variances.max()]))
    return float(likeliest_tau2(_Moderated(effects, variances, design, restricted), furthest)[0])


class _Moderated:
    """One model with moderators as the search for tau2 sees it: a single row."""

    def __init__(self, effects: Floats, variances: Floats, design: Floats, restricted: bool) -> None:
        self.effects, self.variances = effects, variances
        self.design, self.restricted = design, restricted

    def fit(self, tau2: float) -> WeightedFit:
        return WeightedFit(self.effects, self.design, 1 / (self.variances + tau2))

    def excess_on(self, rows: Integers, grid: Floats) -> Floats:
        return np.array([[self._excess(self.fit(tau2))[0] for tau2 in grid[0]]])

    def loglik_on(self, rows: Integers, grid: Floats) -> Floats:
        return np.array([[self._loglik(self.fit(tau2)) for tau2 in grid[0]]])

    def excess_and_slope(self, rows: Integers, tau2: Floats) -> tuple[Floats, Floats]:
        value, slope = self._excess(self.fit(float(tau2[0])))
        return np.array([value]), np.array([slope])

    def _excess(self, fit: WeightedFit) -> tuple[float, float]:
        pulls = fit.weights * fit.residuals
        observed, observed_fall = float(pulls @ pulls), 2 * fit.pulled(pulls)
        expected, expected_fall = float(fit.weights.sum()), float(fit.weights @ fit.weights)
        if self.restricted:
            expected, expected_fall = fit.trace, fit.trace_of_square(np.ones_like(fit.weights))
        return expected / observed - 1, (expected * observed_fall / observed - expected_fall) / observed

    def _loglik(self, fit: WeightedFit) -> float:
        loglik = float(np.log(fit.weights).sum()) - fit.q
        return loglik - fit.log_information if self.restricted else loglik
