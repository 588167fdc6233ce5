"""Mean and standard deviation by quantile estimation: of the distribution nearest the printed quantiles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from ..told import told
from .conversions import ConversionError, MeanAndSd


@dataclass(frozen=True)
class _Family:
    """A candidate distribution: its name, its parameters from logarithms or plain numbers, where it lives."""

    name: str
    frozen: Callable[[np.ndarray], object]
    start: Callable[[float, float], tuple[float, float]]
    needs_positive: bool = True


def _gamma_start(mean: float, sd: float) -> tuple[float, float]:
    return float(np.log((mean / sd) ** 2)), float(np.log(sd**2 / mean))


def _lognormal_start(mean: float, sd: float) -> tuple[float, float]:
    spread = np.sqrt(np.log1p((sd / mean) ** 2))
    return float(np.log(mean) - spread**2 / 2), float(np.log(spread))


def _weibull_start(mean: float, sd: float) -> tuple[float, float]:
    # Justus et al. 1978: shape about (sd / mean) ** -1.086.
    return float(-1.086 * np.log(sd / mean)), float(np.log(mean))


FAMILIES = (
    _Family("normal", lambda p: stats.norm(p[0], np.exp(p[1])), lambda m, s: (m, float(np.log(s))), False),
    _Family("log-normal", lambda p: stats.lognorm(np.exp(p[1]), scale=np.exp(p[0])), _lognormal_start),
    _Family("gamma", lambda p: stats.gamma(np.exp(p[0]), scale=np.exp(p[1])), _gamma_start),
    _Family("Weibull", lambda p: stats.weibull_min(np.exp(p[0]), scale=np.exp(p[1])), _weibull_start),
)


def mean_sd_by_quantile_estimation(
    *,
    size: float,
    median: float,
    minimum: float | None = None,
    q1: float | None = None,
    q3: float | None = None,
    maximum: float | None = None,
) -> MeanAndSd:
    """Mean and standard deviation of the candidate distribution whose quantiles lie nearest those reported.

    Made for skewed values. Candidates: normal and, where all numbers are above zero, log-normal, gamma and
    Weibull. Minimum and maximum stand for the quantiles at 1/size and 1 - 1/size.
    Raises ConversionError where neither range nor quartiles are complete, or the numbers do not ascend.
    Source: McGrath et al. 2020, Stat Methods Med Res 29:2520.
    """
    known = [(1 / size, minimum), (0.25, q1), (0.5, median), (0.75, q3), (1 - 1 / size, maximum)]
    if minimum is None or maximum is None:
        known = known[1:4]
    if q1 is None or q3 is None:
        known = [pair for pair in known if pair[0] not in (0.25, 0.75)]
    levels, values = [p for p, _ in known], [v for _, v in known if v is not None]
    if len(values) < 3:
        raise ConversionError(told("a median needs minimum and maximum, or both quartiles, beside it"))
    if values != sorted(values) or values[0] == values[-1] or size < 3:
        raise ConversionError(told("the quantiles must ascend and differ, and three persons are needed"))
    best = min(_fits(levels, values), key=lambda fit: fit[0])
    return MeanAndSd(best[2], best[3], f"by quantile estimation ({best[1]} distribution)")


def _fits(levels: Sequence[float], values: Sequence[float]) -> list[tuple[float, str, float, float]]:
    """Each candidate's sum of squared distances, name, mean and standard deviation."""
    spread = (values[-1] - values[0]) / (stats.norm.ppf(levels[-1]) - stats.norm.ppf(levels[0]))
    middle = sum(values) / len(values)
    found = []
    for family in FAMILIES:
        if family.needs_positive and values[0] <= 0:
            continue
        frozen = family.frozen

        def distances(parameters: np.ndarray, frozen: Callable = frozen) -> np.ndarray:  # type: ignore[type-arg]
            return np.asarray(frozen(parameters).ppf(levels) - np.asarray(values))

        fit = optimize.least_squares(distances, family.start(middle, spread), xtol=1e-12, ftol=1e-12)
        fitted = frozen(fit.x)
        found.append((2 * float(fit.cost), family.name, float(fitted.mean()), float(fitted.std())))  # type: ignore[attr-defined]
    return found
