"""The screening room's own rules: acts posted in the background, skips, and keys."""

import uuid

import pytest

from reviewsite.reviews.models import Role
from screening.models import Decision, Skip
from screening.room import queue
from screening.room.keys import KeysRefused, layout, read_keys
from screening.room.skips_and_keys import choose_keys, keys_of, skip

from ...makers import decide, make_citation, make_member, make_review

pytestmark = pytest.mark.django_db
STAGE = "title_abstract"


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def anna(review):
    return make_member(review, name="Anna")


@pytest.fixture
def post(client, review, anna):
    """A function that posts acts as the page does, and gives back the outcomes."""
    client.force_login(anna)

    def send(*acts, reviewer=anna):
        url = f"/reviews/{review.slug}/screen/{STAGE}/acts/"
        answer = client.post(url, {"reviewer": reviewer.pk, "acts": acts}, content_type="application/json")
        if answer.status_code != 200:
            return answer.status_code
        return [(told["outcome"], told["sentence"]) for told in answer.json()["answers"]]

    return send


def act(kind, **told):
    return {"uuid": str(uuid.uuid4()), "kind": kind, **told}


def test_acts_are_done_in_the_order_they_were_posted(review, anna, post):
    first, second = make_citation(review), make_citation(review)
    include = act("decide", citation=first.pk, verdict="include", note="clear")

    outcomes = post(
        include,
        act("decide", citation=second.pk, verdict="maybe"),
        act("undo", of=include["uuid"]),
        act("decide", citation=first.pk, verdict="exclude"),
    )

    assert outcomes == [("stored", "")] * 4
    assert [(d.citation_id, d.verdict) for d in Decision.objects.standing()] == [
        (second.pk, "maybe"),
        (first.pk, "exclude"),
    ]


def test_an_act_that_arrives_twice_is_done_once(review, post):
    include = act("decide", citation=make_citation(review).pk, verdict="include")
    undo = act("undo", of=include["uuid"])

    for body in ([include], [include, undo], [include, undo], [undo]):
        assert {outcome for outcome, _ in post(*body)} == {"stored"}

    assert [d.verdict for d in Decision.objects.order_by("pk")] == ["include", "withdrawn"]


def test_a_refused_act_does_not_hold_up_those_behind_it(review, post):
    citation = make_citation(review)

    outcomes = post(
        act("decide", citation=0, verdict="include"),
        act("decide", citation=citation.pk, verdict="perhaps"),
        act("undo", of=str(uuid.uuid4())),
        act("sing"),
        act("decide", citation=citation.pk, verdict="include"),
    )

    assert [outcome for outcome, _ in outcomes] == ["refused"] * 4 + ["stored"]
    assert all(sentence for _, sentence in outcomes[:4])


def test_a_decision_from_another_tab_is_kept_and_told(review, anna, post):
    citation = make_citation(review)
    decide(citation, anna, "exclude")

    ((outcome, sentence),) = post(act("decide", citation=citation.pk, verdict="include"))

    assert outcome == "refused"
    assert "exclude" in sentence
    assert Decision.objects.get().verdict == "exclude"


def test_what_one_person_left_unsent_is_never_stored_in_anothers_name(review, post):
    assert post(act("skip", citation=make_citation(review).pk), reviewer=make_member(review)) == 409
    assert not Skip.objects.exists()


@pytest.mark.parametrize("body", ["", "{}", '{"reviewer": 1, "acts": [{"uuid": "no"}]}', "[1]"])
def test_a_body_that_is_no_list_of_acts_is_refused_in_words(client, review, anna, body):
    client.force_login(anna)

    answer = client.post(f"/reviews/{review.slug}/screen/{STAGE}/acts/", body, "application/json")

    assert answer.status_code == 400
    assert answer.json()["sentence"]


def test_a_vote_on_a_citation_of_another_review_is_refused(review, post):
    elsewhere = make_citation(make_review())

    assert post(act("decide", citation=elsewhere.pk, verdict="include"))[0][0] == "refused"
    assert not Decision.objects.exists()


def test_what_the_page_holds_is_not_sent_again_and_skipped_ones_come_last(client, review, anna):
    first, second, third = (make_citation(review, title) for title in ("One", "Two", "Three"))
    skip(citation=first, stage=STAGE, reviewer=anna, note="ask the team")
    client.force_login(anna)

    body = client.get(f"/reviews/{review.slug}/screen/{STAGE}/cards/?held={second.pk}").content.decode()

    assert body.index(f'data-citation="{third.pk}"') < body.index(f'data-citation="{first.pk}"')
    assert f'data-citation="{second.pk}"' not in body
    assert 'data-note="ask the team"' in body


def test_a_skip_changes_only_ones_own_queue(review, anna):
    first, second = make_citation(review), make_citation(review)
    ben = make_member(review)

    skip(citation=first, stage=STAGE, reviewer=anna)

    assert queue.take(review, anna, STAGE, 2) == [second, first]
    assert queue.take(review, ben, STAGE, 2) == [first, second]


def test_without_its_script_the_page_decides_skips_and_undoes(client, review, anna):
    first, second = make_citation(review, "One"), make_citation(review, "Two")
    client.force_login(anna)
    room = f"/reviews/{review.slug}/screen/{STAGE}/"

    skipped = client.post(f"{room}{first.pk}/skip/", {"note": "later"}, follow=True)
    fields = {"verdict": "include", "client_uuid": str(uuid.uuid4())}
    decided = client.post(f"{room}{second.pk}/decide/", fields, follow=True)
    undone = client.post(f"{room}undo/", follow=True)

    assert [answer.context["citation"].pk for answer in (skipped, decided, undone)] == [
        second.pk,
        first.pk,
        second.pk,
    ]
    assert ">later</textarea>" in decided.content.decode()


def test_own_keys_take_the_place_of_the_usual_ones(client, review, anna):
    make_citation(review)
    choose_keys(person=anna, keys={**layout({}), "include": ["y", "ArrowUp"], "open": ["i"]})
    client.force_login(anna)

    body = client.get(f"/reviews/{review.slug}/screen/{STAGE}/").content.decode()

    assert keys_of(anna)["include"] == ("y", "ArrowUp")
    assert 'data-key="y ArrowUp"' in body
    assert "<kbd>y</kbd>" in body


def test_a_key_that_would_do_two_things_is_refused_beside_its_field(client, review, anna):
    client.force_login(anna)
    url = f"/reviews/{review.slug}/screen/keys/"
    usual = client.get(url).context["form"].initial or {
        name: field.initial for name, field in client.get(url).context["form"].fields.items()
    }

    answer = client.post(url, {**usual, "skip": "i"})

    assert answer.status_code == 422
    assert "already stands for" in answer.content.decode()
    assert keys_of(anna) == layout({})


def test_keys_may_be_typed_by_sign_or_name():
    assert read_keys("include", "I → up") == ["i", "ArrowRight", "ArrowUp"]
    with pytest.raises(KeysRefused, match="no key"):
        read_keys("include", "Enter")


def test_a_colleagues_vote_is_in_no_answer_of_the_room(client, review, anna, post):
    ben = make_member(review, Role.REVIEWER, name="Ben")
    citation = make_citation(review)
    cards = f"/reviews/{review.slug}/screen/{STAGE}/cards/?citation={citation.pk}"
    before = client.get(cards).content

    decide(citation, ben, "exclude")

    assert client.get(cards).content == before
    assert post(act("decide", citation=citation.pk, verdict="include")) == [("stored", "")]
