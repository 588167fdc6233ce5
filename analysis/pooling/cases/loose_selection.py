"""The standard error that metafor prints of selection models with a smooth weight.

Their likelihood needs an integral for each study. metafor takes R's integrate() at its default tolerance of
1.2e-4 and differentiates the result twice by Richardson's extrapolation over six step sizes, so that its
standard errors carry the noise of the integrals, up to 1% of them. `selection_model` integrates to 1e-12.
This module repeats the looser computation and serves comparisons with printed results.
Sources: Piessens et al. 1983, QUADPACK (qagi, which R and scipy share); Richardson & Gaunt 1927, Phil Trans
R Soc A 226:299.
"""

from collections.abc import Callable
from math import erfc, exp, log, pi, sqrt

import numpy as np
from scipy.integrate import quad

from analysis.pooling.arrays import Floats
from analysis.pooling.selection import NEAREST_P, Selection, SelectionResult

INTEGRAL_TOLERANCE = float(np.finfo(np.float64).eps ** 0.25)
SUBDIVISIONS = 100
ROUNDS = 6
RELATIVE_STEP, SMALLEST_STEP, NEAR_ZERO = 0.1, 1e-4, 1.78e-5
CLIMBS, CLIMBING = 3, 1e-3
INSIDE, LARGEST_INSIDE = 1e-3, 99.0
SQRT_2, SQRT_2_PI = sqrt(2), sqrt(2 * pi)
Weight = Callable[[float], float]


def as_printed(effects: Floats, variances: Floats, found: SelectionResult) -> tuple[float, float]:
    """The printed estimate and its standard error; ours where the looser computation has none."""
    at = np.array([found.estimate, found.tau2, *found.delta])
    se = np.sqrt(variances)

    def loglik(parameters: Floats) -> float:
        mean, tau2 = float(parameters[0]), float(parameters[1])
        weight = _weight(found.kind, parameters[2:])
        return sum(
            _of_study(float(y), float(s), mean, tau2, weight) for y, s in zip(effects, se, strict=True)
        )

    if found.tau2 > INSIDE and (found.delta > INSIDE).all() and (found.delta < LARGEST_INSIDE).all():
        at = _climbed(loglik, at)
    information = -richardson_hessian(loglik, at)
    if not np.isfinite(information).all() or np.linalg.matrix_rank(information) < len(at):
        return found.estimate, found.se
    variance = float(np.linalg.inv(information)[0, 0])
    return (float(at[0]), sqrt(variance)) if variance > 0 else (found.estimate, found.se)


def _climbed(loglik: Callable[[Floats], float], at: Floats) -> Floats:
    """The maximum of the noisy likelihood near that of the exact one, by Newton's steps that do not fall."""
    value = loglik(at)
    for _ in range(CLIMBS):
        steps = CLIMBING * np.abs(at)
        shifts = np.diag(steps)
        up, down = (np.array([loglik(at + sign * shift) for shift in shifts]) for sign in (1, -1))
        hessian = np.diag((up - 2 * value + down) / steps**2)
        for i in range(len(at)):
            for j in range(i):
                both = _outer(loglik, at, shifts[i] + shifts[j], value)
                own = hessian[i, i] * steps[i] ** 2 + hessian[j, j] * steps[j] ** 2
                hessian[i, j] = hessian[j, i] = (both - own) / (2 * steps[i] * steps[j])
        moved = at - np.linalg.solve(hessian, (up - down) / (2 * steps))
        reached = loglik(moved) if (moved[1:] > 0).all() else -np.inf
        if not reached > value:
            break
        at, value = moved, reached
    return at


def _of_study(effect: float, se: float, mean: float, tau2: float, weight: Weight) -> float:
    total = sqrt(se**2 + tau2)

    def reported(y: float) -> float:
        return exp(-(((y - mean) / total) ** 2) / 2) / (SQRT_2_PI * total) * weight(_upper(y / se))

    share = quad(
        reported,
        -np.inf,
        np.inf,
        epsabs=INTEGRAL_TOLERANCE,
        epsrel=INTEGRAL_TOLERANCE,
        limit=SUBDIVISIONS,
    )[0]
    density = -(((effect - mean) / total) ** 2) / 2 - log(SQRT_2_PI * total)
    return density + log(weight(_upper(effect / se))) - log(share)


def _upper(z: float) -> float:
    return erfc(z / SQRT_2) / 2


def _weight(kind: Selection, delta: Floats) -> Weight:
    first = float(delta[0])
    if kind is Selection.BETA:
        second = float(delta[1])

        def beta(p: float) -> float:
            held = min(max(p, NEAREST_P), 1 - NEAREST_P)
            return float(held ** (first - 1) * (1 - held) ** (second - 1))

        return beta
    if kind is Selection.HALF_NORMAL:
        return lambda p: exp(-first * p * p)
    return lambda p: exp(-first * p)


def richardson_hessian(function: Callable[[Floats], float], at: Floats) -> Floats:
    """Second derivatives from central differences at six step sizes, each half the last, extrapolated to
    none.

    at: shape (p,); returns shape (p, p). Steps begin at a tenth of each parameter.
    """
    steps = np.abs(RELATIVE_STEP * at) + SMALLEST_STEP * (np.abs(at) < NEAR_ZERO)
    halvings = [steps / 2**i for i in range(ROUNDS)]
    size, value = len(at), function(at)
    hessian = np.zeros((size, size))
    for i in range(size):
        hessian[i, i] = _extrapolated(
            [_outer(function, at, _along(h, i), value) / h[i] ** 2 for h in halvings]
        )
    for i in range(size):
        for j in range(i):
            own = (hessian[i, i], hessian[j, j])
            hessian[i, j] = hessian[j, i] = _extrapolated(
                [
                    (
                        _outer(function, at, _along(h, i) + _along(h, j), value)
                        - own[0] * h[i] ** 2
                        - own[1] * h[j] ** 2
                    )
                    / (2 * h[i] * h[j])
                    for h in halvings
                ]
            )
    return hessian


def _along(steps: Floats, i: int) -> Floats:
    return np.asarray(np.where(np.arange(len(steps)) == i, steps, 0.0))


def _outer(function: Callable[[Floats], float], at: Floats, step: Floats, value: float) -> float:
    return function(at + step) - 2 * value + function(at - step)


def _extrapolated(estimates: list[float]) -> float:
    for order in range(1, len(estimates)):
        estimates = [
            (later * 4**order - earlier) / (4**order - 1)
            for earlier, later in zip(estimates, estimates[1:], strict=False)
        ]
    return estimates[0]
