"""Who sees what: the next citation for a reviewer, and which decisions are open to whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, IntegerField, QuerySet, Subquery, Value

from reviewsite.reviews.models import Review, Stage

from . import leases
from .conclusions import Conclusion
from .models import Citation, Decision, RoundEvent, Skip
from .models.citations import fetch_records
from .ordering import in_order
from .participation import LIVE_CITATION, RoundAt, open_to, rounds_at
from .reading_order import Reading, ask_if_due, reading_at, voted_citations
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
    review: Review,
    reviewer,
    stage: str,
    rounds: Sequence[RoundAt] | None = None,
    reading: Reading | None = None,
) -> QuerySet[Citation]:
    """Citations still open at a stage that this reviewer may decide on and has not, in the review's order.

    rounds, reading: what stands at the stage, where the caller has read it already.
    """
    reading = reading or reading_at(review, stage)
    mine = Decision.objects.filter(review=review, stage=stage, reviewer=reviewer).standing().screening()
    # One list of what they decided, read once; a subquery for every citation is slow from a few thousand on.
    decided = mine.order_by().annotate(live=LIVE_CITATION).values("live")
    undecided = review.citations.in_state(stage, Conclusion.UNDECIDED).exclude(pk__in=decided)
    if reading.is_stopped:
        # What has a vote is still read to its conclusion.
        undecided = undecided.filter(pk__in=voted_citations(review))
    if rounds or reading.has_rounds:
        undecided = undecided.filter(open_to(review, reviewer.pk, stage, rounds))
    return in_order(undecided, reading.order)


@transaction.atomic
def take(
    review: Review,
    reviewer,
    stage: str,
    count: int,
    *,
    held: Collection[int] = (),
    reading: Reading | None = None,
) -> list[Citation]:
    """The reviewer's next open citations, in order; skipped ones come last, oldest first.

    They are leased to the reviewer, so that a third person does not read what two already have before them.
    held: what their page has already, or has decided and not posted yet; none of these is returned.
    The one answer to "what is next": pages read nothing else.
    """
    # Of two people who refill at once, the second has to see what the first was given.
    reading = reading or reading_at(review, stage)
    rounds = rounds_at(review, stage, one_at_a_time=True, has_rounds=reading.has_rounds)
    ask_if_due(review, reading)
    waiting = awaiting(review, reviewer, stage, rounds, reading).exclude(pk__in=held)
    skips = Skip.objects.filter(reviewer=reviewer, stage=stage)
    desk = leases.Desk(review, stage, reviewer.pk, rounds)
    never_skipped = waiting.exclude(pk__in=skips.values("citation")).annotate(begun_note=Value(""))
    found = desk.with_room(never_skipped, count)
    if len(found) < count:
        again = waiting.filter(skips__in=skips).annotate(begun_note=F("skips__note"))
        found += desk.with_room(again.order_by("skips__skipped_at"), count - len(found))
    desk.lease([citation.pk for citation in found])
    fetch_records(found)
    return found


def skipped_notes(reviewer, stage: str, citations: Collection[Citation]) -> dict[int, str]:
    """Citation -> what the reviewer had begun to write when they skipped it; `take` has read that already."""
    notes = {each.pk: each.begun_note for each in citations if hasattr(each, "begun_note")}
    others = [each for each in citations if each.pk not in notes]
    if not others:
        return notes
    skips = Skip.objects.filter(reviewer=reviewer, stage=stage, citation__in=others).exclude(note="")
    return {**notes, **dict(skips.values_list("citation", "note"))}


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


class _Number(Subquery):
    """How many rows a query has, counted inside another one."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def my_progress(review: Review, reviewer, stage: str, reading: Reading | None = None) -> MyProgress:
    """Citations this reviewer has a standing verdict on, and those still open to them."""
    mine = Decision.objects.filter(review=review, stage=stage, reviewer=reviewer).screening().standing()
    decided = mine.order_by().annotate(live=LIVE_CITATION).values("live").distinct()
    waiting = awaiting(review, reviewer, stage, reading=reading).order_by().values("pk")
    counted = Review.objects.filter(pk=review.pk).values_list(_Number(decided), _Number(waiting))
    return MyProgress(*counted.get())


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
