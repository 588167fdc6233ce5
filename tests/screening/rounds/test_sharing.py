"""Who gets what from the queue, and what happens when somebody leaves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reviewsite.reviews.rules import end_membership
from screening.deciding.conclusions import Conclusion
from screening.models import Lease
from screening.room import queue
from screening.room.skips_and_keys import skip
from screening.rounds.rules import (
    Place,
)

from ...makers import decide
from .making import TA, citations, main, state, waiting

pytestmark = pytest.mark.django_db


def test_a_third_person_is_not_given_what_two_already_have(review, people):
    found = citations(review, 6)
    anna, ben, cleo = people

    for person in (anna, ben):
        assert queue.take(review, person, TA, 2) == found[:2]

    assert queue.take(review, cleo, TA, 2) == found[2:4]


def test_a_lease_runs_out(review, people):
    found = citations(review, 1)
    anna, ben, cleo = people
    queue.take(review, anna, TA, 1)
    queue.take(review, ben, TA, 1)
    assert queue.take(review, cleo, TA, 1) == []
    assert "half an hour" in queue.why_nothing(review, cleo, TA)

    Lease.objects.filter(reviewer=anna).update(expires_at=timezone.now())

    assert queue.take(review, cleo, TA, 1) == found


def test_deciding_prolongs_what_else_lies_before_one(review, people):
    citations(review, 3)
    taken = queue.take(review, people[0], TA, 3)
    short = Lease.objects.get(citation=taken[1]).expires_at

    decide(taken[0], people[0], "include")

    assert not Lease.objects.filter(citation=taken[0]).exists()
    assert Lease.objects.get(citation=taken[1]).expires_at > short + timedelta(minutes=20)


def test_what_lies_before_somebody_who_left_is_free(review, people):
    found = citations(review, 1)
    anna, ben, cleo = people
    queue.take(review, anna, TA, 1)
    queue.take(review, ben, TA, 1)

    end_membership(membership=review.memberships.get(user=ben), by=review.created_by)

    assert queue.take(review, cleo, TA, 1) == found


def test_held_ones_are_not_given_twice_and_skipped_ones_come_last(review, people):
    found = citations(review, 4)
    anna = people[0]

    assert queue.take(review, anna, TA, 2, held=[found[0].pk]) == found[1:3]
    for citation in (found[1], found[0]):
        skip(citation=citation, stage=TA, reviewer=anna)
    assert queue.take(review, anna, TA, 4) == [found[2], found[3], found[1], found[0]]


def test_nobody_is_given_more_than_their_target_while_others_can(review, people):
    found = citations(review, 4)
    anna, ben, cleo = people
    main(review, [Place(anna.pk, target=1), Place(ben.pk), Place(cleo.pk)])

    decide(found[0], anna, "include")

    assert waiting(review, anna) == []
    assert "target" in queue.why_nothing(review, anna, TA)


def test_no_citation_is_stranded_when_targets_are_too_small(review, people):
    found = citations(review, 3)
    anna, ben, _ = people
    main(review, [Place(anna.pk, target=1), Place(ben.pk, target=3)])
    decide(found[0], anna, "include")

    # Ben can give each one vote; the second of the two left can only be Anna's.
    assert waiting(review, anna) == [found[1].pk, found[2].pk]


def test_the_open_share_of_somebody_who_left_falls_to_the_others(review, people):
    found = citations(review, 3)
    anna, ben, cleo = people
    main(review, [Place(anna.pk, target=1), Place(ben.pk), Place(cleo.pk)])
    decide(found[0], anna, "include")
    assert waiting(review, anna) == []

    end_membership(membership=review.memberships.get(user=cleo), by=review.created_by)

    assert waiting(review, anna) == [found[1].pk, found[2].pk]
    for citation in found:
        decide(citation, ben, "include")
    for citation in found[1:]:
        decide(citation, anna, "include")
    assert {state(citation) for citation in found} == {Conclusion.INCLUDED}
