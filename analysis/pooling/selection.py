"""Selection models: how likely a study is to be reported given its p value, estimated with the effect.

Weights apply to the one-sided p value in the direction of positive effects. Sources: Hedges 1992, Stat Sci
7:246, and Vevea & Hedges 1995, Psychometrika 60:419 (step function); Citkowicz & Vevea 2017, Psychol Methods
22:28 (beta); Preston, Ashby & Smyth 2004, Biometrics 60:1000 (half-normal, negative exponential).
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr, ndtri

from analysis.pooling.arrays import Floats, checked_studies
from analysis.pooling.batch import check_level
from analysis.pooling.errors import DidNotConverge, ImpossibleInput, TooFewStudies
from analysis.pooling.fitting import Maximum, derivatives, maximise
from analysis.pooling.intervals import two_sided_p
from analysis.pooling.likelihood import describe_fit
from analysis.pooling.options import Tau2Estimator
from analysis.pooling.pool import pool

NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)
# The beta weight has no bound at p = 0 or 1; nearer than this it is taken to stay as it is, as other software
# does.
NEAREST_P = 1e-5
LARGEST_Z = -float(ndtri(NEAREST_P))
CUTS = (-8.0, -LARGEST_Z, -2.0, 0.0, 2.0, LARGEST_Z, 8.0)
# Data tell little of weights beyond these, towards which the likelihood may rise for ever.
SMALLEST_DELTA, LARGEST_DELTA = 1e-5, 100.0
# A parameter in which the likelihood is as flat as this has no standard error and does not share in the
# others'.
FLAT = 1e-8
# The density of an effect is integrated over this many of its standard deviations.
WIDEST = 10.0
NEGLIGIBLE_GAIN = 1e-8
LONGEST_STEP = 1.0


class Selection(StrEnum):
    """The weight of a study by its p value: steps at given p, p^(d1 - 1) (1 - p)^(d2 - 1), exp(-d p^2),
    exp(-d p).
    """

    STEPS = "stepfun"
    BETA = "beta"
    HALF_NORMAL = "halfnorm"
    NEGATIVE_EXPONENTIAL = "negexp"


@dataclass(frozen=True)
class SelectionResult:
    """The effect adjusted for selection.

    delta, delta_se: parameters of the weight function with standard errors (for STEPS the relative weight of
    each interval, the first being 1 with no error; NaN there). likelihood_ratio, likelihood_ratio_p: test of
    no selection, on as many degrees of freedom as there are free parameters.
    """

    estimate: float
    se: float
    p_value: float
    low: float
    high: float
    tau2: float
    delta: Floats
    delta_se: Floats
    likelihood_ratio: float
    likelihood_ratio_p: float
    log_likelihood: float
    kind: Selection
    steps: tuple[float, ...]


def selection_model(
    effects: ArrayLike,
    variances: ArrayLike,
    kind: Selection,
    *,
    steps: Sequence[float] = (),
    level: float = 0.95,
) -> SelectionResult:
    """Maximum likelihood of mean, tau2 and selection together.

    effects, variances: shape (k,); steps: for STEPS, the p values at which the weight changes, between 0 and
    1.
    Raises TooFewStudies, ImpossibleInput, and DidNotConverge, which is common: such models ask much of the
    data.
    """
    y, v = checked_studies(effects, variances)
    check_level(level)
    cuts = _checked_steps(kind, steps)
    model = _Model(y, v, kind, cuts)
    if len(y) < model.free + 2:
        raise TooFewStudies("A selection model needs at least as many studies as parameters.")
    _refuse_empty_intervals(model)
    start = pool(y, v, tau2_estimator=Tau2Estimator.ML)
    without = describe_fit(y, v, start.tau2, Tau2Estimator.ML).log_likelihood
    first = np.array([start.estimate, np.sqrt(max(start.tau2, 0.1 * float(v.mean()))), *np.zeros(model.free)])
    return _result(model, _highest_peak(model, first), without, level)


def _highest_peak(model: "_Model", first: Floats) -> Maximum:
    """The maximum from no selection; for beta weights, which often have several, the highest of three."""
    longest = np.array([1.0, 0.2, *np.full(model.free, LONGEST_STEP)])
    peak = maximise(model.loglik, first, longest)
    for others in FURTHER_STARTS.get(model.kind, ()):
        with suppress(DidNotConverge, np.linalg.LinAlgError):
            other = maximise(model.loglik, np.array([*first[:2], *others]), longest)
            peak = other if other.value > peak.value + NEGLIGIBLE_GAIN else peak
    return peak


def _refuse_empty_intervals(model: "_Model") -> None:
    """An interval after the first without any study says nothing of its weight, which would run to its
    bound; an empty first one, against which the others are measured, at least leaves their ratios.
    """
    if model.kind is not Selection.STEPS:
        return
    filled = set(np.searchsorted(model.cuts, model.p_values).tolist())
    if not filled.issuperset(range(1, len(model.cuts) + 1)):
        raise ImpossibleInput(
            "no study's p value lies between two of the steps: that weight is unknown; give fewer steps"
        )


def _checked_steps(kind: Selection, steps: Sequence[float]) -> tuple[float, ...]:
    if kind is not Selection.STEPS:
        return ()
    cuts = tuple(sorted(set(steps) - {1.0}))
    if not cuts or not all(0 < cut < 1 for cut in cuts):
        raise ImpossibleInput("give at least one step between 0 and 1, such as 0.025")
    return cuts


# Logarithms of the parameters at which the search starts again: results of p near 0, or near 1, kept.
FURTHER_STARTS = {Selection.BETA: ((-2.0, 0.7), (0.7, -2.0))}
ZERO_IS_NO_SELECTION = (Selection.HALF_NORMAL, Selection.NEGATIVE_EXPONENTIAL)


class _Model:
    """The log-likelihood in mean, tau and the logarithms of the free selection parameters."""

    def __init__(self, effects: Floats, variances: Floats, kind: Selection, cuts: tuple[float, ...]) -> None:
        self.effects, self.variances, self.kind, self.cuts = effects, variances, kind, cuts
        self.se: Floats = np.sqrt(variances)
        self.p_values: Floats = ndtr(-effects / self.se)
        self.free = {Selection.STEPS: len(cuts), Selection.BETA: 2}.get(kind, 1)

    def loglik(self, parameters: Floats) -> float:
        """With the logarithms of the selection parameters, which are not let past their bound."""
        return self.loglik_of(np.array([*parameters[:2], *_bounded(parameters[2:])]))

    def loglik_of(self, parameters: Floats) -> float:
        mean, tau, delta = parameters[0], parameters[1], parameters[2:]
        total = np.sqrt(self.variances + tau**2)
        density = -(np.log(2 * np.pi) + ((self.effects - mean) / total) ** 2) / 2 - np.log(total)
        weights = self._log_weight(self.p_values, ndtr(self.effects / self.se), delta)
        reported = self._reported(mean, total, delta)
        return float((density + weights - np.log(reported)).sum()) if (reported > 0).all() else -np.inf

    def _log_weight(self, p: Floats, one_less: Floats, delta: Floats) -> Floats:
        if self.kind is Selection.STEPS:
            return np.asarray(np.log(np.append(1.0, delta))[np.searchsorted(self.cuts, p)])
        if self.kind is Selection.BETA:
            p, one_less = (np.clip(chance, NEAREST_P, 1 - NEAREST_P) for chance in (p, one_less))
            return np.asarray((delta[0] - 1) * np.log(p) + (delta[1] - 1) * np.log(one_less))
        return np.asarray(-delta[0] * (p**2 if self.kind is Selection.HALF_NORMAL else p))

    def _reported(self, mean: float, total: Floats, delta: Floats) -> Floats:
        """The mean weight of a study of each one's precision, shape (k,)."""
        if self.kind is Selection.STEPS:
            cuts = self.se[:, None] * -ndtri(np.array(self.cuts))
            above = ndtr((mean - cuts) / total[:, None])
            shares = np.diff(np.column_stack([np.zeros(len(total)), above, np.ones(len(total))]), axis=1)
            return np.asarray(shares @ np.append(1.0, delta))
        z, normal = _drawn(mean / self.se, total / self.se)
        weights = self._log_weight(ndtr(-z), ndtr(z), delta)
        return np.asarray((np.exp(weights) * normal).sum(-1))


def _bounded(logs: Floats) -> Floats:
    """Selection parameters from their logarithms, within their bounds."""
    return np.asarray(np.exp(np.clip(logs, np.log(SMALLEST_DELTA), np.log(LARGEST_DELTA))))


def _drawn(mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
    """Values of each study's z statistic and their probabilities, shape (k, points), for integrals over
    weights.

    Weights change about z = 0 while z itself may spread far, so the range is cut at fixed z and each piece
    has its own Gauss-Legendre points.
    """
    low, high = (mean + sign * WIDEST * sd for sign in (-1, 1))
    edges = np.clip(np.array(CUTS), low[:, None], high[:, None])
    edges = np.column_stack([low, edges, high])
    half, middle = np.diff(edges, axis=1) / 2, (edges[:, 1:] + edges[:, :-1]) / 2
    z = (middle[:, :, None] + half[:, :, None] * NODES).reshape(len(mean), -1)
    share = (half[:, :, None] * WEIGHTS).reshape(len(mean), -1)
    scaled = (z - mean[:, None]) / sd[:, None]
    return z, share * np.exp(-(scaled**2) / 2) / (np.sqrt(2 * np.pi) * sd[:, None])


def _result(model: _Model, peak: Maximum, without: float, level: float) -> SelectionResult:
    delta = _bounded(peak.at[2:])
    # Where no selection is a parameter of 0, it has an error there too; elsewhere errors are relative to the
    # estimate.
    unit = np.maximum(delta, 1.0) if model.kind in ZERO_IS_NO_SELECTION else delta
    hessian = _hessian(model, peak, delta, unit)
    free = [i for i in _parameters_with_spread(model, peak) if hessian[i, i] < -FLAT]
    covariance = np.full((len(peak.at), len(peak.at)), np.nan)
    covariance[np.ix_(free, free)] = np.linalg.inv(-hessian[np.ix_(free, free)])
    if not (np.diag(covariance)[free] > 0).all():
        raise DidNotConverge("The data do not determine this selection model; choose a simpler one.")
    se = float(np.sqrt(covariance[0, 0]))
    estimate, reach = float(peak.at[0]), float(ndtri((1 + level) / 2)) * se
    delta_se = unit * np.sqrt(np.diag(covariance)[2:])
    if model.kind is Selection.STEPS:
        delta, delta_se = np.append(1.0, delta), np.append(np.nan, delta_se)
    ratio = max(0.0, 2 * (peak.value - without))
    return SelectionResult(
        estimate=estimate,
        se=se,
        p_value=float(two_sided_p(np.array(estimate / se), np.array(np.inf))),
        low=estimate - reach,
        high=estimate + reach,
        tau2=float(peak.at[1] ** 2) if 1 in free else 0.0,
        delta=delta,
        delta_se=delta_se,
        likelihood_ratio=ratio,
        likelihood_ratio_p=float(chdtrc(model.free, ratio)),
        log_likelihood=peak.value,
        kind=model.kind,
        steps=model.cuts,
    )


def _hessian(model: _Model, peak: Maximum, delta: Floats, unit: Floats) -> Floats:
    """Second derivatives in mean, tau and each selection parameter in its unit.

    On its own scale and not its logarithm's: the two differ where the parameter is held by its bound.
    """

    def loglik(parameters: Floats) -> float:
        return model.loglik_of(np.array([*parameters[:2], *(unit * parameters[2:])]))

    at = np.array([*peak.at[:2], *(delta / unit)])
    return derivatives(loglik, at, loglik(at))[1]


def _parameters_with_spread(model: _Model, peak: Maximum) -> list[int]:
    """Positions of the parameters that are not on their boundary: tau is left out where 0 does as well."""
    at_zero = peak.at.copy()
    at_zero[1] = 0.0
    has_tau = peak.value - model.loglik(at_zero) > NEGLIGIBLE_GAIN
    return [i for i in range(len(peak.at)) if i != 1 or has_tau]
