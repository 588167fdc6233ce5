"""What no page posts, where pages post: refused in words, never a mistake of the site."""

import json

import pytest

from reviewsite.web.keys import key_in, keys_in
from screening.models import Citation, Skip

from ...makers import make_citation, make_member, make_review

pytestmark = pytest.mark.django_db
UUID = "5f0f3c1e-0d4b-4b6e-9d5c-1b1f2a3c4d5e"


@pytest.fixture
def room(client):
    review = make_review()
    make_citation(review)
    person = make_member(review)
    client.force_login(person)
    client.raise_request_exception = False
    client.person = person
    client.room = f"/reviews/{review.slug}/screen/title_abstract/"
    return client


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"reviewer": 1e999, "acts": []}',
        '{"reviewer": NaN, "acts": []}',
        '{"reviewer": 1, "acts": ["x"]}',
        '{"reviewer": 1, "acts": [{"uuid": 5}]}',
        "\x00",
        "",
    ],
)
def test_a_body_that_is_no_list_of_acts_is_answered_in_words(room, body):
    answer = room.post(f"{room.room}acts/", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["sentence"]


@pytest.mark.parametrize("kind", ["decide", "undo", "skip", "unskip", "label", [], None])
@pytest.mark.parametrize("odd", ["9" * 5000, "9" * 30, "²", "\x00", [], {}, 1e308, -1])
def test_an_act_that_says_what_nothing_can_be_is_refused(room, kind, odd):
    act = {"uuid": UUID, "kind": kind, "citation": odd, "verdict": odd, "note": odd, "name": odd, "of": odd}
    body = json.dumps({"reviewer": room.person.pk, "acts": [act]})

    answer = room.post(f"{room.room}acts/", body, content_type="application/json")

    assert answer.status_code == 200
    assert answer.json()["answers"][0]["outcome"] == "refused"


@pytest.mark.parametrize("odd", ["9" * 5000, "9" * 30, "²", "-1", "1.5", "\x00"])
def test_a_number_that_is_no_key_is_nothing_in_an_address(room, odd):
    for query in ({"held": odd}, {"citation": odd}):
        assert room.get(f"{room.room}cards/", query).status_code == 200
    assert room.get(room.room, {"citation": odd}).status_code == 200
    assert room.post(f"{room.room}undo/", {"decision": odd}).status_code == 404


def test_keys_are_a_few_plain_digits():
    assert keys_in(["12", "²", "", "-3", "9" * 19, "9" * 18, "1 "]) == [12, 10**18 - 1]
    assert key_in(7) == 7
    assert key_in(None) is None


def test_a_note_keeps_its_words_without_what_no_database_keeps(room):
    act = {"uuid": UUID, "kind": "skip", "citation": 0, "note": "unsure\x00 of the dose"}
    act["citation"] = Citation.objects.get().pk
    body = json.dumps({"reviewer": room.person.pk, "acts": [act]})
    assert room.post(f"{room.room}acts/", body, content_type="application/json").status_code == 200
    assert Skip.objects.get().note == "unsure of the dose"
