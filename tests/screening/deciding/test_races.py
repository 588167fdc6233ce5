"""Two people at the same moment. SQLite takes one writer at a time, so this is PostgreSQL's to show."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from reviewsite.reviews.models import Stage
from screening.deciding.conclusions import Conclusion
from screening.deciding.decisions import DecisionRefused, _lock, adjudicate
from screening.models import Citation, Decision, Lease
from screening.recount import differences
from screening.room import queue
from screening.rounds.choosing import Choice, How
from screening.rounds.rules import open_round

from ...makers import decide, make_citation, make_member, make_review

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite's test database lives in one connection."
    ),
]
ROUNDS = 15


def at_once(*acts):
    """Run the acts in threads that start together; the refusals they ended in."""
    barrier, refused = threading.Barrier(len(acts)), []

    def run(act):
        barrier.wait()
        try:
            act()
        except DecisionRefused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_two_reviewers_who_decide_at_once_are_both_folded():
    review = make_review()
    anna, ben = make_member(review), make_member(review)
    for _ in range(ROUNDS):
        citation = make_citation(review)

        refused = at_once(
            lambda c=citation: decide(c, anna, "include"), lambda c=citation: decide(c, ben, "exclude")
        )

        assert refused == []
        assert Citation.objects.get(pk=citation.pk).title_abstract_state == Conclusion.CONFLICT
    assert list(differences(review)) == []


def test_one_reviewer_in_two_tabs_decides_once():
    review = make_review()
    anna = make_member(review)
    for _ in range(ROUNDS):
        citation = make_citation(review)

        refused = at_once(
            lambda c=citation: decide(c, anna, "include"), lambda c=citation: decide(c, anna, "exclude")
        )

        assert len(refused) == 1
        assert Decision.objects.filter(citation=citation).count() == 1


def test_of_two_people_who_refill_at_once_one_gets_the_last_place():
    review = make_review()
    anna, ben, cleo = (make_member(review) for _ in range(3))
    for _ in range(ROUNDS):
        citation = make_citation(review)
        decide(citation, anna, "include")
        given: list[Citation] = []

        def refill(person, given=given):
            given.extend(queue.take(review, person, Stage.TITLE_ABSTRACT, 1))

        at_once(lambda: refill(ben), lambda: refill(cleo))

        assert given == [citation]
        decide(citation, ben, "include")


def test_the_last_two_votes_of_a_pilot_at_once_open_the_main_round_once():
    review = make_review()
    anna, ben = make_member(review), make_member(review)
    for n in range(5):
        found = [make_citation(review, f"Pilot {n}, trial {k}") for k in range(2)]
        round = open_round(
            review=review,
            stage=Stage.TITLE_ABSTRACT,
            by=review.created_by,
            kind="pilot",
            name="",
            choice=Choice(How.WORDS, words=f"Pilot {n}"),
        )
        for citation, verdict in zip(found, ("include", "exclude"), strict=True):
            decide(citation, anna, verdict)

        first, second = found
        refused = at_once(
            lambda c=first: decide(c, ben, "include"), lambda c=second: decide(c, ben, "exclude")
        )

        assert refused == []
        assert round.events.filter(act="passed").count() == 1


def test_of_two_adjudicators_at_once_one_settles():
    review = make_review()
    anna, ben = make_member(review), make_member(review)
    for _ in range(ROUNDS):
        citation = make_citation(review)
        decide(citation, anna, "include")
        decide(citation, ben, "exclude")

        def settle(by, verdict, citation=citation):
            adjudicate(citation=citation, stage=Stage.TITLE_ABSTRACT, adjudicator=by, verdict=verdict)

        refused = at_once(lambda: settle(anna, "include"), lambda: settle(ben, "exclude"))

        assert len(refused) == 1
        assert Decision.objects.filter(citation=citation).adjudications().count() == 1


def test_a_row_is_named_while_another_holds_it():
    """A lease, written at the end of a hand-out, names a citation on which a colleague decides just then."""
    review = make_review()
    citation = make_citation(review)
    is_held, is_named, free = threading.Event(), threading.Event(), []

    def hold():
        with transaction.atomic():
            _lock(citation)
            is_held.set()
            free.append(is_named.wait(10))

    def name():
        assert is_held.wait(10)
        with transaction.atomic():
            Lease.objects.create(
                review=review,
                stage=Stage.TITLE_ABSTRACT,
                citation=citation,
                reviewer=review.created_by,
                expires_at=timezone.now(),
            )
        is_named.set()

    at_once(hold, name)

    assert free == [True]
