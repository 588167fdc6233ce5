"""Citations that lie before somebody: taken with the page, renewed by deciding, run out by themselves.

Whoever only looks holds a citation for two minutes; whoever decides, for half an hour.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from reviewsite.reviews.models import Review

from .models import Citation, Decision, Lease
from .participation import LIVE_CITATION, RoundAt
from .terms import Terms

LOOKING = timedelta(minutes=2)
WORKING = timedelta(minutes=30)
CHUNK = 100


@dataclass
class Desk:
    """What one person is given out of what waits for them, beside what lies before their colleagues."""

    review: Review
    stage: str
    person: int
    rounds: Sequence[RoundAt]
    is_at_work: bool = field(default=False, init=False)
    _held: dict[int, set[int]] | None = field(default=None, init=False)

    def with_room(self, waiting: QuerySet[Citation], count: int) -> list[Citation]:
        """The first citations that want one more vote, this person's.

        Passed over are those on which as many colleagues as are needed have voted or are at it.
        """
        found: list[Citation] = []
        offset = 0
        while len(found) < count and (chunk := list(waiting[offset : offset + CHUNK])):
            wanted = self._room([citation.pk for citation in chunk])
            found += [citation for citation in chunk if citation.pk in wanted]
            offset += CHUNK
        return found[:count]

    def lease(self, citations: Collection[int]) -> None:
        """These lie before the person from now on."""
        until = timezone.now() + (WORKING if self.is_at_work else LOOKING)
        Lease.objects.bulk_create(
            [
                Lease(
                    review=self.review,
                    stage=self.stage,
                    citation_id=pk,
                    reviewer_id=self.person,
                    expires_at=until,
                )
                for pk in citations
            ],
            update_conflicts=True,
            unique_fields=["citation", "stage", "reviewer"],
            update_fields=["expires_at"],
        )

    def _room(self, chunk: Sequence[int]) -> set[int]:
        takers = {pk: set(self._before_colleagues().get(pk, ())) for pk in chunk}
        for citation, reviewer in votes_on(chunk, self.stage):
            takers[citation].add(reviewer)
        terms = self._terms(chunk)
        return {pk for pk in chunk if terms[pk].has_room_for(self.person, takers[pk])}

    def _before_colleagues(self) -> Mapping[int, set[int]]:
        """Citation to the people before whom it lies; of somebody who left nothing does."""
        if self._held is None:
            self._held = {}
            present = {person for each in self.rounds for person in each.targets}
            running = Lease.objects.running().filter(review=self.review, stage=self.stage)
            soon = timezone.now() + LOOKING
            for citation, reviewer, until in running.values_list("citation", "reviewer", "expires_at"):
                if reviewer == self.person:
                    # Only deciding makes a lease that long.
                    self.is_at_work = self.is_at_work or until > soon
                elif reviewer in present:
                    self._held.setdefault(citation, set()).add(reviewer)
        return self._held

    def _terms(self, chunk: Sequence[int]) -> dict[int, Terms]:
        terms = dict.fromkeys(chunk, self.rounds[-1].terms)
        for each in self.rounds[:-1]:
            inside = Citation.objects.filter(pk__in=chunk).filter(each.members).values_list("pk", flat=True)
            terms.update(dict.fromkeys(inside, each.terms))
        return terms


def after_decision(citation: Citation, stage: str, person: int) -> None:
    """The vote takes the lease's place, and what else lies before the person stays theirs for longer."""
    own = Lease.objects.filter(review_id=citation.review_id, stage=stage, reviewer=person)
    own.filter(citation=citation).delete()
    own.running().update(expires_at=timezone.now() + WORKING)


def votes_on(citations: Collection[int], stage: str) -> QuerySet[Decision, tuple[int, int]]:
    """Pairs of live citation and person for every standing vote on these citations."""
    # Named as a set of citations: an OR across the join would read every decision there is.
    copies = Citation.objects.filter(Q(pk__in=citations) | Q(merged_into__in=citations)).order_by()
    votes = Decision.objects.filter(stage=stage, citation__in=copies.values("pk")).screening().standing()
    return votes.order_by().annotate(live=LIVE_CITATION).values_list("live", "reviewer")
