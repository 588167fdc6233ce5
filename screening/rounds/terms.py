"""What a citation needs before the team has concluded on it: how many votes, and whether an expert's."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from reviewsite.reviews.models import Protocol

from ..models import Citation, Round, RoundCitation, RoundPerson


@dataclass(frozen=True, slots=True)
class Terms:
    """The votes needed, and the people of whom one must be among them; None when nobody in particular."""

    required: int
    experts: frozenset[int] | None = None

    def has_room_for(self, person: int, takers: Collection[int]) -> bool:
        """Whether one more vote, this person's, is wanted beside those of `takers`."""
        taken = len(set(takers) - {person})
        if self.experts is None:
            return taken < self.required
        if not self.experts.isdisjoint(set(takers) - {person}):
            return taken < self.required
        # The last place is an expert's as long as no expert has one.
        return person in self.experts or taken < self.required - 1


def terms_in(
    round: Round | None, stage: str, protocol: Protocol, places: Iterable[RoundPerson] | None = None
) -> Terms:
    """The terms of a round; of the implicit one that everything is in, those of the protocol.

    places: everybody who was ever in a round of the stage, where the caller has read them already.
    """
    if round is None:
        return Terms(protocol.decisions_needed(stage))
    required = round.decisions_needed or protocol.decisions_needed(stage)
    if not round.needs_expert:
        return Terms(required)
    if places is None:
        return Terms(required, experts_of(round))
    return Terms(required, frozenset(p.user_id for p in places if p.round_id == round.pk and p.is_expert))


def experts_of(round: Round) -> frozenset[int]:
    """Everybody who was an expert in the round, also those who left: their votes still count as one's."""
    return frozenset(
        RoundPerson.objects.filter(round=round, is_expert=True).values_list("user_id", flat=True)
    )


def round_of(citation: Citation, stage: str, standing: Iterable[Round] | None = None) -> Round | None:
    """The round that a live citation is screened in; None for the implicit one."""
    rounds = list(Round.objects.at(citation.review_id, stage) if standing is None else standing)
    if not rounds:
        return None
    founded = Citation.objects.filter(merged_into=citation).values("pk")
    places = RoundCitation.objects.held().filter(stage=stage)
    place = places.filter(citation=citation).first() or places.filter(citation__in=founded).first()
    wanted = place.round_id if place else None
    return next((each for each in rounds if (each.pk == wanted if place else each.takes_the_rest)), None)
