"""Log-likelihoods of each study's counts given its linear predictor, with first and second derivatives.

Predictors come as shape (k, points) and all three results have that shape. All are concave in the predictor.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import expit, gammaln, xlogy

from analysis.pooling.arrays import Floats

MOST_STEPS = 100


@dataclass(frozen=True)
class Curve:
    """A function at some points: value, first and second derivative."""

    value: Floats
    first: Floats
    second: Floats


@dataclass(frozen=True)
class Binomial:
    """x events of n persons with log odds equal to the predictor plus an offset; arrays of shape (k,)."""

    events: Floats
    totals: Floats
    offset: Floats | float = 0.0

    def at(self, predictor: Floats) -> Curve:
        x, n = self.events[:, None], self.totals[:, None]
        eta = predictor + np.reshape(self.offset, (-1, 1))
        chance = expit(eta)
        value = x * eta - n * np.logaddexp(0.0, eta) + self._constant[:, None]
        return Curve(value, x - n * chance, -n * chance * (1 - chance))

    @cached_property
    def _constant(self) -> Floats:
        x, n = self.events, self.totals
        return np.asarray(gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1))

    def best(self) -> Floats:
        """The greatest value that any predictor reaches, shape (k,)."""
        x, n = self.events, self.totals
        return np.asarray(xlogy(x, x / n) + xlogy(n - x, 1 - x / n) + self._constant)

    def own(self) -> tuple[Floats, Floats]:
        """Each study's own predictor and the information on it, 0 where the former is infinite; shape
        (k,).
        """
        x, n = self.events, self.totals
        inside = (x > 0) & (x < n)
        events = np.where(inside, x, n / 2)
        own = np.log(events / (n - events)) - self.offset
        return own, np.where(inside, events * (n - events) / n, 0.0)


@dataclass(frozen=True)
class Poisson:
    """x events in time t with log rate equal to the predictor; arrays of shape (k,)."""

    events: Floats
    times: Floats

    def at(self, predictor: Floats) -> Curve:
        x = self.events[:, None]
        eta = predictor + np.log(self.times)[:, None]
        mean = np.exp(eta)
        return Curve(x * eta - mean - gammaln(x + 1), x - mean, -mean)

    def best(self) -> Floats:
        x = self.events
        return np.asarray(xlogy(x, x) - x - gammaln(x + 1))

    def own(self) -> tuple[Floats, Floats]:
        x = self.events
        return np.log(np.where(x > 0, x, 0.5) / self.times), x


@dataclass(frozen=True)
class Hypergeometric:
    """Events of group 1 given all margins of a 2x2 table, with log odds ratio equal to the predictor.

    events1, totals1, totals2, events: shape (k,), `events` being those of both groups.
    """

    events1: Floats
    totals1: Floats
    totals2: Floats
    events: Floats

    @cached_property
    def _support(self) -> tuple[Floats, Floats]:
        """Possible counts, shape (k, most), and the log of their weight, -inf beyond a study's own range."""
        low = np.maximum(0.0, self.events - self.totals2)[:, None]
        high = np.minimum(self.totals1, self.events)[:, None]
        counts: Floats = low + np.arange(int((high - low).max()) + 1, dtype=np.float64)
        inside = counts <= high
        x = np.where(inside, counts, low)
        n1, n2, m = self.totals1[:, None], self.totals2[:, None], self.events[:, None]
        logs = -gammaln(x + 1) - gammaln(n1 - x + 1) - gammaln(m - x + 1) - gammaln(n2 - m + x + 1)
        logs = logs + gammaln(n1 + 1) + gammaln(n2 + 1)
        return counts, np.asarray(np.where(inside, logs, -np.inf), dtype=np.float64)

    def at(self, predictor: Floats) -> Curve:
        counts, logs = self._support
        terms = logs[:, None, :] + counts[:, None, :] * predictor[:, :, None]
        highest = terms.max(-1, keepdims=True)
        chances = np.exp(terms - highest)
        total = chances.sum(-1)
        mean = (chances * counts[:, None, :]).sum(-1) / total
        second = (chances * (counts[:, None, :] - mean[:, :, None]) ** 2).sum(-1) / total
        own = self._own_logs[:, None] + self.events1[:, None] * predictor
        value = own - highest[:, :, 0] - np.log(total)
        return Curve(value, self.events1[:, None] - mean, -second)

    @cached_property
    def _own_logs(self) -> Floats:
        counts, logs = self._support
        position = (self.events1 - counts[:, 0]).astype(np.int64)
        return logs[np.arange(len(logs)), position]

    def best(self) -> Floats:
        own, information = self.own()
        reached = self.at(own[:, None]).value[:, 0]
        # At either end of its range a count has probability 1 in the limit.
        return np.where(information > 0, reached, 0.0)

    def own(self) -> tuple[Floats, Floats]:
        counts, logs = self._support
        lowest, highest = counts[:, 0], _greatest(counts, logs)
        inside = (self.events1 > lowest) & (self.events1 < highest)
        eta = np.zeros(len(self.events1))
        for _ in range(MOST_STEPS):
            curve = self.at(eta[:, None])
            step = np.where(inside, np.clip(-curve.first[:, 0] / curve.second[:, 0], -1.0, 1.0), 0.0)
            eta = eta + step
            if np.abs(step).max() < 1e-10:
                break
        return eta, np.where(inside, -self.at(eta[:, None]).second[:, 0], 0.0)


def _greatest(counts: Floats, logs: Floats) -> Floats:
    """The greatest possible count of each study."""
    return np.asarray(np.where(np.isfinite(logs), counts, -np.inf).max(-1))
