"""How far reviewers agree in a round: coefficients of all and of each pair, and what they differ about."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from django.utils.translation import gettext

from reviewsite.reviews.models import Protocol, Review, Stage, User

from ..agreement import MISSING, Agreement, NothingToCompare, agreement_of_many, agreement_of_two
from ..deciding.conclusions import Conclusion, Verdict
from .first_votes import FirstVote, first_votes, first_votes_of
from .participation import RoundAt, rounds_at

Votes = Mapping[int, Mapping[int, FirstVote]]


@dataclass(frozen=True)
class Pair:
    """Two people who judged the same citations; table[i][j] counts those the first put in category i."""

    first: User
    second: User
    table: Sequence[Sequence[int]]
    agreement: Agreement

    def rows(self) -> list[tuple[str, Sequence[int]]]:
        """The table with its category names, for the page."""
        return list(zip(category_names(len(self.table)), self.table, strict=True))

    @property
    def columns(self) -> tuple[str, ...]:
        return category_names(len(self.table))


@dataclass
class Criterion:
    """A reason to exclude, and how often those who gave it met somebody who did not exclude."""

    label: str
    against: int = 0
    kept: int = 0
    dropped: int = 0

    @property
    def open(self) -> int:
        return self.against - self.kept - self.dropped


@dataclass
class Reasons:
    """Both excluded: how often for the same reason, and which two reasons met when they differed."""

    same: int = 0
    differing: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.same + sum(self.differing.values())

    @property
    def most_common(self) -> list[tuple[tuple[str, str], int]]:
        return self.differing.most_common()


@dataclass(frozen=True)
class RoundReport:
    """What the agreement page says of one round; `agreement` is None when nobody can be compared."""

    round: RoundAt
    agreement: Agreement | None
    pairs: list[Pair]
    criteria: list[Criterion]
    reasons: Reasons
    differing: int


def report(review: Review, stage: Stage) -> list[RoundReport]:
    """Each round of a stage in which at least two people judged the same citation."""
    rounds = rounds_at(review, stage)
    return [each for each in _reports(rounds, first_votes_of(rounds)) if each.agreement]


def report_in(round: RoundAt) -> RoundReport:
    return _reports([round], [first_votes(round)])[0]


def _reports(rounds: Sequence[RoundAt], votes_of: Sequence[Votes]) -> list[RoundReport]:
    review, stage = rounds[0].review, rounds[0].stage
    people = User.objects.filter(memberships__review=review).distinct().in_bulk()
    size = _categories(review.protocol)
    concluded = review.citations.at(stage).exclude(**{f"{stage}_state": Conclusion.UNDECIDED})
    states = dict(concluded.values_list("pk", f"{stage}_state"))
    return [
        RoundReport(
            round=round,
            agreement=_of_round(votes, size),
            pairs=_pairs(votes, size, people),
            criteria=_criteria(votes, size, states),
            reasons=_reasons(votes),
            differing=sum(_differ(cast, size) for cast in votes.values()),
        )
        for round, votes in zip(rounds, votes_of, strict=True)
    ]


def agreements_in(rounds: Sequence[RoundAt]) -> list[Agreement | None]:
    """Only the coefficients of each round: what a pilot's gate is judged on."""
    return [
        _of_round(votes, _categories(round.review.protocol))
        for round, votes in zip(rounds, first_votes_of(rounds), strict=True)
    ]


def _categories(protocol: Protocol) -> int:
    return 2 if protocol.maybe_counts_as_include else 3


def category_names(size: int) -> tuple[str, ...]:
    return (
        (gettext("Include or maybe"), gettext("Exclude"))
        if size == 2
        else (gettext("Include"), gettext("Maybe"), gettext("Exclude"))
    )


def category(verdict: Verdict, size: int) -> int:
    """The protocol decides whether a maybe is an include or a category of its own."""
    if verdict is Verdict.EXCLUDE:
        return size - 1
    return 1 if verdict is Verdict.MAYBE and size == 3 else 0


def _of_round(votes: Votes, size: int) -> Agreement | None:
    ratings = _Ratings(votes, size)
    try:
        if len(ratings.raters) == 2:
            return agreement_of_two(ratings.table(*ratings.raters))
        return agreement_of_many(ratings.matrix, size)
    except NothingToCompare:
        return None


class _Ratings:
    """The votes as a matrix: a row a citation, a column a rater, the category or MISSING in the cell."""

    def __init__(self, votes: Votes, size: int) -> None:
        self.size = size
        self.raters = sorted({reviewer for cast in votes.values() for reviewer in cast})
        self.column = {reviewer: place for place, reviewer in enumerate(self.raters)}
        self.matrix = np.full((len(votes), len(self.raters)), MISSING)
        for row, cast in enumerate(votes.values()):
            for reviewer, vote in cast.items():
                self.matrix[row, self.column[reviewer]] = category(vote.verdict, size)

    def table(self, first: int, second: int) -> list[list[int]]:
        """How often the first put in category i what the second put in j."""
        one, other = (self.matrix[:, self.column[rater]] for rater in (first, second))
        both = (one != MISSING) & (other != MISSING)
        counts = np.bincount(one[both] * self.size + other[both], minlength=self.size**2)
        return [[int(n) for n in row] for row in counts.reshape(self.size, self.size)]


def _pairs(votes: Votes, size: int, people: Mapping[int, User]) -> list[Pair]:
    ratings = _Ratings(votes, size)
    pairs = []
    for first, second in combinations(ratings.raters, 2):
        table = ratings.table(first, second)
        if any(map(any, table)):
            pairs.append(Pair(people[first], people[second], table, agreement_of_two(table)))
    return pairs


def _differ(cast: Mapping[int, FirstVote], size: int) -> bool:
    return len({category(vote.verdict, size) for vote in cast.values()}) > 1


def _criteria(votes: Votes, size: int, states: Mapping[int, str]) -> list[Criterion]:
    """For each reason the citations on which it stood against somebody's include, and how they ended."""
    found: dict[str, Criterion] = {}
    for citation, cast in votes.items():
        if not _differ(cast, size):
            continue
        given = {
            vote.reason or gettext("No reason given")
            for vote in cast.values()
            if vote.verdict is Verdict.EXCLUDE
        }
        for label in given:
            criterion = found.setdefault(label, Criterion(label))
            criterion.against += 1
            criterion.kept += states[citation] == "included"
            criterion.dropped += states[citation] == "excluded"
    return sorted(found.values(), key=lambda each: (-each.against, each.label))


def _reasons(votes: Votes) -> Reasons:
    reasons = Reasons()
    for cast in votes.values():
        given = [
            vote.reason or gettext("No reason given")
            for vote in cast.values()
            if vote.verdict is Verdict.EXCLUDE
        ]
        for first, second in combinations(sorted(given), 2):
            if first == second:
                reasons.same += 1
            else:
                reasons.differing[first, second] += 1
    return reasons
