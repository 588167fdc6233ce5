"""A stage for which nobody has made a round."""

import pytest

from screening.rounds.participation import rounds_at

from .making import TA, citations, waiting

pytestmark = pytest.mark.django_db


def test_everybody_who_screens_gets_everything(review, people):
    found = citations(review)

    for person in people:
        assert waiting(review, person) == [citation.pk for citation in found]


def test_there_is_one_implicit_main_round_with_the_protocols_votes(review, people):
    (only,) = rounds_at(review, TA)

    assert (only.name, only.terms.required, only.is_shut) == ("Main round", 2, False)
    assert set(only.targets) == {review.created_by.pk, *(person.pk for person in people)}
