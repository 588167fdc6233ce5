"""Trim and fill: how many studies would make the funnel symmetric, and the estimate with them."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats, checked_studies
from analysis.pooling.errors import DidNotConverge, TooFewStudies
from analysis.pooling.options import IntervalMethod, Model, Tau2Estimator
from analysis.pooling.pool import PooledResult, pool
from analysis.pooling.small_study import mixed_regression_test

MOST_ROUNDS = 100


class MissingEstimator(StrEnum):
    """Duval and Tweedie's estimators of the number of missing studies; L0 is the usual choice."""

    L0 = "L0"
    R0 = "R0"
    Q0 = "Q0"


class Side(StrEnum):
    """The side of the funnel on which studies are missing."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class TrimFillResult:
    """Missing studies and the result with them filled in.

    missing: their number, with its standard error; p_value of "none is missing" exists for R0 only.
    filled_effects, filled_variances: shape (missing,), mirror images of the studies trimmed. pooled: with
    them.
    """

    missing: int
    missing_se: float | None
    p_value: float | None
    side: Side
    filled_effects: Floats
    filled_variances: Floats
    pooled: PooledResult


def trim_and_fill(
    effects: ArrayLike,
    variances: ArrayLike,
    *,
    side: Side | None = None,
    estimator: MissingEstimator = MissingEstimator.L0,
    model: Model = Model.RANDOM,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
    reml_threshold: float | None = None,
) -> TrimFillResult:
    """Trim the studies without a counterpart, estimate the centre, and fill in their mirror images.

    effects, variances: shape (k,), k >= 2; options as for `pool`. side: where studies are missing; None takes
    the side to which small studies do not lean, by the sign of the regression on the standard error.
    Raises TooFewStudies and DidNotConverge. Source: Duval & Tweedie 2000, Biometrics 56:455 and J Am Stat
    Assoc 95:89.
    """
    y, v = checked_studies(effects, variances)
    if len(y) < 2:
        raise TooFewStudies("Trim and fill needs at least two studies, and better ten.")
    side = side or _emptier_side(y, v, model, tau2_estimator)
    direction = -1.0 if side is Side.RIGHT else 1.0
    order = np.argsort(direction * y, kind="stable")
    sorted_effects, sorted_variances = direction * y[order], v[order]
    estimate, centre = _iterate(sorted_effects, sorted_variances, estimator, model, tau2_estimator)
    k, missing = len(y), _whole(estimate, len(y))
    filled = direction * (2 * centre - sorted_effects[k - missing :])
    filled_variances = sorted_variances[k - missing :]
    pooled = pool(
        np.concatenate([y, filled]),
        np.concatenate([v, filled_variances]),
        model=model,
        tau2_estimator=tau2_estimator,
        interval=interval,
        level=level,
        reml_threshold=reml_threshold,
    )
    return TrimFillResult(
        missing=missing,
        missing_se=_missing_se(k, estimate, estimator),
        p_value=0.5 ** (missing + 1) if estimator is MissingEstimator.R0 else None,
        side=side,
        filled_effects=filled,
        filled_variances=filled_variances,
        pooled=pooled,
    )


def _emptier_side(y: Floats, v: Floats, model: Model, tau2_estimator: Tau2Estimator) -> Side:
    if len(y) == 2:
        if model is not Model.COMMON:
            raise TooFewStudies("Two studies do not tell the side and tau2 at once: name the side.")
        slope = float((y[1] - y[0]) * (v[1] - v[0]))
    else:
        slope = mixed_regression_test(y, v, np.sqrt(v), model=model, tau2_estimator=tau2_estimator).slope
    return Side.RIGHT if slope < 0 else Side.LEFT


def _iterate(
    effects: Floats,
    variances: Floats,
    estimator: MissingEstimator,
    model: Model,
    tau2_estimator: Tau2Estimator,
) -> tuple[float, float]:
    """Number of missing studies, before rounding, and the centre of the trimmed funnel; effects ascend."""
    k, missing = len(effects), 0
    for _ in range(MOST_ROUNDS):
        kept = k - missing
        centre = pool(effects[:kept], variances[:kept], model=model, tau2_estimator=tau2_estimator).estimate
        estimate = _estimate_missing(effects - centre, estimator)
        if _whole(estimate, k) == missing:
            return estimate, centre
        missing = _whole(estimate, k)
    raise DidNotConverge("Trim and fill went round in circles; choose another estimator of what is missing.")


def _whole(estimate: float, studies: int) -> int:
    """The estimate as a number of studies, leaving at least one to take the centre from."""
    return min(max(0, round(estimate)), studies - 1)


def _estimate_missing(residuals: Floats, estimator: MissingEstimator) -> float:
    k = len(residuals)
    ranks = np.empty(k)
    ranks[np.argsort(np.abs(residuals), kind="stable")] = np.arange(1, k + 1)
    signed = np.sign(residuals) * ranks
    rank_sum = float(signed[signed > 0].sum())
    if estimator is MissingEstimator.R0:
        # The run of largest ranks that are all on the right, less one.
        return k - float(np.max(-signed, initial=0.0)) - 1
    if estimator is MissingEstimator.L0:
        return (4 * rank_sum - k * (k + 1)) / (2 * k - 1)
    return k - 0.5 - float(np.sqrt(max(0.0, 2 * k**2 - 4 * rank_sum + 0.25)))


def _missing_se(k: int, missing: float, estimator: MissingEstimator) -> float | None:
    """Standard error, from the estimate before rounding; Q0 at its largest has none."""
    if estimator is MissingEstimator.R0:
        return float(np.sqrt(2 * max(0.0, missing) + 2))
    variance = (
        k * (k + 1) * (2 * k + 1)
        + 10 * missing**3
        + 27 * missing**2
        + 17 * missing
        - 18 * k * missing**2
        - 18 * k * missing
        + 6 * k**2 * missing
    ) / 24
    variance = max(0.0, variance)
    if estimator is MissingEstimator.L0:
        return float(4 * np.sqrt(variance) / (2 * k - 1))
    width = (k - 0.5) ** 2 - missing * (2 * k - missing - 1)
    return float(2 * np.sqrt(variance / width)) if width > 0 else None
