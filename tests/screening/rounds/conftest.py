import pytest

from ...makers import make_member, make_review


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def people(review):
    return [make_member(review, name=name) for name in ("Anna", "Ben", "Cleo")]
