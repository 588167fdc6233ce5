"""What the team page shows: rounds, their gate, who has done what and what is still open. Reads only.

Colleagues see of a round what is concluded. How many votes each person has given is for the owner: a count
of votes, never a verdict.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from reviewsite.reviews.models import Membership, Review, Stage, User

from ..deciding.conclusions import Conclusion
from ..models import RoundEvent
from .choosing import Choice, How
from .gate import Verdict, verdicts_on
from .gate_scale import Scale, scale_of
from .participation import RoundAt, rounds_at
from .shares import Part, open_shares
from .tallies import Tally, tallies


@dataclass(frozen=True)
class Counts:
    """A round's citations by what the team has concluded."""

    total: int
    concluded: int
    conflicts: int

    @property
    def undecided(self) -> int:
        return self.total - self.concluded - self.conflicts

    @property
    def percent(self) -> int:
        return self.concluded * 100 // self.total if self.total else 0

    @property
    def conflict_start(self) -> float:
        return 100 * self.concluded / self.total if self.total else 0

    @property
    def conflict_width(self) -> float:
        return 100 * self.conflicts / self.total if self.total else 0


@dataclass(frozen=True)
class PersonLine:
    """One person in a round: votes given, their share of the open ones, and whether they are still in it."""

    user: User
    is_expert: bool
    target: int | None
    done: int
    share: int
    is_here: bool

    @property
    def percent(self) -> int:
        whole = self.done + self.share
        return self.done * 100 // whole if whole else 100


@dataclass(frozen=True)
class OwnLine:
    """The reader's own part of a round, told without anybody else's."""

    done: int
    waiting: int
    target: int | None


@dataclass
class RoundCard:
    """Everything shown of one round; `lines` and `needs` are the owner's."""

    at: RoundAt
    counts: Counts
    names: list[User]
    events: list[RoundEvent]
    gate: Verdict | None
    own: OwnLine | None
    scale: Scale | None = None
    lines: list[PersonLine] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    votes_open: int = 0
    holds_the_gate: bool = False

    @property
    def is_unblinded(self) -> bool:
        return any(event.act == RoundEvent.Act.UNBLINDED for event in self.events)

    @property
    def chosen(self) -> str:
        told = self.at.round.chosen_by if self.at.round else {}
        if not told:
            return (
                gettext("everything that is in no other round")
                if self.at.has_others
                else gettext("everything")
            )
        return Choice(**{**told, "how": How(told["how"])}).sentence


def cards(review: Review, stage: Stage, reader: Membership) -> list[RoundCard]:
    """The rounds of a stage as this member may see them."""
    found = _cards(rounds_at(review, stage), reader)
    for latest in [card for card in found if card.at.is_pilot][-1:]:
        latest.holds_the_gate = True
    return found


def card_of(round, reader: Membership) -> RoundCard:
    """One standing round with a row of its own."""
    found = _cards(rounds_at(round.review, round.stage), reader)
    return next(each for each in found if each.at.round == round)


def _cards(rounds: Sequence[RoundAt], reader: Membership) -> list[RoundCard]:
    tally_of = list(zip(rounds, tallies(rounds, reader.user), strict=True))
    known = {person for at, tally in tally_of for person in (*at.targets, *tally.done)}
    people = {user.pk: user for user in User.objects.filter(pk__in=known).order_by("name")}
    pilots = [(at, tally.states, tally.events) for at, tally in tally_of if at.is_pilot]
    gates = {gate.round.round: gate for gate in verdicts_on(pilots)}
    return [_card(at, tally, people, gates.get(at.round), reader) for at, tally in tally_of]


def _card(
    at: RoundAt, tally: Tally, people: Mapping[int, User], gate: Verdict | None, reader: Membership
) -> RoundCard:
    names = [user for pk, user in people.items() if pk in at.targets] if tally.people else []
    counts, own = counts_of(tally), None
    if reader.user_id in at.targets:
        own = OwnLine(tally.done[reader.user_id], tally.waiting, at.targets[reader.user_id])
    card = RoundCard(at=at, counts=counts, names=names, events=tally.events, gate=gate, own=own)
    if card.gate:
        card.scale = scale_of(card.gate)
    if reader.is_owner:
        card.votes_open = _votes_open(at, counts.undecided, tally.pending)
        voted = Counter(voter for voters in tally.pending.values() for voter in voters)
        able = {person: counts.undecided - voted[person] for person in at.targets}
        card.lines = _lines(at, tally, people, card.votes_open, able)
        card.needs = _needs(at, card)
    return card


def counts_of(tally: Tally) -> Counts:
    n = tally.states
    concluded = n[Conclusion.INCLUDED] + n[Conclusion.EXCLUDED]
    return Counts(sum(n.values()), concluded, n[Conclusion.CONFLICT])


def _votes_open(at: RoundAt, undecided: int, pending: Mapping[int, set[int]]) -> int:
    """Votes that the round's undecided citations still lack; an expert's missing one counts as one."""
    missing = sum(max(1, at.terms.required - len(voters)) for voters in pending.values())
    return missing + (undecided - len(pending)) * at.terms.required


def _lines(
    at: RoundAt, tally: Tally, people: Mapping[int, User], votes_open: int, able: Mapping[int, int]
) -> list[PersonLine]:
    """Who is in the round, and whoever else has voted in it: people who left among them."""
    parts = [Part(person, tally.done[person], able[person], target) for person, target in at.targets.items()]
    shares = open_shares(votes_open, parts) if parts and not at.is_shut else {}
    experts = at.terms.experts or {
        each.user_id for each in tally.people if each.is_expert and each.left_at is None
    }
    gone = [person for person in people if tally.done[person] and person not in at.targets]
    return [
        PersonLine(
            user=people[person],
            is_expert=person in experts,
            target=at.targets.get(person),
            done=tally.done[person],
            share=shares.get(person, 0),
            is_here=person in at.targets,
        )
        for person in [*at.targets, *gone]
    ]


def _needs(at: RoundAt, card: RoundCard) -> list[str]:
    """What only the owner can mend, before work gets stuck on it."""
    needs = []
    if card.counts.undecided and len(at.targets) < at.terms.required:
        needs.append(
            gettext(
                "A citation needs {required} votes and {n} can vote: name more people, or ask for fewer "
                "votes."
            ).format(required=at.terms.required, n=len(at.targets))
        )
    if card.counts.undecided and at.terms.experts is not None and at.terms.experts.isdisjoint(at.targets):
        needs.append(
            gettext("Citations wait for an expert, and no expert is in the round any more: name one.")
        )
    if card.gate and card.gate.is_complete and not card.gate.opened_by and not card.gate.is_enough:
        needs.append(
            gettext(
                "The pilot is complete and its agreement is below the protocol's. Talk the differences "
                "through and run another pilot, or open the main round with a written reason."
            )
        )
    return needs
