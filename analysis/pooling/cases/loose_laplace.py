"""What R's lme4, and with it metafor, prints of a two-group model with random study levels.

lme4 evaluates Laplace's approximation with weights that lag one step behind the random effects, because its
inner iteration stops once the penalised deviance changes by less than 1e-7. The likelihood hardly feels it,
its
second derivatives do: the printed standard error is up to 1.5% away from that of the approximation itself,
which is what `pool_odds_ratios` gives. This module serves comparisons with printed results.
Source of the algorithm: Bates, Maechler, Bolker & Walker 2015, J Stat Softw 67:1.
"""

from dataclasses import dataclass

import numpy as np

from analysis.pooling.arrays import Floats
from analysis.pooling.glmm.paired import Pair
from analysis.pooling.glmm.random_levels import OwnDifferences

MOST_STEPS = 100
INNER_STOP = 1e-7
SPACING = 1e-4
CODES = np.array([0.5, -0.5])


@dataclass(frozen=True)
class _Model:
    """Both groups' counts with fixed effects, design of shape (k, 2, p), and random effects of each study.

    codes: shape (2, r), the random effects' columns before their standard deviations.
    """

    pair: Pair
    design: Floats
    codes: Floats

    def working(self, predictors: Floats) -> tuple[float, Floats, Floats]:
        """Deviance, score and weights of all counts, given predictors of shape (k, 2)."""
        one = self.pair.group1.at(predictors[:, :1])
        two = self.pair.group2.at(predictors[:, 1:])
        deviance = -2 * float((one.value[:, 0] + two.value[:, 0] - self.pair.best()).sum())
        return deviance, np.hstack([one.first, two.first]), -np.hstack([one.second, two.second])

    def covariance(self, at: Floats) -> Floats:
        """Of fixed effects and standard deviations together, by central differences at these parameters."""
        p = self.design.shape[2]
        start = _joint_start(self, at[p:])
        shifts = SPACING * np.eye(len(at))
        hessian = np.zeros((len(at), len(at)))
        for i in range(len(at)):
            for j in range(i + 1):
                corners = [
                    sign * _lagging_deviance(self, at + a * shifts[i] + b * shifts[j], start)
                    for a, b, sign in ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
                ]
                hessian[i, j] = hessian[j, i] = sum(corners) / (4 * SPACING**2)
        return np.asarray(2 * np.linalg.inv(hessian))


def loose_standard_error(pair: Pair, at: Floats) -> float:
    """The printed standard error of the difference.

    at: mean level, difference, and the standard deviations of both, at the maximum.
    """
    studies = len(pair.best())
    design = np.broadcast_to(np.column_stack([np.ones(2), CODES]), (studies, 2, 2))
    model = _Model(pair, design, np.column_stack([np.ones(2), CODES]))
    return float(np.sqrt(model.covariance(at)[1, 1]))


def loose_wald(pair: Pair, own: OwnDifferences) -> float:
    """The printed Wald statistic that all studies have the same difference."""
    studies = len(own.differences)
    design = np.zeros((studies, 2, studies + 1))
    design[:, :, 0] = 1.0
    design[np.arange(studies), 0, np.arange(studies) + 1] = 1.0
    model = _Model(pair, design, np.ones((2, 1)))
    at = np.array([own.level_mean, *own.differences, own.level_sd])
    precision = np.linalg.inv(model.covariance(at)[1:-1, 1:-1])
    mean = precision.sum(0) @ own.differences / precision.sum()
    return float((own.differences - mean) @ precision @ (own.differences - mean))


def _factor(design: Floats, weights: Floats) -> Floats:
    return np.asarray(np.einsum("ig,gr,gs->irs", weights, design, design) + np.eye(design.shape[1]))


def _joint_start(model: _Model, sds: Floats) -> Floats:
    """Predictors at which fixed and random effects together are likeliest."""
    random = model.codes * sds
    first, _ = model.pair.group1.own()
    second, _ = model.pair.group2.own()
    predictors = np.column_stack([first, second])
    for _ in range(MOST_STEPS):
        _, score, weights = model.working(predictors)
        response = predictors * weights + score
        inverse = np.linalg.inv(_factor(random, weights))
        mixed = np.einsum("ig,gr,igp->irp", weights, random, model.design)
        information = np.einsum("ig,igp,igq->pq", weights, model.design, model.design) - np.einsum(
            "irp,irs,isq->pq", mixed, inverse, mixed
        )
        of_random = response @ random
        right = np.einsum("ig,igp->p", response, model.design) - np.einsum(
            "irp,irs,is->p", mixed, inverse, of_random
        )
        beta = np.linalg.solve(information, right)
        modes = np.einsum("irs,is->ir", inverse, of_random - mixed @ beta)
        moved = model.design @ beta + modes @ random.T
        settled = np.abs(moved - predictors).max() < 1e-10
        predictors = moved
        if settled:
            break
    return predictors


def _lagging_deviance(model: _Model, parameters: Floats, start: Floats) -> float:
    """Minus twice Laplace's log-likelihood, up to a constant, as the loosely stopped iteration leaves it."""
    p = model.design.shape[2]
    random, mean = model.codes * parameters[p:], model.design @ parameters[:p]
    predictors, penalised = start, np.inf
    _, score, weights = model.working(predictors)
    for _ in range(MOST_STEPS):
        factor = _factor(random, weights)
        right = ((predictors - mean) * weights + score) @ random
        modes = np.linalg.solve(factor, right[:, :, None])[:, :, 0]
        predictors = mean + modes @ random.T
        deviance, score, weights = model.working(predictors)
        before, penalised = penalised, deviance + float((modes**2).sum())
        if abs(before - penalised) < INNER_STOP * penalised:
            break
    return penalised + float(np.linalg.slogdet(factor)[1].sum())
