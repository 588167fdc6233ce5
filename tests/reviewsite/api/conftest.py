"""What the tests of the API share."""

import pytest


@pytest.fixture(autouse=True)
def _as_many_calls_as_the_tests_make(settings):
    """The limit has tests of its own; keys of tokens begin anew in each test and its counts do not."""
    settings.API_CALLS_A_MINUTE = 0
