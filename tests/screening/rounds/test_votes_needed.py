"""How many votes a citation needs, and whose."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reviewsite.reviews.rules import end_membership
from screening.deciding.conclusions import Conclusion
from screening.models import Citation, Lease, Round
from screening.recount import differences
from screening.rounds.rules import (
    Place,
    RoundRefused,
    change_round,
    main_round,
)

from ...makers import decide, make_member, make_review
from .making import TA, citations, main, pilot, state, waiting

pytestmark = pytest.mark.django_db


def test_three_votes_are_waited_for(review, people):
    found = citations(review, 2)
    main(review, [Place(p.pk) for p in people], decisions_needed=3)

    decide(found[0], people[0], "include")
    decide(found[0], people[1], "include")
    assert state(found[0]) == Conclusion.UNDECIDED
    decide(found[0], people[2], "exclude")

    assert state(found[0]) == Conclusion.CONFLICT
    assert list(differences(review)) == []


def test_an_expert_must_be_among_them(review, people):
    found = citations(review, 2)
    anna, ben, cleo = people
    places = [Place(anna.pk), Place(ben.pk), Place(cleo.pk, is_expert=True)]
    main(review, places, needs_expert=True)

    decide(found[0], anna, "include")

    assert waiting(review, ben) == [found[1].pk]
    assert waiting(review, cleo) == [found[0].pk, found[1].pk]
    # It lay before Ben already, so his vote is kept; the citation still waits for the expert.
    Lease.objects.create(review=review, stage=TA, citation=found[0], reviewer=ben, expires_at=timezone.now())
    decide(found[0], ben, "include")
    assert state(found[0]) == Conclusion.UNDECIDED
    decide(found[0], cleo, "include")
    assert state(found[0]) == Conclusion.INCLUDED
    assert list(differences(review)) == []


def test_an_expert_who_left_was_one(review, people):
    found = citations(review, 1)
    anna, ben, cleo = people
    main(review, [Place(anna.pk), Place(cleo.pk, is_expert=True)], needs_expert=True)
    decide(found[0], anna, "include")
    decide(found[0], cleo, "include")

    end_membership(membership=review.memberships.get(user=cleo), by=review.created_by)

    assert state(found[0]) == Conclusion.INCLUDED
    assert list(differences(review)) == []


def test_changing_the_votes_needed_concludes_anew(review, people):
    found = citations(review, 1)
    round = main(review, [Place(p.pk) for p in people], decisions_needed=3)
    decide(found[0], people[0], "include")
    decide(found[0], people[1], "include")

    change_round(
        round=round,
        by=review.created_by,
        name="Main",
        decisions_needed=2,
        needs_expert=False,
        people=[Place(p.pk) for p in people],
    )

    assert state(found[0]) == Conclusion.INCLUDED
    assert Citation.objects.get(pk=found[0].pk).report


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"decisions_needed": 4}, "only 3 can vote"),
        ({"needs_expert": True}, "who of them is an expert"),
    ],
)
def test_a_round_that_could_never_end_is_refused(review, people, fields, why):
    citations(review)
    with pytest.raises(RoundRefused, match=why):
        main(review, [Place(p.pk) for p in people], **fields)


def test_a_pilot_of_one_vote_and_one_without_citations_are_refused(review, people):
    with pytest.raises(RoundRefused, match="two votes"):
        pilot(review, people, decisions_needed=1)
    with pytest.raises(RoundRefused, match="No citation fits"):
        pilot(review, people)
    assert not Round.objects.exists()


def test_people_of_other_reviews_cannot_be_named(review):
    citations(review)
    stranger = make_member(make_review())
    with pytest.raises(RoundRefused, match="may not screen"):
        main(review, [Place(stranger.pk), Place(review.created_by.pk)])


def test_the_database_keeps_one_round_that_takes_the_rest(review):
    main_round(review=review, stage=TA, by=review.created_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(
            review=review,
            stage=TA,
            kind="main",
            name="x",
            takes_the_rest=True,
            created_by=review.created_by,
        )
