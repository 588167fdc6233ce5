"""What lies before whoever settles conflicts: one case with its votes, and what is left. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reviewsite.reviews.models import Review, Stage

from ..models import Citation, Decision
from ..room import queue
from ..rounds.participation import LIVE_CITATION

# More than anybody reads on one page; the desk goes through all of them.
LISTED = 50


@dataclass(frozen=True)
class Case:
    """A citation whose reviewers differ; or, lighter, who all exclude it for different reasons."""

    citation: Citation
    votes: list[Decision]
    is_about_reasons: bool


@dataclass(frozen=True)
class Pile:
    """The open conflicts of a stage: those about the verdict come first, then those about the reason."""

    review: Review
    stage: Stage
    differing: list[int]
    about_reasons: list[int]

    @property
    def keys(self) -> list[int]:
        return [*self.differing, *self.about_reasons]

    def __len__(self) -> int:
        return len(self.keys)

    def case(self, *, wanted: int | None = None, after: int | None = None) -> Case | None:
        """The one asked for, or the one after another, round to the first again; None when none is open."""
        keys = self.keys
        if not keys:
            return None
        key = wanted if wanted in keys else keys[0]
        if after in keys:
            key = keys[(keys.index(after) + 1) % len(keys)]
        citation = Citation.objects.with_records().get(pk=key)
        return Case(citation, queue.standing_votes(citation, self.stage), key in self.about_reasons)

    def listed(self, wanted: Sequence[int] | None = None) -> list[Case]:
        """The wanted ones, else the first, with their votes: for whoever reads what is open."""
        keys = self.keys[:LISTED] if wanted is None else wanted
        citations = Citation.objects.select_related("representative").in_bulk(keys)
        votes = _votes_on(keys, self.stage)
        return [Case(citations[key], votes[key], key in self.about_reasons) for key in keys]


def pile(review: Review, stage: Stage) -> Pile:
    differing = queue.open_conflicts(review, stage).order_by("pk").values_list("pk", flat=True)
    about_reasons: list[int] = []
    if stage == Stage.FULL_TEXT:
        lighter = queue.open_reason_conflicts(review).order_by("pk")
        about_reasons = list(lighter.values_list("pk", flat=True))
    return Pile(review, stage, list(differing), about_reasons)


def my_last_settlement(review: Review, stage: Stage, person) -> Decision | None:
    """The adjudication that this person made last and that still stands, to take it back."""
    mine = Decision.objects.filter(review=review, stage=stage, reviewer=person).adjudications().standing()
    return mine.order_by("decided_at", "pk").last()


def _votes_on(keys: Collection[int], stage: Stage) -> dict[int, list[Decision]]:
    """Of citations in conflict, which are not blind."""
    copies = Citation.objects.filter(pk__in=keys) | Citation.objects.filter(merged_into__in=keys)
    votes = Decision.objects.filter(stage=stage, citation__in=copies.order_by().values("pk"))
    votes = votes.screening().standing().annotate(live=LIVE_CITATION)
    votes = votes.select_related("reviewer", "reason", "citation", "superseded_by")
    found: dict[int, list[Decision]] = defaultdict(list)
    for vote in votes.order_by("decided_at", "pk"):
        found[vote.live].append(vote)
    return found
