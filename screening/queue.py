"""Who sees what: the next citation for a reviewer, and which decisions are open to whom."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from reviewsite.reviews.models import Review

from .conclusions import Conclusion, Verdict
from .models import Citation, Decision, Skip

# A decision made on a copy belongs to the citation that the copy was merged into.
LIVE_CITATION = Coalesce("citation__merged_into", "citation")


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


def awaiting(review: Review, reviewer, stage: str) -> QuerySet[Citation]:
    """Citations still open at a stage on which this reviewer has no standing verdict."""
    mine = Decision.objects.filter(review=review, stage=stage, reviewer=reviewer).standing().screening()
    # One list of what they decided, read once; a subquery for every citation is slow from a few thousand on.
    decided = mine.order_by().annotate(live=LIVE_CITATION).values("live")
    return review.citations.in_state(stage, Conclusion.UNDECIDED).exclude(pk__in=decided)


def take(review: Review, reviewer, stage: str, count: int, *, held: Collection[int] = ()) -> list[Citation]:
    """The reviewer's next open citations, in order; skipped ones come last, oldest first.

    held: what their page has already, or has decided and not posted yet; none of these is returned.
    The one answer to "what is next": pages read nothing else.
    """
    waiting = awaiting(review, reviewer, stage).exclude(pk__in=held).with_records()
    skips = Skip.objects.filter(reviewer=reviewer, stage=stage)
    found = list(waiting.exclude(pk__in=skips.values("citation"))[:count])
    if len(found) < count:
        again = waiting.filter(skips__in=skips).order_by("skips__skipped_at")
        found += again[: count - len(found)]
    return found


def skipped_notes(reviewer, stage: str, citations: Collection[Citation]) -> dict[int, str]:
    """Citation -> what the reviewer had begun to write when they skipped it."""
    skips = Skip.objects.filter(reviewer=reviewer, stage=stage, citation__in=citations).exclude(note="")
    return dict(skips.values_list("citation", "note"))


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


def visible_decisions(citation: Citation, stage: str, viewer) -> list[Decision]:
    """The blinding rule: while a citation is undecided, everybody reads their own decisions only."""
    decisions = Decision.objects.on(citation, stage).select_related("reviewer", "reason", "superseded_by")
    if citation.state_at(stage) is Conclusion.UNDECIDED:
        decisions = decisions.filter(reviewer=viewer)
    return list(decisions)


def open_conflicts(review: Review, stage: str):
    """Citations whose reviewers differ, in the order of import."""
    return review.citations.in_state(stage, Conclusion.CONFLICT).with_records()


def standing_votes(citation: Citation, stage: str) -> list[Decision]:
    """The votes behind a conclusion, for a citation that is no longer blind."""
    if citation.state_at(stage) is Conclusion.UNDECIDED:
        return []
    votes = Decision.objects.on(citation, stage).screening().standing()
    return list(votes.select_related("reviewer", "reason").order_by("decided_at", "pk"))


def first_votes(review: Review, stage: str) -> dict[int, dict[int, str]]:
    """For agreement: citation to reviewer to the verdict they cast first, where blinding has ended.

    A vote that was changed or taken back later still counts as it was first cast.
    """
    state = Coalesce(f"citation__merged_into__{stage}_state", f"citation__{stage}_state")
    decisions = (
        Decision.objects.filter(review=review, stage=stage)
        .screening()
        .exclude(verdict=Verdict.WITHDRAWN)
        .annotate(live=LIVE_CITATION, state=state)
        .exclude(state=Conclusion.UNDECIDED)
        .order_by("decided_at", "pk")
        .values_list("live", "reviewer", "verdict")
    )
    votes: dict[int, dict[int, str]] = {}
    for citation, reviewer, verdict in decisions:
        votes.setdefault(citation, {}).setdefault(reviewer, verdict)
    return votes
