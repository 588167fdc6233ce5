"""Maximising a smooth log-likelihood of few parameters by damped Newton steps on numerical derivatives."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.pooling.arrays import Floats
from analysis.pooling.errors import DidNotConverge

MOST_STEPS = 100
MOST_HALVINGS = 30
SPACING = 1e-3
SMALL_STEP = 1e-7
LEAST_GAIN = 1e-12
MOST_IDLE = 3

LogLikelihood = Callable[[Floats], float]


@dataclass(frozen=True)
class Maximum:
    """Where a log-likelihood peaks: parameters, shape (p,), its value there and its Hessian, shape (p, p)."""

    at: Floats
    value: float
    hessian: Floats

    @property
    def covariance(self) -> Floats:
        """Inverse of the observed information."""
        return np.asarray(np.linalg.inv(-self.hessian), dtype=np.float64)


def maximise(loglik: LogLikelihood, start: Floats, longest: Floats) -> Maximum:
    """The nearest maximum from `start`, no step being longer than `longest` in any parameter.

    Derivatives are central differences, so `loglik` must be smooth to about 1e-10. Raises DidNotConverge.
    """
    x, value, idle = start.astype(np.float64), loglik(start), 0
    for _ in range(MOST_STEPS):
        gradient, hessian = derivatives(loglik, x, value)
        if not np.isfinite(hessian).all():
            break
        step = _ascent(gradient, hessian)
        step = step * min(1.0, float((longest / np.maximum(np.abs(step), 1e-300)).min()))
        if np.abs(step).max() < SMALL_STEP:
            return Maximum(x, value, hessian)
        x, improved = _along(loglik, x, value, step)
        # A likelihood that has stopped rising may be flat in a direction along which steps never end.
        idle = idle + 1 if improved - value < LEAST_GAIN else 0
        if idle and (np.abs(step).max() < 1e-4 or idle == MOST_IDLE):
            return Maximum(x, improved, derivatives(loglik, x, improved)[1])
        value = improved
    raise DidNotConverge("The likelihood was not maximised; choose another model, or inverse variance.")


def _along(loglik: LogLikelihood, x: Floats, value: float, step: Floats) -> tuple[Floats, float]:
    """The first point on the way from x, halving the step, at which the likelihood is no less."""
    for _ in range(MOST_HALVINGS):
        reached = loglik(x + step)
        if reached >= value - 1e-13 * abs(value):
            return x + step, reached
        step = step / 2
    return x, value


def _ascent(gradient: Floats, hessian: Floats) -> Floats:
    """Newton's step, turned uphill in directions in which the likelihood is not concave."""
    curvatures, directions = np.linalg.eigh(hessian)
    steepness = np.maximum(np.abs(curvatures), 1e-8)
    return np.asarray(directions @ ((directions.T @ gradient) / steepness))


def derivatives(loglik: LogLikelihood, x: Floats, value: float) -> tuple[Floats, Floats]:
    """Gradient and Hessian at x, where the log-likelihood has this value, by central differences."""
    p = len(x)
    with np.errstate(invalid="ignore"):
        return _differences(loglik, x, value, p)


def _differences(loglik: LogLikelihood, x: Floats, value: float, p: int) -> tuple[Floats, Floats]:
    shifts = SPACING * np.eye(p)
    up, down = (np.array([loglik(x + sign * shift) for shift in shifts]) for sign in (1.0, -1.0))
    hessian = np.diag((up - 2 * value + down) / SPACING**2)
    for i in range(p):
        for j in range(i):
            both = loglik(x + shifts[i] + shifts[j]) + loglik(x - shifts[i] - shifts[j])
            mixed = (both - up[i] - down[i] - up[j] - down[j] + 2 * value) / (2 * SPACING**2)
            hessian[i, j] = hessian[j, i] = mixed
    return (up - down) / (2 * SPACING), hessian
