"""Two groups in each study with random study levels and random differences, by Laplace's approximation.

Two random effects make quadrature costly; like other software this model takes the single-point
approximation.
"""

from dataclasses import dataclass

import numpy as np

from analysis.pooling.arrays import Floats
from analysis.pooling.errors import DidNotConverge
from analysis.pooling.fitting import Maximum, maximise
from analysis.pooling.glmm.paired import LEAST_GAIN, GivenDifference, Pair
from analysis.pooling.glmm.quadrature import Marginal, marginal
from analysis.pooling.glmm.results import Fitted

MOST_STEPS = 200
SPACING = 1e-3
# Quadrature with one point is Laplace's approximation.
LAPLACE = 1


def fit_random_levels(pair: Pair, estimate: float, tau: float, *, common_effect: bool = False) -> Fitted:
    """Maximum likelihood of level and difference, each with a mean and a standard deviation.

    The tests of equal differences compare two models with random levels only, by the same approximation.
    common_effect: hold the spread of the differences at 0. Raises DidNotConverge.
    """
    levels = pair.middle_levels()
    start = np.array([levels.mean(), estimate, max(float(levels.std()), 0.1), tau])
    longest = np.array([2.0, 2.0, 0.5, 0.5])
    state = _Modes(np.zeros((2, len(levels))))
    without = maximise(lambda x: _laplace(pair, np.append(x, 0.0), state), start[:3], longest[:3])
    fitted = without if common_effect else maximise(lambda x: _laplace(pair, x, state), start, longest)
    has_spread = fitted.value - without.value > LEAST_GAIN
    chosen = fitted if has_spread else without
    tau2 = float(fitted.at[3] ** 2) if has_spread else 0.0
    at = np.append(chosen.at[:3], np.sqrt(tau2))
    _laplace(pair, at, state)
    one, two = pair.curves(*_predictors(at, state.modes))
    common = _equal_differences(pair, chosen.at[:3])
    own = own_differences(pair, float(chosen.at[0]), float(chosen.at[2]))
    return Fitted(
        estimate=float(chosen.at[1]),
        se=float(np.sqrt(chosen.covariance[1, 1])),
        tau2=tau2,
        log_likelihood=chosen.value,
        conditional=float((one.value + two.value).sum()),
        common=common,
        saturated=own.log_likelihood,
        wald=own.wald,
        points=LAPLACE,
        level_mean=float(chosen.at[0]),
        level_sd=abs(float(chosen.at[2])),
    )


@dataclass
class _Modes:
    """The last modes of both random effects, shape (2, k): where the next search starts."""

    modes: Floats


def _predictors(parameters: Floats, modes: Floats) -> tuple[Floats, Floats]:
    level, difference, level_sd, difference_sd = parameters
    return (level + level_sd * modes[0])[:, None], (difference + difference_sd * modes[1])[:, None]


def _laplace(pair: Pair, parameters: Floats, state: _Modes) -> float:
    """Sum over studies of log integral, approximated at the mode of both random effects."""
    modes = state.modes.copy()
    objective, gradient, information = _at(pair, parameters, modes)
    for _ in range(MOST_STEPS):
        determinant = information[0] * information[2] - information[1] ** 2
        step = np.stack(
            [
                (information[2] * gradient[0] - information[1] * gradient[1]) / determinant,
                (information[0] * gradient[1] - information[1] * gradient[0]) / determinant,
            ]
        )
        if np.abs(step).max() < 1e-9:
            state.modes = modes
            return float((objective - np.log(determinant) / 2).sum())
        modes, objective, gradient, information = _improved(pair, parameters, modes, objective, step)
    raise DidNotConverge("The random effects of a study were not found; choose a conditional model (CM.EL).")


Part = tuple[Floats, tuple[Floats, Floats], tuple[Floats, Floats, Floats]]


def _improved(
    pair: Pair, parameters: Floats, modes: Floats, objective: Floats, step: Floats
) -> tuple[Floats, Floats, tuple[Floats, Floats], tuple[Floats, Floats, Floats]]:
    """Modes after the step, halved in the studies in which it would overshoot."""
    share = np.ones_like(objective)
    for _ in range(MOST_STEPS):
        moved = modes + share * step
        reached, gradient, information = _at(pair, parameters, moved)
        worse = reached < objective - 1e-12 * np.abs(objective)
        if not worse.any():
            return moved, reached, gradient, information
        share = np.where(worse, share / 2, share)
    return modes, *_at(pair, parameters, modes)


def _at(pair: Pair, parameters: Floats, modes: Floats) -> Part:
    """Log-likelihood plus log-density of the random effects, its gradient and minus its second
    derivatives.
    """
    level_sd, difference_sd = parameters[2:]
    one, two = pair.curves(*_predictors(parameters, modes))
    first1, first2 = one.first[:, 0], two.first[:, 0]
    second1, second2 = one.second[:, 0], two.second[:, 0]
    objective = one.value[:, 0] + two.value[:, 0] - (modes**2).sum(0) / 2
    gradient = (
        level_sd * (first1 + first2) - modes[0],
        difference_sd * (first1 - first2) / 2 - modes[1],
    )
    information = (
        1 - level_sd**2 * (second1 + second2),
        -level_sd * difference_sd * (second1 - second2) / 2,
        1 - difference_sd**2 * (second1 + second2) / 4,
    )
    return objective, gradient, information


def _equal_differences(pair: Pair, start: Floats) -> float:
    """Greatest log-likelihood with random levels and one difference for all studies."""
    modes = np.zeros(len(pair.best()))

    def loglik(parameters: Floats) -> float:
        nonlocal modes
        family = GivenDifference(pair, np.full(len(modes), parameters[1]))
        found = marginal(
            family, np.full(len(modes), parameters[0]), abs(float(parameters[2])), LAPLACE, modes
        )
        modes = found.modes
        return float(found.loglik.sum())

    return maximise(loglik, start, np.array([2.0, 2.0, 0.5])).value


@dataclass(frozen=True)
class OwnDifferences:
    """Random levels with a difference for each study: maximum of the likelihood, Wald test of equal ones."""

    log_likelihood: float
    wald: float
    differences: Floats
    level_mean: float
    level_sd: float


def own_differences(pair: Pair, level_mean: float, level_sd: float) -> OwnDifferences:
    """The model with random levels and a difference for each study, from a first guess of the levels.

    The random level is that of group 2 here, as other software has it; with a difference of its own for each
    study the two codings are two models. Raises DidNotConverge.
    """
    differences = pair.own_differences()[0]
    modes = np.zeros(len(differences))

    def loglik(parameters: Floats) -> float:
        nonlocal differences, modes
        differences, found = _best_differences(pair, differences, parameters, modes)
        modes = found.modes
        return float(found.loglik.sum())

    peak = maximise(loglik, np.array([level_mean, level_sd]), np.array([2.0, 0.5]))
    loglik(peak.at)
    wald = _wald(pair, differences, peak, modes)
    return OwnDifferences(peak.value, wald, differences, float(peak.at[0]), abs(float(peak.at[1])))


def _best_differences(
    pair: Pair, start: Floats, parameters: Floats, modes: Floats
) -> tuple[Floats, Marginal]:
    differences = start.copy()
    mean, spread = np.full(len(start), parameters[0]), abs(float(parameters[1]))
    for _ in range(MOST_STEPS):
        family = GivenDifference(pair, differences)
        found = marginal(family, mean, spread, LAPLACE, modes)
        modes = found.modes
        slope, curvature = family.of_difference(mean[:, None] + found.effects)
        first = (found.chances * slope).sum(-1)
        second = (found.chances * (curvature + slope**2)).sum(-1) - first**2
        step = np.clip(-first / np.minimum(second, -1e-10), -1.0, 1.0)
        if np.abs(step).max() < 1e-8 or np.abs(first).max() < 1e-10:
            return differences, found
        differences = differences + step
    raise DidNotConverge("A study's own difference was not found; its counts may hold a zero.")


def _wald(pair: Pair, differences: Floats, peak: Maximum, modes: Floats) -> float:
    """Wald statistic of equal differences, from the joint information of differences, mean level and its
    spread.
    """
    shifts = SPACING * np.eye(3)
    at = np.array([peak.at[0], peak.at[1], 0.0])

    def logliks(x: Floats) -> Floats:
        family = GivenDifference(pair, differences + x[2])
        return marginal(family, np.full(len(modes), x[0]), abs(float(x[1])), LAPLACE, modes).loglik

    def second(i: int, j: int) -> Floats:
        corners = [
            logliks(at + a * shifts[i] + b * shifts[j]) for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))
        ]
        return np.asarray((corners[0] - corners[1] - corners[2] + corners[3]) / (4 * SPACING**2))

    shared = -np.array([[second(i, j).sum() for j in (0, 1)] for i in (0, 1)])
    cross = -np.stack([second(2, 0), second(2, 1)], axis=1)
    precision = np.diag(-second(2, 2)) - cross @ np.linalg.solve(shared, cross.T)
    ones = np.ones(len(differences))
    towards = precision @ ones
    mean = towards @ differences / (towards @ ones)
    return float((differences - mean) @ precision @ (differences - mean))
