"""What everybody said first, for agreement: a mind changed later, or after blinding ended, does not count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .conclusions import Conclusion, Verdict
from .models import Decision, RoundEvent
from .participation import LIVE_CITATION, RoundAt


@dataclass(frozen=True, slots=True)
class FirstVote:
    """A reviewer's first verdict on a citation, with the reason they gave."""

    citation: int
    reviewer: int
    verdict: Verdict
    reason: str
    at: datetime


def first_votes(round: RoundAt) -> dict[int, dict[int, FirstVote]]:
    """Citation to reviewer to their first vote, over the round's citations that the team has concluded on.

    Votes given after the round was unblinded, or after the citation had the votes it needs and could be
    read by everybody, were not independent and are left out.
    """
    unblinded_at = _unblinded_at(round)
    votes: dict[int, dict[int, FirstVote]] = {}
    for vote in _in_order(round):
        cast = votes.setdefault(vote.citation, {})
        is_blind = len(cast) < round.terms.required or not _has_an_expert(round, cast)
        if vote.reviewer not in cast and is_blind and not (unblinded_at and vote.at >= unblinded_at):
            cast[vote.reviewer] = vote
    return votes


def _in_order(round: RoundAt) -> Iterable[FirstVote]:
    concluded = round.citations().exclude(**{f"{round.stage}_state": Conclusion.UNDECIDED})
    rows = (
        Decision.objects.filter(review=round.review, stage=round.stage)
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


def _unblinded_at(round: RoundAt) -> datetime | None:
    if round.round is None:
        return None
    events = RoundEvent.objects.filter(round=round.round, act=RoundEvent.Act.UNBLINDED)
    return events.values_list("at", flat=True).first()
