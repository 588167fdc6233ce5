"""Who sees what: the next citation for a reviewer, and which decisions are open to whom."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from reviewsite.reviews.models import Review

from .conclusions import Conclusion, Verdict
from .models import Citation, Decision

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
    mine = Decision.objects.filter(stage=stage, reviewer=reviewer).standing().screening()
    decided = mine.filter(Q(citation=OuterRef("pk")) | Q(citation__merged_into=OuterRef("pk")))
    return review.citations.in_state(stage, Conclusion.UNDECIDED).exclude(Exists(decided))


def next_citation(review: Review, reviewer, stage: str, skipped: list[int]) -> Citation | None:
    """The reviewer's next open citation in the order of import; skipped ones come last, oldest first."""
    waiting = awaiting(review, reviewer, stage).with_records()
    if citation := waiting.exclude(pk__in=skipped).first():
        return citation
    left = {citation.pk: citation for citation in waiting.filter(pk__in=skipped)}
    return next((left[pk] for pk in skipped if pk in left), None)


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
