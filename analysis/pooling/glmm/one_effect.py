"""Models in which a study's counts depend on one random effect: proportions, rates and conditional two-group
models.
"""

from typing import Protocol

import numpy as np

from analysis.pooling.arrays import Floats
from analysis.pooling.fitting import maximise
from analysis.pooling.glmm.quadrature import Conditional, marginal
from analysis.pooling.glmm.results import Fitted, weighted_spread

# Below this log-likelihood gain over no random effect at all, tau2 is 0.
LEAST_GAIN = 1e-9
LONGEST = np.array([2.0, 0.5])


class Family(Conditional, Protocol):
    """A conditional likelihood that also knows each study's own best fit."""

    def best(self) -> Floats: ...

    def own(self) -> tuple[Floats, Floats]: ...


def fit_one_effect(
    family: Family, estimate: float, tau: float, points: int, *, common_effect: bool = False
) -> Fitted:
    """Maximum likelihood of mean and standard deviation of the predictor, from a first guess of both.

    family: of k >= 2 studies. common_effect: hold tau at 0. Raises DidNotConverge.
    """
    saturated = family.best()
    modes = np.zeros(len(saturated))

    def loglik(parameters: Floats) -> float:
        nonlocal modes
        mean = np.full(len(modes), parameters[0])
        found = marginal(family, mean, abs(float(parameters[1])), points, modes)
        modes = found.modes
        return float(found.loglik.sum())

    def loglik_without(parameters: Floats) -> float:
        return float(family.at(np.full((len(modes), 1), parameters[0])).value.sum())

    common = maximise(loglik_without, np.array([estimate]), LONGEST[:1])
    fitted = common if common_effect else maximise(loglik, np.array([estimate, tau]), LONGEST)
    has_spread = fitted.value - common.value > LEAST_GAIN
    chosen = fitted if has_spread else common
    own, information = family.own()
    return Fitted(
        estimate=float(chosen.at[0]),
        se=float(np.sqrt(chosen.covariance[0, 0])),
        tau2=float(fitted.at[1] ** 2) if has_spread else 0.0,
        log_likelihood=chosen.value,
        conditional=conditional_loglik(family, chosen.at, points, modes),
        common=common.value,
        saturated=float(saturated.sum()),
        wald=weighted_spread(own, information),
        points=points,
    )


def conditional_loglik(family: Conditional, parameters: Floats, points: int, modes: Floats) -> float:
    """Log-likelihood of the counts at each study's most likely effect; parameters: mean and tau, if there is
    one.
    """
    mean, tau = np.full(len(modes), parameters[0]), abs(float(parameters[1])) if len(parameters) > 1 else 0.0
    likeliest = mean + tau * marginal(family, mean, tau, points, modes).modes
    return float(family.at(likeliest[:, None]).value.sum())
