"""What everybody said first, for agreement: a mind changed later, or after blinding ended, does not count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from reviewsite.reviews.models import Review

from ..deciding.conclusions import Conclusion, Verdict
from ..models import Citation, Decision, RoundEvent
from .participation import LIVE_CITATION, RoundAt
from .places import Places


@dataclass(frozen=True, slots=True)
class FirstVote:
    """A reviewer's first verdict on a citation, with the reason they gave."""

    citation: int
    reviewer: int
    verdict: Verdict
    reason: str
    at: datetime


Votes = dict[int, dict[int, FirstVote]]


def first_votes(round: RoundAt) -> Votes:
    """Citation to reviewer to their first vote, over the round's citations that the team has concluded on.

    Votes given after the round was unblinded, or after the citation had the votes it needs and could be
    read by everybody, were not independent and are left out.
    """
    votes: Votes = {}
    unblinded = _unblinded([round])
    for vote in _in_order(round.review, round.stage, round.citations()):
        _take(round, votes, vote, unblinded)
    return votes


def first_votes_of(rounds: Sequence[RoundAt]) -> list[Votes]:
    """The same of several rounds of a stage; with the one that takes the rest, of all of them."""
    if not rounds:
        return []
    review, stage, places = rounds[0].review, rounds[0].stage, Places(rounds)
    citations, unblinded = review.citations.at(stage), _unblinded(rounds)
    if not places.rest:
        citations = citations.filter(pk__in=places.rows.live())
    found: list[Votes] = [{} for _ in rounds]
    for vote in _in_order(review, stage, citations):
        for at in places.of(vote.citation):
            _take(rounds[at], found[at], vote, unblinded)
    return found


def _take(round: RoundAt, votes: Votes, vote: FirstVote, unblinded: dict[int, datetime]) -> None:
    cast = votes.setdefault(vote.citation, {})
    ended_at = unblinded.get(round.round.pk) if round.round else None
    is_blind = len(cast) < round.terms.required or not _has_an_expert(round, cast)
    if vote.reviewer not in cast and is_blind and not (ended_at and vote.at >= ended_at):
        cast[vote.reviewer] = vote


def _in_order(review: Review, stage: str, citations: QuerySet[Citation]) -> Iterable[FirstVote]:
    concluded = citations.exclude(**{f"{stage}_state": Conclusion.UNDECIDED})
    rows = (
        Decision.objects.filter(review=review, stage=stage)
        .screening()
        .exclude(verdict=Verdict.WITHDRAWN)
        .annotate(live=LIVE_CITATION)
        .filter(live__in=concluded.order_by().values("pk"))
        .order_by("decided_at", "pk")
        .values_list("live", "reviewer", "verdict", "reason__label", "decided_at")
    )
    for live, reviewer, verdict, reason, at in rows.iterator(chunk_size=5000):
        yield FirstVote(live, reviewer, Verdict(verdict), reason or "", at)


def _has_an_expert(round: RoundAt, cast: dict[int, FirstVote]) -> bool:
    return round.terms.experts is None or not round.terms.experts.isdisjoint(cast)


def _unblinded(rounds: Sequence[RoundAt]) -> dict[int, datetime]:
    """Round to when it was unblinded."""
    asked = [each.round for each in rounds if each.round]
    if not asked:
        return {}
    events = RoundEvent.objects.filter(round__in=asked, act=RoundEvent.Act.UNBLINDED)
    return dict(events.values_list("round", "at"))
