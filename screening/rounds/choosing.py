"""Which citations a round is made of, chosen so that the same choice can be made again."""

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.db.models import QuerySet
from django.utils.translation import gettext

from reviewsite.reviews.models import Review

from ..deciding.conclusions import Conclusion
from ..models import Citation, Decision, RoundCitation
from .participation import LIVE_CITATION


class How(StrEnum):
    RANDOM = "random"
    FIRST = "first"
    DATABASE = "database"
    WORDS = "words"
    SINCE = "since"


@dataclass(frozen=True)
class Choice:
    """A way of choosing: n at random under a seed, the n first imported, a database, words of the text,
    or what searches brought since a published version.
    """

    how: How
    n: int = 0
    seed: int = 0
    database: str = ""
    words: str = ""
    since: int = 0

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    @property
    def sentence(self) -> str:
        return {
            How.RANDOM: gettext("{n} at random (seed {seed})").format(n=self.n, seed=self.seed),
            How.FIRST: gettext("the first {n} imported").format(n=self.n),
            How.DATABASE: gettext("everything found in {database}").format(database=self.database),
            How.WORDS: gettext("everything with the words “{words}”").format(words=self.words),
            How.SINCE: gettext("everything that searches brought since version {since}").format(
                since=self.since
            ),
        }[self.how]


def free_citations(review: Review, stage: str, *, nobody_voted: bool) -> QuerySet[Citation]:
    """Citations that can still be put into a round: undecided and in no other one.

    nobody_voted: for a pilot, which measures how people agree before any of them has seen the citation.
    """
    placed = RoundCitation.objects.filter(round__review=review, stage=stage).live()
    free = review.citations.in_state(stage, Conclusion.UNDECIDED).exclude(pk__in=placed)
    if nobody_voted:
        votes = Decision.objects.filter(review=review, stage=stage).standing().annotate(live=LIVE_CITATION)
        free = free.exclude(pk__in=votes.values("live"))
    return free.order_by("pk")


def choose(review: Review, stage: str, choice: Choice, *, nobody_voted: bool) -> Sequence[int]:
    """The keys of the chosen citations, in the order of import."""
    free = free_citations(review, stage, nobody_voted=nobody_voted)
    if choice.how is How.DATABASE:
        free = free.matching(review, database=choice.database)
    elif choice.how is How.WORDS:
        free = free.matching(review, text=choice.words)
    elif choice.how is How.SINCE:
        version = review.versions.get(number=choice.since)
        free = free.filter(founding_record__search_run__imported_at__gt=version.frozen_at)
    keys = list(free.values_list("pk", flat=True))
    if choice.how is How.FIRST:
        return keys[: choice.n]
    if choice.how is How.RANDOM:
        return sorted(random.Random(choice.seed).sample(keys, min(choice.n, len(keys))))
    return keys
