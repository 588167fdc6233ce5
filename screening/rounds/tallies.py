"""What every round of a stage comes to, read for all of them at once: one round or thirty, equal queries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Value

from reviewsite.reviews.models import User

from ..models import RoundEvent, RoundPerson
from ..room import queue
from .participation import RoundAt, undecided_of, votes_at
from .places import Places


@dataclass
class Tally:
    """One round.

    states: concluded state to citations; done: person to citations voted on; pending: undecided citation to
    who has voted on it; waiting: undecided citations that the reader may take.
    """

    states: Counter[str] = field(default_factory=Counter)
    done: Counter[int] = field(default_factory=Counter)
    pending: dict[int, set[int]] = field(default_factory=dict)
    waiting: int = 0
    events: list[RoundEvent] = field(default_factory=list)
    people: list[RoundPerson] = field(default_factory=list)


def tallies(rounds: Sequence[RoundAt], reader: User) -> list[Tally]:
    """A tally of each of a stage's rounds, all of which are given."""
    review, stage, places = rounds[0].review, rounds[0].stage, Places(rounds)
    votes = votes_at(review, stage).order_by()
    states = places.counted(review.citations.at(stage).order_by(), "pk", f"{stage}_state")
    done = places.counted(votes, "live", "reviewer")
    found = [Tally(states=a, done=b) for a, b in zip(states, done, strict=True)]
    for citation, voter in undecided_of(votes, stage).values_list("live", "reviewer"):
        for at in places.of(citation):
            found[at].pending.setdefault(citation, set()).add(voter)
    if any(reader.pk in each.targets for each in rounds):
        waiting = queue.awaiting(review, reader, stage, rounds).order_by().annotate(any=Value(1))
        for tally, counts in zip(found, places.counted(waiting, "pk", "any"), strict=True):
            tally.waiting = counts[1]
    _add_events_and_people(rounds, found)
    return found


def _add_events_and_people(rounds: Sequence[RoundAt], found: Sequence[Tally]) -> None:
    tally_of = {each.round.pk: tally for each, tally in zip(rounds, found, strict=True) if each.round}
    if tally_of:
        for event in RoundEvent.objects.filter(round__in=list(tally_of)).select_related("by"):
            tally_of[event.round_id].events.append(event)
        for person in RoundPerson.objects.filter(round__in=list(tally_of)):
            tally_of[person.round_id].people.append(person)
