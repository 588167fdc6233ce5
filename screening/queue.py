"""Who sees what: the next citation for a reviewer, and which decisions are open to whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet

from reviewsite.reviews.models import Review, Stage

from . import leases
from .conclusions import Conclusion
from .models import Citation, Decision, RoundEvent, Skip
from .ordering import in_order
from .participation import LIVE_CITATION, RoundAt, open_to, rounds_at
from .reading_order import ask_if_due, open_after_stop
from .terms import round_of


@dataclass(frozen=True)
class MyProgress:
    """How far one reviewer is at one stage; tells nothing about colleagues."""

    decided: int
    waiting: int

    @property
    def total(self) -> int:
        return self.decided + self.waiting

    @property
    def percent(self) -> int:
        return self.decided * 100 // self.total if self.total else 0


def awaiting(
    review: Review, reviewer, stage: str, rounds: Sequence[RoundAt] | None = None
) -> QuerySet[Citation]:
    """Citations still open at a stage that this reviewer may decide on and has not, in the review's order."""
    mine = Decision.objects.filter(review=review, stage=stage, reviewer=reviewer).standing().screening()
    # One list of what they decided, read once; a subquery for every citation is slow from a few thousand on.
    decided = mine.order_by().annotate(live=LIVE_CITATION).values("live")
    undecided = review.citations.in_state(stage, Conclusion.UNDECIDED).exclude(pk__in=decided)
    if stage == Stage.TITLE_ABSTRACT and (still_read := open_after_stop(review)) is not None:
        undecided = undecided.filter(still_read)
    return in_order(undecided.filter(open_to(review, reviewer.pk, stage, rounds)), review, stage)


@transaction.atomic
def take(review: Review, reviewer, stage: str, count: int, *, held: Collection[int] = ()) -> list[Citation]:
    """The reviewer's next open citations, in order; skipped ones come last, oldest first.

    They are leased to the reviewer, so that a third person does not read what two already have before them.
    held: what their page has already, or has decided and not posted yet; none of these is returned.
    The one answer to "what is next": pages read nothing else.
    """
    # Of two people who refill at once, the second has to see what the first was given.
    rounds = rounds_at(review, stage, one_at_a_time=True)
    if stage == Stage.TITLE_ABSTRACT:
        ask_if_due(review)
    waiting = awaiting(review, reviewer, stage, rounds).exclude(pk__in=held)
    skips = Skip.objects.filter(reviewer=reviewer, stage=stage)
    desk = leases.Desk(review, stage, reviewer.pk, rounds)
    keys = desk.with_room(waiting.exclude(pk__in=skips.values("citation")), count)
    if len(keys) < count:
        again = waiting.filter(skips__in=skips).order_by("skips__skipped_at")
        keys += desk.with_room(again, count - len(keys))
    desk.lease(keys)
    found = Citation.objects.with_records().in_bulk(keys)
    return [found[key] for key in keys]


def skipped_notes(reviewer, stage: str, citations: Collection[Citation]) -> dict[int, str]:
    """Citation -> what the reviewer had begun to write when they skipped it."""
    skips = Skip.objects.filter(reviewer=reviewer, stage=stage, citation__in=citations).exclude(note="")
    return dict(skips.values_list("citation", "note"))


def why_nothing(review: Review, reviewer, stage: str) -> str:
    """Why the queue is empty although the review is not done; empty when nobody else has work either."""
    rounds = rounds_at(review, stage)
    mine = [each for each in rounds if reviewer.pk in each.targets]
    if awaiting(review, reviewer, stage).exists():
        return (
            "What is left lies before colleagues at the moment. "
            "What they do not decide comes back to you within half an hour."
        )
    if any(each.is_shut for each in mine):
        return (
            "Your part of the pilot is done. The main round opens when everybody's is, "
            "and the reviewers agree as well as the protocol asks."
        )
    if not mine and any(not each.is_shut for each in rounds):
        return "You are not among the people of the rounds that are open now; the owner can add you."
    if any(each.targets.get(reviewer.pk) is not None for each in mine):
        return "You have reached your target; the rest is shared among your colleagues."
    return ""


def my_progress(review: Review, reviewer, stage: str) -> MyProgress:
    """Citations this reviewer has a standing verdict on, and those still open to them."""
    mine = Decision.objects.filter(review=review, stage=stage, reviewer=reviewer).screening().standing()
    decided = mine.annotate(live=LIVE_CITATION).values("live").distinct().count()
    return MyProgress(decided, awaiting(review, reviewer, stage).count())


def my_last_decisions(review: Review, reviewer, stage: str, count: int = 5) -> list[Decision]:
    """The reviewer's latest standing verdicts at a stage, newest first."""
    mine = Decision.objects.filter(review=review, stage=stage, reviewer=reviewer).screening().standing()
    return list(
        mine.select_related(
            "citation__representative", "citation__merged_into__representative", "reason"
        ).order_by("-decided_at", "-pk")[:count]
    )


def is_blind(citation: Citation, stage: str) -> bool:
    """Whether colleagues' decisions are hidden: until a conclusion, or until the round is unblinded."""
    if citation.state_at(stage) is not Conclusion.UNDECIDED:
        return False
    round = round_of(citation, stage)
    return not (round and round.events.filter(act=RoundEvent.Act.UNBLINDED).exists())


def visible_decisions(citation: Citation, stage: str, viewer) -> list[Decision]:
    """The blinding rule: while a citation is blind, everybody reads their own decisions only."""
    decisions = Decision.objects.on(citation, stage).select_related("reviewer", "reason", "superseded_by")
    if is_blind(citation, stage):
        decisions = decisions.filter(reviewer=viewer)
    return list(decisions)


def open_conflicts(review: Review, stage: str) -> QuerySet[Citation]:
    """Citations whose reviewers differ, in the order of import."""
    return review.citations.in_state(stage, Conclusion.CONFLICT).with_records()


def open_reason_conflicts(review: Review) -> QuerySet[Citation]:
    """Reports that everybody excluded at full text, for reasons that differ and that nobody has settled."""
    decisions = Decision.objects.filter(review=review, stage=Stage.FULL_TEXT).standing()
    decisions = decisions.annotate(live=LIVE_CITATION).order_by()
    differing = (
        decisions.screening().values("live").annotate(n=Count("reason", distinct=True)).filter(n__gt=1)
    )
    excluded = review.citations.in_state(Stage.FULL_TEXT, Conclusion.EXCLUDED)
    open_now = excluded.filter(pk__in=differing.values("live"))
    return open_now.exclude(pk__in=decisions.adjudications().values("live")).with_records()


def standing_votes(citation: Citation, stage: str) -> list[Decision]:
    """The votes behind a conclusion, for a citation that is no longer blind."""
    if is_blind(citation, stage):
        return []
    votes = Decision.objects.on(citation, stage).screening().standing()
    return list(votes.select_related("reviewer", "reason").order_by("decided_at", "pk"))
