"""An owner decides on many citations at once: votes of theirs, by the same rule, with a note that stays."""

import pytest

from reviewsite.reviews.models import AuditEntry
from screening.models import BulkDecision, Citation, Decision
from screening.tasks import decide_many

from ...makers import decide, make_member, make_review, make_search_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    review = make_review()
    make_search_run(review, ["Mice and itch", "Men and itch", "Mice again"])
    return review


def post(client, review, query="", **asked):
    client.force_login(review.created_by)
    asked = {"scope": "all", "stage": "title_abstract", "note": "Animals.", **asked}
    return client.post(f"/reviews/{review.slug}/citations/bulk/{query}", asked, follow=True)


def standing():
    return sorted((str(d.citation), d.verdict, d.note) for d in Decision.objects.standing())


def test_what_the_filter_lets_through_gets_the_owners_vote_and_waits_for_a_colleagues(client, review):
    reason = review.exclusion_reasons.offered("title_abstract").first()

    answer = post(client, review, "?text=mice", verdict=f"exclude:{reason.pk}")

    assert standing() == [("Mice again", "exclude", "Animals."), ("Mice and itch", "exclude", "Animals.")]
    assert set(Citation.objects.values_list("title_abstract_state", flat=True)) == {"undecided"}
    assert "2 done." in answer.content.decode()
    told = AuditEntry.objects.get(act="decided on many at once").details
    # What was decided stands in the entries of the decisions, which are blind like these.
    assert (told["asked"], told["done"], "verdict" in told) == (2, 2, False)
    decided = AuditEntry.objects.filter(act="decision made")
    assert [entry.details["note"] for entry in decided] == ["Animals.", "Animals."]


def test_only_the_ticked_ones_of_the_list_are_decided(client, review):
    men, mice = (
        Citation.objects.get(representative__title=title) for title in ("Men and itch", "Mice again")
    )

    post(client, review, "?text=mice", scope="ticked", citation=[men.pk, mice.pk], verdict="maybe")

    assert [title for title, _, _ in standing()] == ["Mice again"]


def test_an_earlier_decision_stays_and_is_told(client, review):
    men = Citation.objects.get(representative__title="Men and itch")
    decide(men, review.created_by, "include")

    answer = post(client, review, verdict="exclude")

    assert ("Men and itch", "include", "") in standing()
    assert "2 done. 1 left as they were: Already decided" in answer.content.decode()


def test_it_can_be_taken_back_the_same_way_and_run_twice(client, review):
    post(client, review, verdict="exclude")
    post(client, review, verdict="withdrawn", note="The filter was wrong.")
    rows = Decision.objects.count()
    for bulk in BulkDecision.objects.all():
        bulk.job.state = "queued"
        bulk.job.save()
        decide_many.call(bulk.pk)

    assert standing() == []
    assert Decision.objects.count() == rows == 6


def test_it_asks_for_a_note_and_for_citations(client, review):
    for asked in ({"note": " "}, {"scope": "ticked"}, {"verdict": "perhaps"}):
        answer = post(client, review, **{"verdict": "exclude", **asked})
        assert "alert" in answer.content.decode()

    assert not BulkDecision.objects.exists()


def test_a_colleague_sees_nothing_of_it_before_deciding(client, review):
    ben = make_member(review, name="Ben")
    client.force_login(ben)
    before = client.get(f"/reviews/{review.slug}/citations/").content
    post(client, review, verdict="exclude")
    client.force_login(ben)

    assert client.get(f"/reviews/{review.slug}/citations/").content.count(b"undecided") == before.count(
        b"undecided"
    )
    assert Citation.objects.filter(title_abstract_state="undecided").count() == 3
