"""Who sees what: the next citation for a reviewer, and which decisions are open to whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, F, FilteredRelation, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from reviewsite.reviews.models import Review, Stage

from ..deciding.conclusions import Conclusion
from ..models import Citation, Decision, KeyLayout, RoundEvent, Skip
from ..models.citations import fetch_records
from ..order.ordering import in_order
from ..order.reading_order import (
    Reading,
    RowCount,
    ask_if_due,
    reading_at,
    reading_columns,
    reading_of,
    voted_citations,
)
from ..rounds.participation import LIVE_CITATION, RoundAt, open_to, rounds_at, seats
from ..rounds.terms import round_of
from . import leases
from .surroundings import MyProgress


@dataclass(frozen=True)
class HandOut:
    """What a reviewer is given, with what was read on the way; `keys` are those of their own, by act."""

    citations: list[Citation]
    reading: Reading
    rounds: list[RoundAt]
    keys: Mapping[str, Sequence[str]]


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
    undecided = _open_to(review, reviewer, stage, rounds, reading)
    return in_order(undecided.exclude(pk__in=_decided_by(review, reviewer, stage)), reading.order)


def _decided_by(review: Review, reviewer, stage: str) -> QuerySet[Any]:
    """One list of what they decided, read once: one for every citation is slow from some thousand on."""
    mine = Decision.objects.filter(review=review, stage=stage, reviewer=reviewer).standing().screening()
    return mine.order_by().annotate(live=LIVE_CITATION).values("live")


def _open_to(
    review: Review, reviewer, stage: str, rounds: Sequence[RoundAt] | None, reading: Reading
) -> QuerySet[Citation]:
    """Citations still open at a stage that this reviewer may decide on, whether they have or not."""
    undecided = review.citations.in_state(stage, Conclusion.UNDECIDED)
    if reading.is_stopped:
        # What has a vote is still read to its conclusion.
        undecided = undecided.filter(pk__in=voted_citations(review))
    if rounds or reading.has_rounds:
        undecided = undecided.filter(open_to(review, reviewer.pk, stage, rounds))
    return undecided


def take(
    review: Review, reviewer, stage: str, count: int, *, held: Collection[int] = (), wanted: int | None = None
) -> list[Citation]:
    """The citations of `hand_out` alone."""
    return hand_out(review, reviewer, stage, count, held=held, wanted=wanted).citations


def hand_out(
    review: Review, reviewer, stage: str, count: int, *, held: Collection[int] = (), wanted: int | None = None
) -> HandOut:
    """The reviewer's next open citations, in order; skipped ones come last, oldest first.

    They are leased to the reviewer, so that a third person does not read what two already have before them.
    held: what their page has already, or has decided and not posted yet; none of these is returned.
    wanted: an open citation that comes first, whatever its place and whoever else has it.
    The one answer to "what is next": pages read nothing else.
    """
    given = _lease_out(review, reviewer, stage, count, held, wanted)
    # By now the next person may be given theirs.
    fetch_records(given.citations)
    return given


@transaction.atomic
def _lease_out(
    review: Review, reviewer, stage: str, count: int, held: Collection[int], wanted: int | None
) -> HandOut:
    reading, screeners, keys = _opened(review, reviewer, stage)
    rounds = rounds_at(review, stage, screeners=screeners, has_rounds=reading.has_rounds)
    ask_if_due(review, reading)
    desk = leases.Desk(review, stage, reviewer.pk, rounds)
    if reading.is_ordered and not wanted:
        found = desk.with_room(_placed(review, reviewer, stage, rounds, reading, held), count)
    else:
        waiting = awaiting(review, reviewer, stage, rounds, reading).exclude(pk__in=held)
        found = desk.with_room(_never_skipped(waiting, reviewer, stage, wanted), count, wanted=wanted)
    if len(found) < count:
        waiting = awaiting(review, reviewer, stage, rounds, reading).exclude(pk__in=held)
        found += desk.with_room(_last(waiting, reviewer, reading, wanted), count - len(found))
    desk.lease([citation.pk for citation in found])
    return HandOut(found, reading, rounds, keys)


def _never_skipped(
    waiting: QuerySet[Citation], reviewer, stage: str, wanted: int | None
) -> QuerySet[Citation]:
    """What waits and was never skipped, in order, behind the one that is wanted."""
    skipped = Q(pk__in=_skipped_by(reviewer, stage))
    if wanted:
        is_wanted = Case(When(pk=wanted, then=0), default=1)
        waiting = waiting.order_by(is_wanted, *waiting.query.order_by)
        skipped &= ~Q(pk=wanted)
    return waiting.exclude(skipped).annotate(begun_note=Value(""))


def _placed(
    review: Review,
    reviewer,
    stage: str,
    rounds: Sequence[RoundAt],
    reading: Reading,
    held: Collection[int],
) -> QuerySet[Citation]:
    """What waits, has a place in the order that was made, and was never skipped.

    Read along the index of places, with all that is left out named by place: any other way all that waits
    would be sorted for each refill of each page.
    """
    left_out = Q(place__citation__in=held)
    left_out |= Q(place__citation__in=_decided_by(review, reviewer, stage))
    left_out |= Q(place__citation__in=_skipped_by(reviewer, stage))
    waiting = _open_to(review, reviewer, stage, rounds, reading).filter(~left_out, place__review=review)
    return waiting.order_by("place__position", "place__pk").annotate(begun_note=Value(""))


def _skipped_by(reviewer, stage: str) -> QuerySet[Any]:
    return Skip.objects.filter(reviewer=reviewer, stage=stage).values("citation")


def _last(waiting: QuerySet[Citation], reviewer, reading: Reading, wanted: int | None) -> QuerySet[Citation]:
    """The end of the queue: what has no place yet, then what the reviewer has skipped, oldest first."""
    own = Q(skips__reviewer=reviewer, skips__stage=reading.stage)
    waiting = waiting.annotate(skip=FilteredRelation("skips", condition=own))
    belongs_here = Q(skip__isnull=False)
    if reading.is_ordered and not wanted:
        belongs_here |= Q(place=None)
    if wanted:
        belongs_here &= ~Q(pk=wanted)
    oldest_first = F("skip__skipped_at").asc(nulls_first=True)
    return (
        waiting.filter(belongs_here)
        .order_by(oldest_first, "pk")
        .annotate(begun_note=Coalesce("skip__note", Value(""), output_field=TextField()))
    )


def _opened(review: Review, reviewer, stage: str) -> tuple[Reading, list[int], Mapping[str, Sequence[str]]]:
    """How the stage is read, who screens, and the reviewer's own keys.

    The rows of the people stay held until the transaction ends: of two who refill at once, the second has to
    see what the first was given.
    """
    own = Subquery(KeyLayout.objects.filter(person=reviewer).order_by().values("keys")[:1])
    columns = reading_columns(review, stage)
    rows = list(seats(review).select_for_update(no_key=True).values_list("user_id", own, *columns))
    if not rows:
        return reading_at(review, stage), [], {}
    _, keys, *standing = rows[0]
    return reading_of(stage, standing), [row[0] for row in rows], keys or {}


def skipped_notes(reviewer, stage: str, citations: Collection[Citation]) -> dict[int, str]:
    """Citation -> what the reviewer had begun to write when they skipped it; `take` has read that already."""
    notes = {each.pk: each.begun_note for each in citations if hasattr(each, "begun_note")}
    others = [each for each in citations if each.pk not in notes]
    if not others:
        return notes
    skips = Skip.objects.filter(reviewer=reviewer, stage=stage, citation__in=others).exclude(note="")
    return {**notes, **dict(skips.values_list("citation", "note"))}


def why_nothing(
    review: Review,
    reviewer,
    stage: str,
    progress: MyProgress | None = None,
    rounds: Sequence[RoundAt] | None = None,
) -> str:
    """Why the queue is empty although the review is not done; empty when nobody else has work either."""
    rounds = rounds_at(review, stage) if rounds is None else rounds
    progress = progress or my_progress(review, reviewer, stage)
    mine = [each for each in rounds if reviewer.pk in each.targets]
    if progress.waiting:
        return gettext(
            "What is left lies before colleagues at the moment. What they do not decide comes back to you "
            "within half an hour."
        )
    if any(each.is_shut for each in mine):
        return gettext(
            "Your part of the pilot is done. The main round opens when everybody's is, and the reviewers "
            "agree as well as the protocol asks."
        )
    if not mine and any(not each.is_shut for each in rounds):
        return gettext("You are not among the people of the rounds that are open now; the owner can add you.")
    if any(each.targets.get(reviewer.pk) is not None for each in mine):
        return gettext("You have reached your target; the rest is shared among your colleagues.")
    return ""


def my_progress(review: Review, reviewer, stage: str) -> MyProgress:
    """Citations this reviewer has a standing verdict on, and those still open to them."""
    counted = Review.objects.filter(pk=review.pk).values_list(*progress_columns(review, reviewer, stage))
    return MyProgress(*counted.get())


def progress_columns(
    review: Review,
    reviewer,
    stage: str,
    reading: Reading | None = None,
    rounds: Sequence[RoundAt] | None = None,
) -> tuple[RowCount, RowCount]:
    """The two counts of `my_progress`, to be read along with something else."""
    mine = Decision.objects.filter(review=review, stage=stage, reviewer=reviewer).screening().standing()
    decided = mine.order_by().annotate(live=LIVE_CITATION).values("live").distinct()
    waiting = awaiting(review, reviewer, stage, rounds, reading).order_by().values("pk")
    return RowCount(decided), RowCount(waiting)


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
