"""Who screens in which round now, whether the round is open, and which of its citations fall to a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from reviewsite.reviews.models import Membership, Review, Role

from ..deciding.conclusions import Conclusion
from ..models import Citation, Decision, Lease, Round, RoundCitation, RoundEvent, RoundPerson
from .terms import Terms, round_of, terms_in

# A decision made on a copy belongs to the citation that the copy was merged into.
LIVE_CITATION = Coalesce("citation__merged_into", "citation")
OPENING = (RoundEvent.Act.PASSED, RoundEvent.Act.OVERRIDDEN)


@dataclass(frozen=True)
class RoundAt:
    """A round as it stands at a stage; `round` is None for the implicit one that everything is in.

    targets: the people who screen in it now, each with the number they take on at most or None.
    """

    review: Review
    stage: str
    round: Round | None
    terms: Terms
    targets: dict[int, int | None]
    is_shut: bool
    has_others: bool
    _offers: dict[int, Q | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    _done: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def takes_the_rest(self) -> bool:
        return self.round is None or self.round.takes_the_rest

    @property
    def name(self) -> str:
        return self.round.name if self.round else "Main round"

    @property
    def is_pilot(self) -> bool:
        return self.round is not None and self.round.is_pilot

    @cached_property
    def members(self) -> Q:
        """The condition under which a citation is in this round."""
        return self._holds("pk")

    def _holds(self, key: str) -> Q:
        if not self.takes_the_rest:
            return Q(**{f"{key}__in": RoundCitation.objects.filter(round=self.round).live()})
        if not self.has_others:
            return Q()
        placed = RoundCitation.objects.filter(round__review=self.review, stage=self.stage)
        return ~Q(**{f"{key}__in": placed.live()})

    def citations(self) -> QuerySet[Citation]:
        """The round's citations that have reached the stage."""
        return self.review.citations.at(self.stage).filter(self.members)

    def votes(self) -> QuerySet[Decision]:
        """Standing screening votes on the round's citations; `live` is the citation they count for."""
        return votes_at(self.review, self.stage).filter(self._holds("live"))

    def votes_on_undecided(self) -> QuerySet[Decision]:
        """Those of them that have not led to a conclusion yet: few, where all of them are many."""
        return undecided_of(self.votes(), self.stage)

    def done_by_person(self) -> dict[int, int]:
        """How many of its citations each person has voted on, whoever they are now."""
        counted = self.votes().order_by().values("reviewer").annotate(n=Count("live", distinct=True))
        return dict(counted.values_list("reviewer", "n"))

    def open_to(self, person: int) -> Q | None:
        """Which of the round's undecided citations the person may take; None when there are none.

        Asked for once: a page that hands out and counts does both by the same answer.
        """
        if person not in self._offers:
            self._offers[person] = self._offer_to(person)
        return self._offers[person]

    def _offer_to(self, person: int) -> Q | None:
        if self.is_shut or person not in self.targets:
            return None
        condition = self.members
        target = self.targets[person]
        if target is not None:
            if person not in self._done:
                _note_done([self], person)
            if self._done[person] >= target:
                condition &= self._left_to(person)
        if self.terms.experts is not None and person not in self.terms.experts:
            condition &= self._with_room_for_a_novice()
        return condition

    def _left_to(self, person: int) -> Q:
        """Of somebody past their target: the citations for which too few others have room."""
        done = self.done_by_person()
        helpers = [
            each
            for each, target in self.targets.items()
            if each != person and (target is None or done.get(each, 0) < target)
        ]
        short = self.terms.required - len(helpers)
        if short <= 0:
            return Q(pk__in=[])
        by_others = self.votes_on_undecided().exclude(reviewer__in=helpers).order_by().values("live")
        enough = by_others.annotate(n=Count("reviewer", distinct=True)).filter(n__gte=short)
        return ~Q(pk__in=enough.values("live"))

    def _with_room_for_a_novice(self) -> Q:
        """The last vote of a citation is an expert's as long as none has voted."""
        if self.terms.required == 1:
            return Q(pk__in=[])
        experts = self.terms.experts or ()
        counted = (
            self.votes_on_undecided()
            .order_by()
            .values("live")
            .annotate(n=Count("reviewer", distinct=True), e=Count("pk", filter=Q(reviewer__in=experts)))
        )
        return ~Q(pk__in=counted.filter(n__gte=self.terms.required - 1, e=0).values("live"))


def votes_at(review: Review, stage: str) -> QuerySet[Decision]:
    """Standing screening votes at a stage; `live` is the citation they count for."""
    votes = Decision.objects.filter(review=review, stage=stage).screening().standing()
    return votes.annotate(live=LIVE_CITATION)


def undecided_of(votes: QuerySet[Decision], stage: str) -> QuerySet[Decision]:
    """Those votes that have not led to a conclusion yet."""
    own = Q(citation__merged_into=None) & Q(**{f"citation__{stage}_state": Conclusion.UNDECIDED})
    merged = Q(**{f"citation__merged_into__{stage}_state": Conclusion.UNDECIDED})
    return votes.filter(own | merged)


def rounds_at(
    review: Review, stage: str, *, screeners: Sequence[int] | None = None, has_rounds: bool = True
) -> list[RoundAt]:
    """The standing rounds of a stage, the one that takes the rest last; there is always that one.

    screeners: who screens, where the caller has read it already.
    has_rounds: False where it is known that nobody has made a round, which saves asking for them.
    """
    standing = list(Round.objects.at(review.pk, stage).with_opening()) if has_rounds else []
    if screeners is None:
        screeners = list(who_screens(review))
    shut = is_shut(standing)
    places = list(RoundPerson.objects.filter(round__in=standing)) if standing else []
    named = _named_people(places)
    listed: list[Round | None] = sorted(standing, key=lambda each: (each.takes_the_rest, each.pk))
    if not any(each.takes_the_rest for each in standing):
        listed.append(None)
    has_others = any(not each.takes_the_rest for each in standing)
    return [
        RoundAt(
            review=review,
            stage=stage,
            round=each,
            terms=terms_in(each, stage, review.protocol, places),
            targets=_targets(each, named, screeners),
            is_shut=shut and not (each and each.is_pilot),
            has_others=has_others,
        )
        for each in listed
    ]


def who_screens(review: Review) -> QuerySet:
    """The keys of the people whose role lets them screen now, in the order they joined."""
    return seats(review).values_list("user_id", flat=True)


def seats(review: Review) -> QuerySet[Membership]:
    """The memberships whose role lets their people screen now, in the order they joined."""
    members = Membership.objects.current().filter(review=review, role__in=[Role.OWNER, Role.REVIEWER])
    return members.order_by("joined_at", "pk")


def is_shut(standing: Iterable[Round]) -> bool:
    """Whether the main round waits: the latest pilot has neither passed nor been overridden.

    standing: as `with_opening` reads them.
    """
    pilots = [each for each in standing if each.is_pilot]
    if not pilots:
        return False
    latest = max(pilots, key=lambda each: each.pk)
    return not latest.is_opened


def open_to(review: Review, person: int, stage: str, rounds: Sequence[RoundAt] | None = None) -> Q:
    """The condition under which an undecided citation may be taken by this person, over all rounds."""
    if rounds is None:
        rounds = rounds_at(review, stage)
    if all(each.round is None for each in rounds):
        return Q()
    _note_done(rounds, person)
    offers = [each.open_to(person) for each in rounds]
    conditions = [offer for offer in offers if offer is not None]
    if not conditions:
        return Q(pk__in=[])
    if not all(conditions):
        return Q()
    first, *others = conditions
    for other in others:
        first |= other
    return first


def _note_done(rounds: Sequence[RoundAt], person: int) -> None:
    """How far the person has come in each open round in which they have a target, in one query for all."""
    counting = [
        each
        for each in rounds
        if not each.is_shut and each.targets.get(person) is not None and person not in each._done
    ]
    parts = [
        each.votes()
        .filter(reviewer=person)
        .order_by()
        .values(at=Value(at, output_field=IntegerField()))
        .annotate(done=Count("live", distinct=True))
        .values_list("at", "done")
        for at, each in enumerate(counting)
    ]
    if parts:
        counted = dict(parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0])
        for at, each in enumerate(counting):
            each._done[person] = counted.get(at, 0)


def refusal(citation: Citation, stage: str, person: int, standing: Sequence[Round]) -> str:
    """Why a first vote of this person on this citation is not taken; empty when it is.

    What was once laid before somebody is always taken, however late it arrives: work is not lost.
    """
    if not standing or Lease.objects.filter(citation=citation, stage=stage, reviewer=person).exists():
        return ""
    round = round_of(citation, stage, standing)
    if not (round and round.is_pilot) and is_shut(standing):
        return gettext(
            "This citation belongs to the main round, which opens once the pilot's agreement is reached."
        )
    if round and _somebody_else_is_named(round, person):
        return gettext("This citation belongs to “{round}”, in which you do not screen.").format(round=round)
    return ""


def _somebody_else_is_named(round: Round, person: int) -> bool:
    named = set(RoundPerson.objects.filter(round=round).values_list("user_id", flat=True))
    return bool(named) and person not in named


def _named_people(places: Iterable[RoundPerson]) -> dict[int, dict[int, int | None]]:
    named: dict[int, dict[int, int | None]] = {}
    for place in places:
        if place.left_at is None:
            named.setdefault(place.round_id, {})[place.user_id] = place.target
    return named


def _targets(
    round: Round | None, named: dict[int, dict[int, int | None]], screeners: Sequence[int]
) -> dict[int, int | None]:
    """The people named who are still here; where nobody was ever named, everybody who screens."""
    own = named.get(round.pk) if round else None
    if own is None:
        return dict.fromkeys(screeners)
    return {person: own[person] for person in screeners if person in own}
