"""How often a token may call in a minute."""

import pytest
from django.core.cache import cache

from reviewsite.api import limits

from ...makers import make_member
from .makers import caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch, settings):
    """A minute that is 18.5 seconds old, and what sets another time."""
    settings.API_CALLS_A_MINUTE = 3
    cache.clear()
    now = [1_800_000_018.5 // 60 * 60 + 18.5]
    monkeypatch.setattr(limits.time, "time", lambda: now[0])
    return now


def raw(them, path="/api/v1/me"):
    return them.client.get(path, HTTP_AUTHORIZATION=f"Bearer {them.token}")


def test_a_token_that_calls_too_often_is_told_when_it_may_again(review, clock):
    them = caller(make_member(review))

    answers = [raw(them) for _ in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert answers[3]["Retry-After"] == "42"
    assert answers[3].json() == {"detail": "A token may call 3 times a minute. Try again in 42 s."}
    clock[0] += 42
    assert raw(them).status_code == 200


def test_each_token_has_a_count_of_its_own(review, clock):
    ann = make_member(review)
    first, second, others = caller(ann), caller(ann), caller(make_member(review))
    for _ in range(4):
        raw(first)

    assert [raw(each).status_code for each in (first, second, others)] == [429, 200, 200]


def test_a_call_without_a_token_is_not_counted_as_anybodys(review, clock, client):
    assert [client.get("/api/v1/me").status_code for _ in range(5)] == [401] * 5


def test_nothing_is_written_by_a_call_that_came_too_often(review, clock):
    them = caller(make_member(review))
    for _ in range(3):
        raw(them)

    status, told = them.post(f"/reviews/{review.slug}/queue", {"count": 1})

    assert (status, review.leases.count()) == (429, 0)
    assert told["detail"].startswith("A token may call 3 times")


def test_without_a_limit_nothing_is_counted(review, clock, settings):
    settings.API_CALLS_A_MINUTE = 0
    them = caller(make_member(review))

    assert {raw(them).status_code for _ in range(6)} == {200}
