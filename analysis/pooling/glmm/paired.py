"""Two groups in each study, both modelled: a study's level and its difference between the groups.

The difference is coded +1/2 for group 1 and -1/2 for group 2, so that level and difference are as unrelated
as may be. With fixed study levels the difference is random; with random study levels both are. Sources:
Jackson et al. 2018, Stat Med 37:1059, models 4 and 5; Turner et al. 2000, Stat Med 19:3417; Stijnen, Hamza &
Ozdemir 2010, Stat Med 29:3046.
"""

from dataclasses import dataclass

import numpy as np

from analysis.pooling.arrays import Floats
from analysis.pooling.errors import DidNotConverge
from analysis.pooling.fitting import maximise
from analysis.pooling.glmm.families import Binomial, Curve, Poisson
from analysis.pooling.glmm.one_effect import conditional_loglik
from analysis.pooling.glmm.quadrature import Marginal, marginal
from analysis.pooling.glmm.results import Fitted, weighted_spread

MOST_STEPS = 100
LEAST_GAIN = 1e-9

Counts = Binomial | Poisson


@dataclass(frozen=True)
class Pair:
    """The counts of both groups of k studies, given a predictor each."""

    group1: Counts
    group2: Counts

    def curves(self, level: Floats, difference: Floats) -> tuple[Curve, Curve]:
        return self.group1.at(level + difference / 2), self.group2.at(level - difference / 2)

    def best(self) -> Floats:
        return self.group1.best() + self.group2.best()

    def own_differences(self) -> tuple[Floats, Floats]:
        """Each study's own difference and the information on it, 0 where it is infinite."""
        first, information1 = self.group1.own()
        second, information2 = self.group2.own()
        together = information1 + information2
        information = information1 * information2 / np.where(together > 0, together, 1.0)
        return first - second, information

    def middle_levels(self) -> Floats:
        """A first guess of the study levels, finite everywhere."""
        first, _ = self.group1.own()
        second, _ = self.group2.own()
        return (first + second) / 2


@dataclass(frozen=True)
class _GivenLevel:
    """A pair as a likelihood of the difference, with the levels held at `level`, shape (k,)."""

    pair: Pair
    level: Floats

    def at(self, predictor: Floats) -> Curve:
        one, two = self.pair.curves(self.level[:, None], predictor)
        return Curve(one.value + two.value, (one.first - two.first) / 2, (one.second + two.second) / 4)

    def of_level(self, predictor: Floats) -> tuple[Floats, Floats]:
        """First and second derivative with respect to the level."""
        one, two = self.pair.curves(self.level[:, None], predictor)
        return one.first + two.first, one.second + two.second


@dataclass(frozen=True)
class GivenDifference:
    """A pair as a likelihood of the level of group 2, with the differences held at `difference`, shape
    (k,).
    """

    pair: Pair
    difference: Floats

    def at(self, predictor: Floats) -> Curve:
        one, two = self._curves(predictor)
        return Curve(one.value + two.value, one.first + two.first, one.second + two.second)

    def of_difference(self, predictor: Floats) -> tuple[Floats, Floats]:
        """First and second derivative with respect to the difference."""
        one, _ = self._curves(predictor)
        return one.first, one.second

    def _curves(self, predictor: Floats) -> tuple[Curve, Curve]:
        return self.pair.curves(predictor + self.difference[:, None] / 2, self.difference[:, None])


def fit_fixed_levels(
    pair: Pair, estimate: float, tau: float, points: int, *, common_effect: bool = False
) -> Fitted:
    """Maximum likelihood with a level for each study and a random difference.

    The levels are maximised out for each pair of mean difference and tau, study by study.
    common_effect: hold tau at 0. Raises DidNotConverge.
    """
    levels = pair.middle_levels()
    modes = np.zeros(len(levels))

    def loglik(parameters: Floats) -> float:
        nonlocal levels, modes
        mean, spread = np.full(len(modes), parameters[0]), abs(float(parameters[1]))
        levels, found = _best_levels(pair, levels, mean, spread, points, modes)
        modes = found.modes
        return float(found.loglik.sum())

    common = maximise(lambda x: loglik(np.array([x[0], 0.0])), np.array([estimate]), np.array([2.0]))
    start, longest = np.array([estimate, tau]), np.array([2.0, 0.5])
    fitted = common if common_effect else maximise(loglik, start, longest)
    has_spread = fitted.value - common.value > LEAST_GAIN
    chosen = fitted if has_spread else common
    tau2 = float(fitted.at[1] ** 2) if has_spread else 0.0
    loglik(np.array([chosen.at[0], np.sqrt(tau2)]))
    return Fitted(
        estimate=float(chosen.at[0]),
        se=float(np.sqrt(chosen.covariance[0, 0])),
        tau2=tau2,
        log_likelihood=chosen.value,
        conditional=conditional_loglik(_GivenLevel(pair, levels), chosen.at, points, modes),
        common=common.value,
        saturated=float(pair.best().sum()),
        wald=weighted_spread(*pair.own_differences()),
        points=points,
    )


def _best_levels(
    pair: Pair, start: Floats, mean: Floats, tau: float, points: int, modes: Floats
) -> tuple[Floats, Marginal]:
    """The level of each study that maximises its marginal likelihood, and that likelihood.

    Derivatives of the marginal likelihood are expectations over the random effect given the data (Louis 1982,
    J R Stat Soc B 44:226).
    """
    levels = start.copy()
    for _ in range(MOST_STEPS):
        family = _GivenLevel(pair, levels)
        found = marginal(family, mean, tau, points, modes)
        modes = found.modes
        slope, curvature = family.of_level(mean[:, None] + found.effects)
        first = (found.chances * slope).sum(-1)
        spread = (found.chances * slope**2).sum(-1) - first**2
        second = (found.chances * curvature).sum(-1) + spread
        step = np.clip(-first / np.minimum(second, -1e-10), -1.0, 1.0)
        if np.abs(step).max() < 1e-8:
            return levels, found
        levels = levels + step
    raise DidNotConverge("A study's level was not found; a conditional model may do (model CM.EL).")
