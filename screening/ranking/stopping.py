"""When reading may stop: what the order read so far says, with a stated confidence, of what is left.

The test of Callaghan & Müller-Hansen 2020 (Syst Rev 9:273, doi:10.1186/s13643-020-01521-4) on a ranked order.
Suppose that fewer than the target share of the relevant citations were found. Then at least so many relevant
ones lay among those not yet read at any earlier moment. Had the citations read since been drawn at random
from those, so few relevant ones among them would have had a probability of at most p. A ranking that puts
relevant citations forward would have shown more of them, so treating the ranked order as a random one errs on
the side of reading on. Of all earlier moments the one with the smallest p counts, as with its authors.

How much more it would have shown is the `odds`: how many times likelier a relevant citation is to be read
next than an irrelevant one beside it. With odds of 1 the test is the authors' own. The default, 1.5, is half
of what broke the promise on the labelled sets; its authors offer the same setting and call it not validated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, hypergeom

from .errors import RankingRefused

Labels = Sequence[bool] | npt.NDArray[np.bool_]


@dataclass(frozen=True)
class StoppingRule:
    """The share of the relevant to be found, how sure one wants to be, and the odds (see the module)."""

    target: float = 0.95
    confidence: float = 0.95
    odds: float = 1.5

    def __post_init__(self) -> None:
        for name, value in (("recall target", self.target), ("confidence", self.confidence)):
            if not 0.5 <= value < 1:
                raise RankingRefused(f"The {name} must be at least 50% and below 100%, not {value:.0%}.")
        if not 1 <= self.odds <= 2:
            raise RankingRefused(f"The odds must lie between 1 and 2, not {self.odds:g}.")


@dataclass(frozen=True)
class Standing:
    """What can be said after reading some of the citations.

    p: probability of what was seen, if the target were missed (see the module).
    recall_at_least: lower bound of the share found, at the rule's confidence; 0 while nothing was found.
    most_relevant: the largest total number of relevant citations that is not ruled out.
    """

    read: int
    total: int
    found: int
    p: float
    most_relevant: int
    recall_at_least: float
    is_met: bool


def standing(relevant_in_order: Labels, total: int, rule: StoppingRule) -> Standing:
    """What the rule says after reading these citations, in the order in which they were read.

    relevant_in_order: those read, first to last, of `total` citations that the order holds.
    Raises RankingRefused when more were read than there are.
    """
    urns = _urns(relevant_in_order, total, rule.odds)
    alpha = 1 - rule.confidence
    fewest_if_missed = int(np.floor(urns.found / rule.target + 1e-9)) + 1
    p = urns.probability(fewest_if_missed) if urns.found else 1.0
    most = urns.most_relevant(alpha)
    return Standing(
        read=urns.read,
        total=total,
        found=urns.found,
        p=p,
        most_relevant=most,
        recall_at_least=urns.found / most if most else 0.0,
        is_met=urns.read == total or (urns.found > 0 and p < alpha),
    )


@dataclass(frozen=True)
class _Urns:
    """The earlier moments worth looking from: the beginning, and just after each relevant citation.

    Between two of these moments the earlier one always has seen a larger part of its urn, with as many found.
    """

    read: int
    total: int
    found: int
    read_before: npt.NDArray[np.int64]
    odds: float

    def probability(self, relevant: int) -> float:
        """The smallest probability of having found so few since, if `relevant` were relevant in all."""
        found_before = np.arange(len(self.read_before))
        left = relevant - found_before
        size = self.total - self.read_before
        since = self.read - self.read_before
        possible = left <= size
        if not possible.all():
            return 0.0
        found_since = self.found - found_before
        if self.odds == 1:
            return float(hypergeom.cdf(found_since, size, left, since).min())
        # Wallenius's urn (1963) while the relevant are few: of each, the draw of a share f of the urn leaves
        # (1 - f) ** odds behind.
        drawn = 1 - (1 - since / np.maximum(size, 1)) ** self.odds
        return float(binom.cdf(found_since, left, drawn).min())

    def most_relevant(self, alpha: float) -> int:
        """The largest total that is not improbable; halving, because the probability falls with the total."""
        low, high = self.found, self.found + self.total - self.read
        while low < high:
            middle = (low + high + 1) // 2
            if self.probability(middle) >= alpha:
                low = middle
            else:
                high = middle - 1
        return low


def _urns(relevant_in_order: Labels, total: int, odds: float) -> _Urns:
    labels = np.asarray(relevant_in_order, dtype=bool)
    if len(labels) > total:
        raise RankingRefused(f"{len(labels):,} citations were read, but the order holds only {total:,}.")
    hits = np.flatnonzero(labels)
    return _Urns(len(labels), total, len(hits), np.concatenate([[0], hits + 1]).astype(np.int64), odds)


@dataclass(frozen=True)
class FurtherReading:
    """How many more must be read to meet the rule: when nothing more is found, and when some still are."""

    fewest: int
    likely_most: int


def further_reading(relevant_in_order: Labels, total: int, rule: StoppingRule) -> FurtherReading | None:
    """How much further the rule sends one; None while nothing was found, for then nothing can be said.

    The larger number supposes that as many relevant ones turn up as are as likely as not to be left (the
    largest total with p of at least a half), evenly over what is read.
    """
    labels = np.asarray(relevant_in_order, dtype=bool)
    if not labels.any():
        return None
    likely = _urns(labels, total, rule.odds).most_relevant(0.5) - int(labels.sum())
    unread = total - len(labels)
    return FurtherReading(
        _first_met(labels, total, rule, 0),
        max(_first_met(labels, total, rule, 0), _first_met(labels, total, rule, min(likely, unread))),
    )


def _first_met(labels: npt.NDArray[np.bool_], total: int, rule: StoppingRule, hits: int) -> int:
    """Citations to read until the rule is met, with so many relevant ones evenly among the unread.

    Halving, because with evenly spread hits the rule is met from some point on.
    """
    unread = total - len(labels)
    ahead = np.zeros(unread, dtype=bool)
    if hits:
        ahead[np.linspace(0, unread * 0.8, hits, endpoint=False).astype(int)] = True
    low, high = 0, unread
    while low < high:
        middle = (low + high) // 2
        if standing(np.concatenate([labels, ahead[:middle]]), total, rule).is_met:
            high = middle
        else:
            low = middle + 1
    return low


def audit_bound(drawn: int, relevant: int, unread: int, confidence: float) -> int:
    """The largest number of relevant citations among the unread that a random audit does not rule out.

    drawn: read of `unread` citations at random; relevant: how many of them were. Exact hypergeometric limit.
    """
    low, high = relevant, unread - (drawn - relevant)
    while low < high:
        middle = (low + high + 1) // 2
        if hypergeom.cdf(relevant, unread, middle, drawn) >= 1 - confidence:
            low = middle
        else:
            high = middle - 1
    return low
