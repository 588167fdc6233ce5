import pytest

from ..makers import make_member, make_review
from .makers import make_study


@pytest.fixture
def review(db):
    return make_review()


@pytest.fixture
def people(review):
    """The two who extract."""
    return [make_member(review, name="Anna"), make_member(review, name="Ben")]


@pytest.fixture
def study(review, people):
    return make_study(review, people)
