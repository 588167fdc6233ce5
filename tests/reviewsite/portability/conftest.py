"""What the tests of carrying a review begin with."""

import pytest

from reviewsite.portability.exporting import export_review
from reviewsite.reviews.models import Review

from ...makers import make_member, make_review
from ..pages import populate
from .making import fill_the_rest


@pytest.fixture
def review(db):
    """A review with a row in every table that is carried."""
    review = make_review()
    people = [make_member(review), make_member(review)]
    rows = populate(review, people)
    fill_the_rest(review, people, rows)
    return Review.objects.select_related("protocol").get(pk=review.pk)


@pytest.fixture
def exported(review, tmp_path):
    path = tmp_path / "review.zip"
    export_review(review=review, target=path)
    return path
