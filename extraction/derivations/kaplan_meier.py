"""Numbers of persons behind a printed Kaplan-Meier curve, rebuilt from points read off the figure.

Guyot, Ades, Ouwens & Welton 2012, BMC Med Res Methodol 12:9: within each interval of the table of numbers at
risk, censored persons are spread evenly, and their number is adjusted until the numbers at risk agree.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from ..told import told
from .conversions import ConversionError

ROUNDS = 200


@dataclass(frozen=True)
class Survival:
    """Survival at a time with its Greenwood standard error, and the events until then."""

    share: float
    se: float
    events: int
    at_risk: int


@dataclass(frozen=True)
class Reconstruction:
    """At each point of the curve: the persons at risk, with the event, and censored before the next point."""

    times: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    censored: tuple[int, ...]

    @property
    def size(self) -> int:
        return self.at_risk[0]

    @property
    def all_events(self) -> int:
        return sum(self.events)

    def survival_at(self, time: float) -> Survival:
        """Raises ConversionError where the curve was not read as far as the time."""
        if not self.times[0] <= time <= self.times[-1]:
            raise ConversionError(
                told(
                    "the curve was read from {start:g} to {end:g} only",
                    start=self.times[0],
                    end=self.times[-1],
                )
            )
        share, hazard_variance = 1.0, 0.0
        last = bisect_right(self.times, time)
        for n, d in zip(self.at_risk[:last], self.events[:last], strict=True):
            if n > 0 and d > 0:
                share *= 1 - d / n
                hazard_variance += d / (n * (n - d)) if n > d else 0.0
        at_risk = self.at_risk[last - 1] - self.events[last - 1]
        return Survival(share, share * sqrt(hazard_variance), sum(self.events[:last]), at_risk)


def reconstruct(
    *,
    times: Sequence[float],
    survival: Sequence[float],
    risk_times: Sequence[float],
    at_risk: Sequence[int],
    total_events: int | None = None,
) -> Reconstruction:
    """The persons behind a curve.

    times, survival: points read off the curve, as shares between 0 and 1; (0, 1) is added if absent.
    risk_times, at_risk: the table of numbers at risk below the figure; at least the number at time 0.
    total_events: the number of events where the report prints it.
    Raises ConversionError when the points do not ascend in time, survival rises by more than reading error,
    or the table of numbers at risk rises.
    """
    points = _clean_points(times, survival)
    table = _clean_table(points, risk_times, at_risk)
    points = _with_table_times(points, table)
    work = _Work([t for t, _ in points], [s for _, s in points], table)
    for interval in range(len(table) - 1):
        work.fit_interval(interval)
    work.fit_last(total_events)
    return Reconstruction(tuple(work.times), tuple(work.n[:-1]), tuple(work.events), tuple(work.censored))


def _clean_points(times: Sequence[float], survival: Sequence[float]) -> list[tuple[float, float]]:
    if len(times) != len(survival) or len(times) < 2:
        raise ConversionError(
            told("at least two points of the curve are needed, each with time and survival")
        )
    if any(not 0 <= share <= 1 for share in survival):
        raise ConversionError(told("survival lies between 0 and 1 (or 0 and 100%)"))
    if any(later < earlier for earlier, later in pairwise(times)) or times[0] < 0:
        raise ConversionError(told("the points must ascend in time, from 0 on"))
    # A hand trembles by a pixel: a curve that rises by up to 2% is read as level, more is a mistake.
    level, points = 1.0, [] if times[0] == 0 else [(0.0, 1.0)]
    for time, share in zip(times, survival, strict=True):
        if share > level + 0.02:
            raise ConversionError(
                told(
                    "survival rises to {share:g} at time {time:g}; a curve only falls", share=share, time=time
                )
            )
        level = min(level, share)
        points.append((float(time), level))
    if points[0][1] < 1:
        points[0] = (0.0, 1.0)
    return points


def _clean_table(
    points: Sequence[tuple[float, float]], risk_times: Sequence[float], at_risk: Sequence[int]
) -> list[tuple[float, int]]:
    """The rows of the table that lie on the curve."""
    if len(risk_times) != len(at_risk) or not risk_times or risk_times[0] != 0:
        raise ConversionError(told("the table of numbers at risk must begin with the number at time 0"))
    pairs = list(zip(risk_times, at_risk, strict=True))
    for (earlier, more), (later, fewer) in pairwise(pairs):
        if later <= earlier or fewer > more:
            raise ConversionError(told("numbers at risk go with ascending times and never rise"))
    if at_risk[0] < 1:
        raise ConversionError(told("somebody must be at risk at time 0"))
    return [(float(time), int(n)) for time, n in pairs if time < points[-1][0] or time == 0]


def _with_table_times(
    points: Sequence[tuple[float, float]], table: Sequence[tuple[float, int]]
) -> list[tuple[float, float]]:
    """The points with one more at each time of the table: between the points read, the curve is level."""
    times = [time for time, _ in points]
    added = [(time, points[bisect_right(times, time) - 1][1]) for time, _ in table if time not in times]
    return sorted([*points, *added], key=lambda point: (point[0], -point[1]))


class _Work:
    """The state of one reconstruction; indices are points of the curve."""

    def __init__(self, times: list[float], survival: list[float], table: list[tuple[float, int]]) -> None:
        self.times, self.survival = times, survival
        self.risk = [n for _, n in table]
        self.lower = [next(k for k, t in enumerate(times) if t >= start) for start, _ in table]
        self.upper = [*(low - 1 for low in self.lower[1:]), len(times) - 1]
        self.n = [table[0][1] + 1] * (len(times) + 1)
        self.events, self.censored = [0] * len(times), [0] * len(times)
        self.km = [1.0] * len(times)
        self.last_event = [0] * (len(table) + 1)
        self.censored_in = [0] * len(table)

    def fit_interval(self, i: int) -> None:
        """Adjust the censored of interval i until the number at risk at the start of the next agrees."""
        low, following = self.lower[i], self.lower[i + 1]
        ratio = self.survival[following] / self.survival[low] if self.survival[low] else 0.0
        number = round(self.risk[i] * ratio - self.risk[i + 1])
        for _ in range(ROUNDS):
            number = max(0, number)
            self._pass(i, number)
            wrong = self.n[following] - self.risk[i + 1]
            if wrong == 0 or (wrong < 0 and number == 0):
                break
            number += wrong
        self.censored_in[i] = number
        self.risk[i + 1] = min(self.risk[i + 1], self.n[following])

    def fit_last(self, total_events: int | None) -> None:
        """The interval after the last number at risk: censored as fast as before, or as the events demand."""
        i = len(self.risk) - 1
        number = 0
        if i > 0 and (span := self.times[self.upper[i - 1]] - self.times[0]) > 0:
            length = self.times[-1] - self.times[self.lower[i]]
            number = min(round(sum(self.censored_in[:i]) * length / span), self.risk[i])
        before = sum(self.events[: self.lower[i]])
        if total_events is not None and before >= total_events:
            self._pass(i, 0, without_events=True)
            return
        self._pass(i, number)
        if total_events is None:
            return
        for _ in range(ROUNDS):
            surplus = sum(self.events) - total_events
            if surplus == 0 or (surplus < 0 and number == 0):
                return
            number = min(max(0, number + surplus), self.risk[i])
            self._pass(i, number)

    def _pass(self, i: int, number: int, *, without_events: bool = False) -> None:
        """Events at each point of interval i when `number` persons are censored evenly over it."""
        low, up = self.lower[i], self.upper[i]
        end = self.times[up + 1] if up + 1 < len(self.times) else self.times[up]
        self._spread(low, up, end, number)
        self.n[low] = self.risk[i]
        last = self.last_event[i]
        for k in range(low, up + 1):
            self.events[k], self.km[k] = 0, self.km[last]
            if (i, k) != (0, low) and not without_events and self.km[last] > 0:
                expected = self.n[k] * (1 - self.survival[k] / self.km[last])
                self.events[k] = min(max(0, round(expected)), self.n[k])
                if self.n[k] > 0:
                    self.km[k] = self.km[last] * (1 - self.events[k] / self.n[k])
            self.censored[k] = min(self.censored[k], self.n[k] - self.events[k])
            self.n[k + 1] = self.n[k] - self.events[k] - self.censored[k]
            if self.events[k]:
                last = k
        self.last_event[i + 1] = last

    def _spread(self, low: int, up: int, end: float, number: int) -> None:
        self.censored[low : up + 1] = [0] * (up + 1 - low)
        step = (end - self.times[low]) / (number + 1)
        for j in range(1, number + 1):
            k = bisect_right(self.times, self.times[low] + j * step, low, up + 1) - 1
            self.censored[max(low, k)] += 1
