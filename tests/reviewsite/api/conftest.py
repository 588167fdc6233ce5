"""What the tests of the API share."""

import pytest

from ...makers import make_member, make_review


@pytest.fixture(autouse=True)
def _as_many_calls_as_the_tests_make(settings):
    """The limit has tests of its own; keys of tokens begin anew in each test and its counts do not."""
    settings.API_CALLS_A_MINUTE = 0


@pytest.fixture
def review(db):
    return make_review()


@pytest.fixture
def ann(review):
    return make_member(review, name="Ann")


@pytest.fixture
def bob(review):
    return make_member(review, name="Bob")
