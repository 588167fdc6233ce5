"""Citations that lie before somebody: taken with the page, renewed by deciding, run out by themselves.

Whoever only looks holds a citation for two minutes; whoever decides, for half an hour.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from reviewsite.reviews.models import Review

from ..models import Citation, Decision, Lease, RoundCitation
from ..rounds.participation import RoundAt

LOOKING = timedelta(minutes=2)
WORKING = timedelta(minutes=30)
# What lies before one is renewed when this much of its time is over, not at each decision.
RENEWED_AFTER = timedelta(minutes=1)
CHUNK = 100
VOTE, PLACE, LEASE = "vote", "place", "lease"


@dataclass
class Desk:
    """What one person is given out of what waits for them, beside what lies before their colleagues."""

    review: Review
    stage: str
    person: int
    rounds: Sequence[RoundAt]
    is_at_work: bool = field(default=False, init=False)
    _held: dict[int, set[int]] = field(default_factory=dict, init=False)
    _is_read: bool = field(default=False, init=False)

    def with_room(
        self, waiting: QuerySet[Citation], count: int, *, wanted: int | None = None
    ) -> list[Citation]:
        """The first citations that want one more vote, this person's.

        Passed over are those on which as many colleagues as are needed have voted or are at it.
        wanted: the citation that is given out all the same.
        """
        found: list[Citation] = []
        offset, size = 0, CHUNK
        while len(found) < count and (chunk := list(waiting[offset : offset + size])):
            with_room = self._room([citation.pk for citation in chunk])
            found += [citation for citation in chunk if citation.pk in with_room or citation.pk == wanted]
            if len(chunk) < size:
                break
            # Where many work at once, the first of the queue lie before colleagues.
            offset, size = offset + size, size * 4
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
        takers: dict[int, set[int]] = {pk: set() for pk in chunk}
        terms = dict.fromkeys(chunk, self.rounds[-1].terms)
        terms_of = {each.round.pk: each.terms for each in self.rounds if each.round}
        for kind, citation, other in self._standing_of(chunk):
            if kind == VOTE:
                takers[citation].add(other)
            elif other in terms_of:
                terms[citation] = terms_of[other]
        for pk in chunk:
            takers[pk] |= self._held.get(pk, set())
        return {pk for pk in chunk if terms[pk].has_room_for(self.person, takers[pk])}

    def _standing_of(self, chunk: Sequence[int]) -> list[tuple[str, int, int]]:
        """Votes on these citations and, where rounds name theirs, the rounds they are in; in one query.

        Along with the first of them comes what lies before whom, which is not asked for again.
        """
        none = Cast(Value(None), DateTimeField())
        parts = [
            votes.values_list(_kind(VOTE), "live", "reviewer", none) for votes in votes_on(chunk, self.stage)
        ]
        if len(self.rounds) > 1:
            held = RoundCitation.objects.held().filter(stage=self.stage).order_by()
            parts += [
                places.values_list(_kind(PLACE), "live", "round", none) for places in _on_copies(held, chunk)
            ]
        is_first, self._is_read = not self._is_read, True
        if is_first:
            running = Lease.objects.running().filter(review=self.review, stage=self.stage).order_by()
            parts.append(running.values_list(_kind(LEASE), "citation", "reviewer", "expires_at"))
        rows = list(parts[0].union(*parts[1:], all=True))
        if is_first:
            self._take_note((cit, who, until) for kind, cit, who, until in rows if kind == LEASE)
        return [(kind, citation, other) for kind, citation, other, _ in rows if kind != LEASE]

    def _take_note(self, leases: Iterable[tuple[int, int, datetime]]) -> None:
        """Of somebody who left, nothing lies before them."""
        present = {person for each in self.rounds for person in each.targets}
        soon = timezone.now() + LOOKING
        for citation, reviewer, until in leases:
            if reviewer == self.person:
                # Only deciding makes a lease that long.
                self.is_at_work = self.is_at_work or until > soon
            elif reviewer in present:
                self._held.setdefault(citation, set()).add(reviewer)


def _kind(name: str) -> Value:
    return Value(name, output_field=CharField())


def _on_copies(rows: QuerySet[Any], citations: Collection[int]) -> list[QuerySet[Any]]:
    """Rows on the citations, and rows on what was merged into them; `live` is the citation they count for.

    Two reads: an OR across the join, or a list of copies made within the query, reads every row there is.
    """
    return [
        rows.filter(citation__in=citations).annotate(live=F("citation")),
        rows.filter(citation__merged_into__in=citations).annotate(live=F("citation__merged_into")),
    ]


def after_decision(citation: Citation, stage: str, person: int) -> None:
    """The vote takes the lease's place, and what else lies before the person stays theirs for longer."""
    own = Lease.objects.filter(review_id=citation.review_id, stage=stage, reviewer=person)
    own.filter(citation=citation).delete()
    until = timezone.now() + WORKING
    own.running().filter(expires_at__lt=until - RENEWED_AFTER).update(expires_at=until)


def votes_on(citations: Collection[int], stage: str) -> list[QuerySet[Decision]]:
    """Every standing vote on these live citations, whose key is `live`: two reads, no row in both."""
    return _on_copies(Decision.objects.filter(stage=stage).screening().standing().order_by(), citations)
