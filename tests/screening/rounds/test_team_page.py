"""What the team page tells whom, and the acts of the owner on it."""

import pytest
from django.urls import reverse

from reviewsite.reviews.models import Role, Stage
from reviewsite.reviews.rules import end_membership
from screening.models import Citation, Round

from ...makers import decide, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db
TA = Stage.TITLE_ABSTRACT


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def people(review):
    return [make_member(review, name="Anna"), make_member(review, name="Ben")]


@pytest.fixture
def found(review):
    run = make_search_run(review, [f"Trial number {n}" for n in range(6)])
    return list(Citation.objects.filter(founding_record__search_run=run).order_by("pk"))


def body(client, review, person, name="screening:team", *arguments):
    client.force_login(person)
    return client.get(reverse(name, args=[review.slug, *arguments])).content.decode()


def open_pilot(client, review, people, **fields):
    client.force_login(review.created_by)
    posted = {"kind": "pilot", "how": "first", "n": 2, "name": "Trial run", **fields}
    posted |= {f"in-{person.pk}": "on" for person in people}
    return client.post(reverse("screening:round_new", args=[review.slug, TA]), posted)


def act(client, review, name, reason="We talked it through."):
    client.force_login(review.created_by)
    round = Round.objects.latest("pk")
    url = reverse("screening:round_act", args=[review.slug, round.pk])
    return client.post(url, {"act": name, "reason": reason}, follow=True)


def test_the_owner_opens_a_pilot_and_everybody_reads_that_it_runs(client, review, people, found):
    assert open_pilot(client, review, people).status_code == 302

    for person in (review.created_by, *people, make_member(review, Role.VIEWER)):
        page = body(client, review, person)
        assert "Trial run is running: the main round waits" in page
        assert "0 of 2 citations have their votes" in page


def test_a_choice_that_lacks_its_word_is_told_at_its_field(client, review, people, found):
    answer = open_pilot(client, review, people, how="words")

    assert answer.status_code == 422
    assert "this way of choosing needs it" in answer.content.decode()


def test_a_pilot_too_poor_in_people_is_refused_with_the_reason(client, review, people, found):
    answer = open_pilot(client, review, people[:1])

    assert answer.status_code == 422
    assert "only 1 can vote" in answer.content.decode()


def test_the_number_and_its_interval_are_told_once_the_pilot_is_complete_and_not_before(
    client, review, people, found
):
    open_pilot(client, review, people)
    for person in people:
        decide(found[0], person, "include")
    decide(found[1], people[0], "exclude")
    assert "95% interval from" not in body(client, review, people[1])

    decide(found[1], people[1], "exclude")

    page = body(client, review, people[1])
    assert "Trial run passed: the main round is open" in page
    assert "is <strong>1.00</strong>" in page


def test_a_pilot_that_failed_says_so_and_the_owner_can_open_the_main_round_with_a_reason(
    client, review, people, found
):
    open_pilot(client, review, people)
    for citation in found[:2]:
        decide(citation, people[0], "include")
        decide(citation, people[1], "exclude")
    assert "is complete and has not passed" in body(client, review, review.created_by)

    assert "Write down why" in act(client, review, "override", " ").content.decode()
    act(client, review, "override")

    page = body(client, review, people[0])
    assert "opened against the threshold" in page
    assert "We talked it through." in page


def test_the_owner_reads_who_has_done_what_and_a_reviewer_only_their_own(client, review, people, found):
    decide(found[0], people[0], "include")

    owners, bens = body(client, review, review.created_by), body(client, review, people[1])

    assert "who has done what" in owners
    assert "who has done what" not in bens
    assert "0 done, 6 to go" in bens


def test_a_share_falls_to_those_who_are_left_and_what_nobody_can_do_is_told(client, review, people, found):
    assert "12 votes still to give" in body(client, review, review.created_by)
    client.post(reverse("screening:round_main", args=[review.slug, TA]))
    round = Round.objects.get()
    posted = {"name": "Main", **{f"in-{person.pk}": "on" for person in people}}
    client.post(reverse("screening:round_change", args=[review.slug, round.pk]), posted)

    end_membership(membership=review.memberships.get(user=people[1]), by=review.created_by)

    page = body(client, review, review.created_by)
    assert "A citation needs 2 votes and 1 can vote" in page


def test_unblinding_is_on_the_page_and_in_the_audit_trail(client, review, people, found):
    client.force_login(review.created_by)
    client.post(reverse("screening:round_main", args=[review.slug, TA]))

    act(client, review, "unblind", "To train newcomers.")

    assert "Unblinded" in body(client, review, people[0])
    assert "To train newcomers." in body(client, review, review.created_by, "trail:audit")


def test_targets_and_experts_are_stored_and_shown_again(client, review, people, found):
    client.force_login(review.created_by)
    client.post(reverse("screening:round_main", args=[review.slug, TA]))
    round = Round.objects.get()
    anna, ben = people
    posted = {"name": "Main", "decisions_needed": 2, "needs_expert": "on"}
    posted |= {f"target-{anna.pk}": 3, f"expert-{ben.pk}": "on"}

    client.post(reverse("screening:round_change", args=[review.slug, round.pk]), posted)

    assert list(round.people.values_list("user", "is_expert", "target")) == [
        (anna.pk, False, 3),
        (ben.pk, True, None),
    ]
    assert "one of them an expert" in body(client, review, anna)


def test_the_agreement_table_is_a_file_with_every_coefficient(client, review, people, found):
    for citation, verdict in zip(found, ["include", "include", "exclude", "exclude"], strict=False):
        for person in people:
            decide(citation, person, verdict)
    client.force_login(review.created_by)

    rows = client.get(reverse("screening:agreement_csv", args=[review.slug])).content.decode().splitlines()

    assert rows[0].startswith("Stage,Round,Reviewers,Citations,Coefficient,Value")
    assert len(rows) == 1 + 2 * 5
    assert "Title and abstract,Main round,Anna and Ben,4,Kappa,1.0,1.0,1.0,0.0" in rows
