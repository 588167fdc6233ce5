"""The scales a result may have been pooled on, and arithmetic on rounded numbers there."""

from collections.abc import Callable
from dataclasses import dataclass
from math import asin, inf, isfinite, log, sqrt

from analysis.audit.printed import Limits, Number, Printed, Scale

Transform = Callable[[float], float]


@dataclass(frozen=True)
class PoolingScale:
    name: str
    transform: Transform

    def of(self, number: Number) -> tuple[float, float]:
        """The range of the number on this scale, given its rounding."""
        return self._at(number.low), self._at(number.high)

    def _at(self, value: float) -> float:
        try:
            return self.transform(value)
        except ValueError:
            # Beyond the edge of a bounded scale; which side is told by the sign of the value.
            return inf if value > 0.5 else -inf


def _logit(p: float) -> float:
    return log(p / (1 - p)) if 0 < p < 1 else inf if p >= 1 else -inf


def _percent(transform: Transform, unit: float) -> Transform:
    return lambda value: transform(value / unit)


def _arcsine(p: float) -> float:
    return asin(sqrt(min(max(p, 0.0), 1.0)))


def _log(x: float) -> float:
    return log(x) if x > 0 else -inf


def _fisher(r: float) -> float:
    return 0.5 * log((1 + r) / (1 - r)) if -1 < r < 1 else inf if r >= 1 else -inf


RAW = PoolingScale("raw", lambda value: value)
LOG = PoolingScale("log", _log)


def candidates(result: Printed) -> tuple[PoolingScale, ...]:
    """The scales on which such a result is pooled."""
    unit = 100.0 if result.scale is Scale.PERCENT else 1.0
    if result.scale in (Scale.PERCENT, Scale.PROPORTION):
        return (
            RAW,
            PoolingScale("logit", _percent(_logit, unit)),
            PoolingScale("arcsine", _percent(_arcsine, unit)),
            LOG,
        )
    if result.scale is Scale.RATIO:
        return (LOG, RAW)
    if result.scale is Scale.CORRELATION:
        return (RAW, PoolingScale("Fisher's z", _fisher))
    return (RAW,) if result.scale is Scale.DIFFERENCE else (RAW, LOG)


def fitting(result: Printed) -> tuple[PoolingScale, ...]:
    """The candidate scales on which the confidence interval is symmetric about the estimate, within
    rounding.
    """
    ci = result.ci
    if ci is None:
        return ()
    return tuple(scale for scale in candidates(result) if is_centred(scale, result.estimate, ci))


def is_centred(scale: PoolingScale, estimate: Number, limits: Limits) -> bool:
    """Whether the middle of the limits can be the estimate, given that all three were rounded."""
    lows, highs, middle = scale.of(limits.low), scale.of(limits.high), scale.of(estimate)
    if not all(isfinite(value) for value in (*lows, *highs)):
        return not isfinite(lows[0]) and not isfinite(highs[1])
    slack = 1e-12 * max(1.0, abs(middle[0]))
    return (lows[0] + highs[0]) / 2 <= middle[1] + slack and middle[0] - slack <= (lows[1] + highs[1]) / 2


def half_width(scale: PoolingScale, limits: Limits) -> tuple[float, float]:
    """The smallest and the largest half-width that rounding allows."""
    lows, highs = scale.of(limits.low), scale.of(limits.high)
    return max(0.0, (highs[0] - lows[1]) / 2), (highs[1] - lows[0]) / 2


def furthest(scale: PoolingScale, estimate: Number, limits: Limits) -> float:
    """The least distance, given rounding, of the further limit from the estimate."""
    lows, highs, middle = scale.of(limits.low), scale.of(limits.high), scale.of(estimate)
    return max(middle[0] - lows[1], highs[0] - middle[1])
