"""A pilot, and the gate that it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reviewsite.reviews.models import AuditEntry
from screening.deciding.conclusions import Conclusion
from screening.deciding.decisions import DecisionRefused
from screening.deciding.protocol import change_protocol
from screening.models import Citation, Lease, RoundCitation, RoundEvent
from screening.recount import differences
from screening.room import queue
from screening.rounds.choosing import Choice, How
from screening.rounds.rules import (
    RoundRefused,
    dissolve,
    open_round,
    override_gate,
)

from ...makers import decide
from .making import TA, citations, pilot, state, waiting

pytestmark = pytest.mark.django_db


def test_only_the_pilot_is_open_and_only_to_its_people(review, people):
    found = citations(review)
    anna, ben, cleo = people
    pilot(review, [anna, ben])

    assert waiting(review, anna) == [citation.pk for citation in found[:4]]
    assert waiting(review, cleo) == []


def test_enough_agreement_opens_the_main_round_and_keeps_the_numbers(review, people):
    found = citations(review)
    anna, ben, cleo = people
    round = pilot(review, [anna, ben])

    for citation, verdict in zip(found, ["include", "include", "exclude", "exclude"], strict=False):
        for person in (anna, ben):
            decide(citation, person, verdict)

    event = RoundEvent.objects.get(round=round)
    assert (event.act, event.numbers["value"], event.numbers["n"]) == ("passed", 1.0, 4)
    assert waiting(review, cleo) == [citation.pk for citation in found[4:]]


def test_too_little_agreement_keeps_it_shut_until_the_owner_says_why(review, people):
    found = citations(review)
    anna, ben, cleo = people
    round = pilot(review, [anna, ben])
    for citation in found[:4]:
        decide(citation, anna, "include")
        decide(citation, ben, "exclude")

    assert waiting(review, cleo) == []
    with pytest.raises(RoundRefused, match="why"):
        override_gate(round=round, by=review.created_by, reason=" ")
    override_gate(round=round, by=review.created_by, reason="We talked all four through.")

    assert len(waiting(review, cleo)) == 6
    event = RoundEvent.objects.get(round=round)
    assert event.numbers["value"] == 0
    assert AuditEntry.objects.get(act="round overridden").details["reason"].startswith("We talked")


def test_a_second_pilot_can_pass_where_the_first_did_not(review, people):
    found = citations(review)
    anna, ben, cleo = people
    pilot(review, [anna, ben], n=2)
    for citation in found[:2]:
        decide(citation, anna, "include")
        decide(citation, ben, "exclude")
    pilot(review, [anna, ben], n=2)
    for citation, verdict in zip(found[2:4], ["include", "exclude"], strict=True):
        decide(citation, anna, verdict)
        decide(citation, ben, verdict)

    assert len(waiting(review, cleo)) == 6


def test_a_lower_threshold_opens_a_complete_pilot_and_a_higher_one_closes_nothing(review, people):
    found = citations(review)
    anna, ben, cleo = people
    pilot(review, [anna, ben])
    for citation, (one, other) in zip(
        found,
        [("include", "include"), ("exclude", "exclude"), ("include", "exclude"), ("exclude", "exclude")],
        strict=False,
    ):
        decide(citation, anna, one)
        decide(citation, ben, other)
    assert waiting(review, cleo) == []

    change_protocol(review=review, by=review.created_by, pilot_threshold=0.4)
    assert len(waiting(review, cleo)) == 6
    change_protocol(review=review, by=review.created_by, pilot_threshold=0.9)
    assert len(waiting(review, cleo)) == 6


def test_the_lower_limit_can_be_what_must_reach_the_threshold(review, people):
    found = citations(review)
    anna, ben, cleo = people
    change_protocol(
        review=review,
        by=review.created_by,
        pilot_judges_lower_limit=True,
        pilot_statistic="raw",
        pilot_threshold=0.5,
    )
    round = pilot(review, [anna, ben])
    for citation in found[:4]:
        decide(citation, anna, "exclude")
        decide(citation, ben, "exclude")

    # Four of four agreed; the score interval of 4/4 begins at .510 (Wilson 1927: n / (n + z^2)).
    assert RoundEvent.objects.get(round=round).numbers["low"] == pytest.approx(0.510, abs=5e-4)


def test_a_vote_on_the_main_round_is_refused_while_the_pilot_runs(review, people):
    found = citations(review)
    pilot(review, people[:2])

    with pytest.raises(DecisionRefused, match="opens once"):
        decide(found[-1], people[0], "include")
    with pytest.raises(DecisionRefused, match="do not screen"):
        decide(found[0], people[2], "include")


def test_a_vote_on_what_already_lay_before_somebody_is_never_lost(review, people):
    found = citations(review)
    anna = people[0]
    before = queue.take(review, anna, TA, 10)
    Lease.objects.update(expires_at=timezone.now() - timedelta(hours=3))
    pilot(review, people[1:])

    decide(before[-1], anna, "include")

    assert found[-1] == before[-1]


def test_a_pilot_takes_what_nobody_has_voted_on(review, people):
    found = citations(review)
    decide(found[0], people[0], "include")

    pilot(review, people[:2], n=3)

    assert list(RoundCitation.objects.values_list("citation", flat=True)) == [c.pk for c in found[1:4]]


def test_the_same_seed_chooses_the_same_citations(review, people):
    citations(review, 30)
    choice = Choice(How.RANDOM, n=6, seed=7)
    first = pilot_with(review, choice)
    chosen = set(first.places.values_list("citation", flat=True))
    dissolve(round=first, by=review.created_by, reason="Wrong people.")

    second = pilot_with(review, choice)

    assert set(second.places.values_list("citation", flat=True)) == chosen
    assert chosen != set(Citation.objects.order_by("pk").values_list("pk", flat=True)[:6])


def test_a_dissolved_pilot_gives_its_citations_and_their_votes_back(review, people):
    found = citations(review)
    round = pilot(review, people, decisions_needed=3)
    decide(found[0], people[0], "include")
    decide(found[0], people[1], "include")
    assert state(found[0]) == Conclusion.UNDECIDED

    dissolve(round=round, by=review.created_by, reason="Too many votes asked for.")

    assert state(found[0]) == Conclusion.INCLUDED
    assert len(waiting(review, people[2])) == 9
    assert list(differences(review)) == []


def test_the_room_names_the_pilot_while_the_main_round_waits_for_it(review, people, client):
    found = citations(review)
    anna, ben, _cleo = people
    pilot(review, [anna, ben])
    client.force_login(anna)
    room = f"/reviews/{review.slug}/screen/title_abstract/"
    assert "Calibration" in client.get(room).content.decode()

    for citation, verdict in zip(found, ["include", "include", "exclude", "exclude"], strict=False):
        for person in (anna, ben):
            decide(citation, person, verdict)

    assert "Calibration" not in client.get(room).content.decode()


def pilot_with(review, choice):
    return open_round(review=review, stage=TA, by=review.created_by, kind="pilot", name="", choice=choice)
