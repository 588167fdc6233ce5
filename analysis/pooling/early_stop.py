"""REML by Fisher scoring with a stopping rule, to reproduce what other programs print.

Programs that stop the iteration once tau2 changes by less than a fixed amount (metafor's default is 1e-5) do
not reach
the maximum when tau2 is itself small, as it is for raw proportions: a printed I2 can be 0.04 percentage
points away. Our own answer is the maximum (see tau2.py); this module serves comparisons with printed results.
"""

import numpy as np

from analysis.pooling.arrays import Floats
from analysis.pooling.errors import DidNotConverge
from analysis.pooling.options import Tau2Estimator
from analysis.pooling.tau2 import estimate_tau2

MOST_STEPS = 100


def tau2_stopped_early(effects: Floats, variances: Floats, threshold: float) -> Floats:
    """REML tau2 of each row as Fisher scoring leaves it when no step exceeds `threshold` any more.

    effects, variances: shape (m, k); returns shape (m,). The start is Hedges' estimator, and a step that
    would make tau2 negative is halved until it does not. Raises DidNotConverge after 100 steps.
    Source: Viechtbauer 2005, J Educ Behav Stat 30:261 (the scoring step).
    """
    start = estimate_tau2(effects, variances, Tau2Estimator.HE)
    rows = [
        _scored(y, v, float(tau2), threshold) for y, v, tau2 in zip(effects, variances, start, strict=True)
    ]
    return np.array(rows)


def _scored(effects: Floats, variances: Floats, tau2: float, threshold: float) -> float:
    for _ in range(MOST_STEPS):
        step = _step(effects, variances, tau2)
        while tau2 + step < 0:
            step /= 2
        tau2 += step
        if abs(step) <= threshold:
            return tau2
    raise DidNotConverge("Fisher scoring did not settle; leave out the threshold to get the REML maximum.")


def _step(effects: Floats, variances: Floats, tau2: float) -> float:
    weights = 1 / (variances + tau2)
    total, squares, cubes = weights.sum(), (weights**2).sum(), (weights**3).sum()
    residuals = weights * (effects - weights @ effects / total)
    score = residuals @ residuals - (total - squares / total)
    information = squares - 2 * cubes / total + (squares / total) ** 2
    return float(score / information) if information > 0 else 0.0
