"""An owner opens a round's votes."""

import pytest

from reviewsite.reviews.models import AuditEntry
from screening.room import queue
from screening.rounds.participation import rounds_at
from screening.rounds.rules import (
    RoundRefused,
    main_round,
    override_gate,
    unblind,
)

from ...makers import decide
from .making import TA, citations, pilot

pytestmark = pytest.mark.django_db


def test_it_is_recorded_with_its_reason_and_lets_everybody_read(review, people):
    found = citations(review, 2)
    decide(found[0], people[0], "include")
    assert queue.visible_decisions(found[0], TA, people[1]) == []

    round = main_round(review=review, stage=TA, by=review.created_by)
    unblind(round=round, by=review.created_by, reason="Only two of us are left.")

    assert len(queue.visible_decisions(found[0], TA, people[1])) == 1
    assert AuditEntry.objects.get(act="round unblinded").details["reason"] == "Only two of us are left."
    with pytest.raises(RoundRefused, match="already"):
        unblind(round=round, by=review.created_by, reason="Again.")


def test_it_opens_only_its_own_round(review, people):
    found = citations(review)
    round = pilot(review, people)
    decide(found[0], people[0], "include")
    override_gate(round=round, by=review.created_by, reason="In a hurry.")
    decide(found[-1], people[0], "include")

    unblind(round=round, by=review.created_by, reason="To train newcomers.")

    assert queue.visible_decisions(found[0], TA, people[1])
    assert not queue.visible_decisions(found[-1], TA, people[1])


def test_votes_after_it_are_not_agreement(review, people):
    found = citations(review, 2)
    anna, ben, _ = people
    decide(found[0], anna, "include")
    decide(found[0], ben, "include")
    decide(found[1], anna, "include")
    round = main_round(review=review, stage=TA, by=review.created_by)
    unblind(round=round, by=review.created_by, reason="Two of us are left.")
    decide(found[1], ben, "include")

    from screening.rounds.first_votes import first_votes

    votes = first_votes(rounds_at(review, TA)[-1])
    assert sorted(votes[found[0].pk]) == sorted([anna.pk, ben.pk])
    assert list(votes[found[1].pk]) == [anna.pk]
