"""The rules of rounds: open, change, unblind, override the gate, dissolve. The only writer of rounds."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from reviewsite.reviews.models import Protocol, Review, record_act

from ..deciding.refolding import refold
from ..models import Round, RoundCitation, RoundEvent, RoundPerson
from .choosing import Choice, choose
from .gate import numbers_of, verdict_on
from .participation import OPENING, RoundAt, rounds_at, who_screens

Act = RoundEvent.Act


class RoundRefused(Exception):
    """The round cannot be made or changed as asked; the text is a sentence for the person."""


@dataclass(frozen=True)
class Place:
    """One person in a round: whether as an expert, and how many citations they take on at most."""

    user: int
    is_expert: bool = False
    target: int | None = None


@transaction.atomic
def open_round(
    *,
    review: Review,
    stage: str,
    by,
    kind: str,
    name: str,
    choice: Choice | None = None,
    decisions_needed: int | None = None,
    needs_expert: bool = False,
    people: Sequence[Place] = (),
) -> Round:
    """A pilot, or a main round over some citations; without a choice the main round that takes the rest.

    Raises RoundRefused when the round could not do what it is for.
    """
    _lock(review)
    rest = kind == Round.Kind.MAIN and choice is None
    if rest and Round.objects.at(review.pk, stage).filter(takes_the_rest=True).exists():
        raise RoundRefused(gettext("There is a main round that takes the rest already; change that one."))
    round = Round(
        review=review,
        stage=stage,
        kind=kind,
        name=_name(review, stage, kind, name),
        takes_the_rest=rest,
        decisions_needed=decisions_needed,
        needs_expert=needs_expert,
        chosen_by=choice.as_json() if choice else {},
        created_by=by,
    )
    _check(round, people, review.protocol)
    round.save()
    _seat(round, people)
    placed = _place_citations(round, choice) if choice else "all that are in no other round"
    # Votes that were already there may now be too few, or enough.
    refold(review, stage)
    told = {"stage": stage, "kind": kind, "citations": placed, "people": _told(round)["people"]}
    record_act(review, by, "round opened", round=round.name, **told)
    return round


@transaction.atomic
def change_round(
    *,
    round: Round,
    by,
    name: str,
    decisions_needed: int | None,
    needs_expert: bool,
    people: Sequence[Place],
) -> Round:
    """Other people, targets or votes. Votes given stay; what they come to is concluded anew."""
    _lock(round.review)
    round.refresh_from_db()
    _must_stand(round)
    before = _told(round)
    round.name, round.decisions_needed, round.needs_expert = name.strip(), decisions_needed, needs_expert
    _check(round, people, round.review.protocol)
    round.save(update_fields=["name", "decisions_needed", "needs_expert"])
    _seat(round, people)
    after = _told(round)
    if before != after:
        refold(round.review, round.stage)
        record_act(round.review, by, "round changed", stage=round.stage, before=before, after=after)
    return round


@transaction.atomic
def main_round(*, review: Review, stage: str, by) -> Round:
    """The round that takes the rest, with a row of its own from now on."""
    _lock(review)
    standing = Round.objects.at(review.pk, stage).filter(takes_the_rest=True).first()
    if standing:
        return standing
    round = Round.objects.create(
        review=review,
        stage=stage,
        kind=Round.Kind.MAIN,
        name="Main round",
        takes_the_rest=True,
        created_by=by,
    )
    record_act(review, by, "main round given people of its own", stage=stage)
    return round


@transaction.atomic
def unblind(*, round: Round, by, reason: str) -> RoundEvent:
    """Let everybody read every decision of the round, also on citations that still lack votes.

    Votes given from now on are not independent, so agreement leaves them out.
    """
    return _noted(_happen(round, Act.UNBLINDED, by, reason, {}))


@transaction.atomic
def override_gate(*, round: Round, by, reason: str) -> RoundEvent:
    """Open the main round although the pilot has not shown the agreement that the protocol asks for."""
    if not round.is_pilot:
        raise RoundRefused(gettext("Only a pilot holds the main round back."))
    if round.events.filter(act__in=OPENING).exists():
        raise RoundRefused(gettext("The main round is open already."))
    numbers = numbers_of(verdict_on(_as_it_stands(round)))
    return _noted(_happen(round, Act.OVERRIDDEN, by, reason, numbers))


@transaction.atomic
def dissolve(*, round: Round, by, reason: str) -> RoundEvent:
    """End a round that was not meant: its citations go to the round that takes the rest, with their votes."""
    _lock(round.review)
    event = _happen(round, Act.DISSOLVED, by, reason, {})
    now = timezone.now()
    RoundCitation.objects.held().filter(round=round).update(released_at=now)
    Round.objects.filter(pk=round.pk).update(dissolved_at=now)
    round.dissolved_at = now
    refold(round.review, round.stage)
    return _noted(event)


def _happen(round: Round, act: Act, by, reason: str, numbers: dict[str, object]) -> RoundEvent:
    _must_stand(round)
    if not reason.strip():
        raise RoundRefused(gettext("Write down why: the reason is kept with the round."))
    try:
        with transaction.atomic():
            event = RoundEvent.objects.create(
                round=round, act=act, by=by, reason=reason.strip(), numbers=numbers
            )
    except IntegrityError:
        raise RoundRefused(gettext("That was done already; it is among the events of the round.")) from None
    return event


def _noted(event: RoundEvent) -> RoundEvent:
    """In the audit log, after all that the event brought about."""
    round = event.round
    told = {"round": round.name, "stage": round.stage, "reason": event.reason}
    record_act(round.review, event.by, f"round {event.act}", **told)
    return event


def _place_citations(round: Round, choice: Choice) -> int:
    chosen = choose(round.review, round.stage, choice, nobody_voted=round.is_pilot)
    if not chosen:
        raise RoundRefused(
            gettext(
                "No citation fits that choice. A pilot takes citations on which nobody has voted and that "
                "are in no other round."
            )
            if round.is_pilot
            else gettext("No citation fits that choice: all are concluded or in another round.")
        )
    places = [RoundCitation(round=round, stage=round.stage, citation_id=pk) for pk in chosen]
    RoundCitation.objects.bulk_create(places, batch_size=1000)
    return len(chosen)


def _check(round: Round, people: Sequence[Place], protocol: Protocol) -> None:
    screeners = set(who_screens(round.review))
    if strangers := {place.user for place in people} - screeners:
        raise RoundRefused(
            gettext("{n} of the people named may not screen in this review.").format(n=len(strangers))
        )
    number = len(people) or len(screeners)
    needed = round.decisions_needed or protocol.decisions_needed(round.stage)
    if needed > number:
        raise RoundRefused(
            gettext("A citation would need {needed} votes, but only {number} can vote in this round.").format(
                needed=needed, number=number
            )
        )
    if round.is_pilot and needed < 2:
        raise RoundRefused(
            gettext("A pilot measures agreement, so a citation in it needs two votes at least.")
        )
    if round.needs_expert and not any(place.is_expert for place in people):
        raise RoundRefused(gettext("Name the people of the round, and say who of them is an expert."))


def _seat(round: Round, people: Sequence[Place]) -> None:
    """The people of the round from now on; those no longer named keep their row, with the time they left."""
    seated = {row.user_id: row for row in RoundPerson.objects.filter(round=round, left_at=None)}
    for place in people:
        row = seated.pop(place.user, None) or RoundPerson(round=round, user_id=place.user)
        row.is_expert, row.target = place.is_expert, place.target
        row.save()
    gone = [row.pk for row in seated.values()]
    RoundPerson.objects.filter(pk__in=gone).update(left_at=timezone.now())


def _told(round: Round) -> dict[str, object]:
    people = RoundPerson.objects.filter(round=round, left_at=None).order_by("user__email")
    return {
        "name": round.name,
        "decisions_needed": round.decisions_needed,
        "needs_expert": round.needs_expert,
        "people": list(people.values("user__email", "is_expert", "target")),
    }


def _name(review: Review, stage: str, kind: str, name: str) -> str:
    if name.strip():
        return name.strip()
    number = Round.objects.filter(review=review, stage=stage, kind=kind).count() + 1
    return f"Pilot {number}" if kind == Round.Kind.PILOT else "Main round"


def _as_it_stands(round: Round) -> RoundAt:
    return next(each for each in rounds_at(round.review, round.stage) if each.round == round)


def _must_stand(round: Round) -> None:
    if round.dissolved_at:
        raise RoundRefused(gettext("This round was dissolved."))


def _lock(review: Review) -> None:
    """One change to the rounds of a review at a time."""
    Protocol.objects.select_for_update(no_key=True).get(review=review)
