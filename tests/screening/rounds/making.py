"""What the tests of rounds begin with, and what they ask."""

from reviewsite.reviews.models import Stage
from screening.models import Citation
from screening.room import queue
from screening.rounds.choosing import Choice, How
from screening.rounds.rules import Place, open_round

from ...makers import make_search_run

TA = Stage.TITLE_ABSTRACT


def citations(review, number=10):
    run = make_search_run(review, [f"Trial number {n}" for n in range(number)])
    return list(Citation.objects.filter(founding_record__search_run=run).order_by("pk"))


def pilot(review, people=(), n=4, **fields):
    return open_round(
        review=review,
        stage=TA,
        by=review.created_by,
        kind="pilot",
        name="Calibration",
        choice=Choice(How.FIRST, n=n),
        people=[Place(person.pk) for person in people],
        **fields,
    )


def main(review, places, **fields):
    return open_round(
        review=review, stage=TA, by=review.created_by, kind="main", name="Main", people=places, **fields
    )


def waiting(review, person):
    return list(queue.awaiting(review, person, TA).values_list("pk", flat=True))


def state(citation):
    return Citation.objects.get(pk=citation.pk).title_abstract_state
