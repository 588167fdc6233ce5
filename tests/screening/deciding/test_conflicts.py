"""The desk on which conflicts are settled: votes shown, one act settles, the next comes, undo brings back."""

import pytest
from django.urls import reverse

from reviewsite.reviews.models import Stage
from screening.deciding.conclusions import Conclusion
from screening.deciding.decisions import record_decision
from screening.full_text.retrieval import record_retrieval
from screening.models import Citation, Decision

from ...makers import decide, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db
TA, FT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def people(review):
    return [make_member(review, name="Anna"), make_member(review, name="Ben")]


@pytest.fixture
def owner(client, review):
    client.force_login(review.created_by)
    return client


def in_conflict(review, people, *titles):
    run = make_search_run(review, list(titles))
    found = list(Citation.objects.filter(founding_record__search_run=run).order_by("pk"))
    for citation in found:
        decide(citation, people[0], "include")
        reason = review.exclusion_reasons.offered(TA).first()
        record_decision(
            citation=citation, stage=TA, reviewer=people[1], verdict="exclude", reason=reason, note="Mice"
        )
    return found


def at_full_text(review, people, *labels):
    (citation,) = Citation.objects.filter(
        founding_record__search_run=make_search_run(review, ["A trial in full"])
    )
    for person in people:
        decide(citation, person, "include")
    report = Citation.objects.get(pk=citation.pk).report
    record_retrieval(reports=[report], state="obtained", note="", by=people[0])
    for person, label in zip(people, labels, strict=True):
        reason = review.exclusion_reasons.get(stage=FT, label=label)
        record_decision(citation=citation, stage=FT, reviewer=person, verdict="exclude", reason=reason)
    return citation


def settle(client, review, stage, citation, verdict, uuid="6ba7b810-9dad-11d1-80b4-00c04fd430c8", **headers):
    url = reverse("screening:settle_one", args=[review.slug, stage, citation.pk])
    return client.post(url, {"verdict": verdict, "client_uuid": uuid}, **headers)


def test_both_votes_stand_there_with_reason_and_note(owner, review, people):
    in_conflict(review, people, "A trial")

    page = owner.get(reverse("screening:settle", args=[review.slug, TA])).content.decode()

    for words in ("Anna", "Include", "Ben", "Exclude", "Wrong population", "Mice"):
        assert words in page


def test_one_post_settles_and_answers_with_the_next(owner, review, people):
    first, second = in_conflict(review, people, "The first trial", "The second trial")

    answer = settle(owner, review, TA, first, "include", HTTP_HX_REQUEST="true")

    assert answer.status_code == 200
    assert "The second trial" in answer.content.decode()
    assert Citation.objects.get(pk=first.pk).title_abstract_state == Conclusion.INCLUDED


def test_without_script_it_goes_on_to_the_next_page(owner, review, people):
    (only,) = in_conflict(review, people, "A trial")

    assert settle(owner, review, TA, only, "exclude").status_code == 302
    assert "No conflict is open" in owner.get(f"/reviews/{review.slug}/conflicts/{TA}/").content.decode()


def test_one_can_be_put_behind_the_next(owner, review, people):
    first, second = in_conflict(review, people, "The first trial", "The second trial")
    url = reverse("screening:settle", args=[review.slug, TA])

    assert "The second trial" in owner.get(url, {"after": first.pk}).content.decode()
    assert "The first trial" in owner.get(url, {"after": second.pk}).content.decode()


def test_the_last_settlement_can_be_taken_back_and_lies_there_again(owner, review, people):
    first, second = in_conflict(review, people, "The first trial", "The second trial")
    settle(owner, review, TA, second, "include")

    answer = owner.post(reverse("screening:unsettle", args=[review.slug, TA]), HTTP_HX_REQUEST="true")

    assert "The second trial" in answer.content.decode()
    assert Citation.objects.get(pk=second.pk).title_abstract_state == Conclusion.CONFLICT
    assert Decision.objects.filter(citation=second, kind="adjudicate").count() == 2


def test_a_different_reason_at_full_text_is_settled_by_the_reason_alone(owner, review, people):
    citation = at_full_text(review, people, "Wrong population", "Wrong publication type")
    page = owner.get(reverse("screening:settle", args=[review.slug, FT])).content.decode()
    assert "about the reason only" in page
    assert 'value="include"' not in page

    reason = review.exclusion_reasons.get(stage=FT, label="Wrong publication type")
    settle(owner, review, FT, citation, f"exclude:{reason.pk}")

    assert "No conflict is open" in owner.get(f"/reviews/{review.slug}/conflicts/{FT}/").content.decode()
    counted = owner.get(f"/reviews/{review.slug}/prisma/").content.decode()
    assert "Wrong publication type" in counted
    assert "Wrong population" not in counted


def test_a_maybe_is_a_conflict_only_where_the_protocol_says_so(owner, review, people):
    run = make_search_run(review, ["A trial"])
    citation = Citation.objects.get(founding_record__search_run=run)
    decide(citation, people[0], "include")
    decide(citation, people[1], "maybe")
    page = reverse("screening:conflicts", args=[review.slug])
    assert "0 open" in owner.get(page).content.decode()

    from screening.deciding.protocol import change_protocol

    change_protocol(review=review, by=review.created_by, maybe_counts_as_include=False)

    body = owner.get(page).content.decode()
    assert "1 open" in body
    assert "Maybe" in body


def test_the_team_discusses_a_conflict_where_it_is_settled(owner, review, people):
    first, second = in_conflict(review, people, "First", "Second")
    say = reverse("screening:discuss", args=[review.slug, TA, second.pk])

    page = owner.post(say, {"text": "Mice only in the pilot arm?", "desk": "yes"}, follow=True)

    assert page.context["citation"] == second
    body = page.content.decode()
    assert "Mice only in the pilot arm?" in body
    assert body.index("Discussion") < body.index("Mice only")
    settle(owner, review, TA, second, "include")
    later = owner.get(reverse("screening:citation", args=[review.slug, second.pk])).content.decode()
    assert "Mice only in the pilot arm?" in later
