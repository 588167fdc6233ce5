"""Two exclusions at full text for different reasons."""

import pytest

from reviewsite.reviews.models import Stage
from screening.deciding.conclusions import Conclusion
from screening.deciding.decisions import DecisionRefused, adjudicate, withdraw
from screening.models import Citation
from screening.room import queue

from ...makers import decide
from .making import citations

pytestmark = pytest.mark.django_db


@pytest.fixture
def excluded(review, people):
    from screening.full_text.retrieval import record_retrieval

    (found,) = citations(review, 1)
    for person in people[:2]:
        decide(found, person, "include")
    record_retrieval(
        reports=[Citation.objects.get(pk=found.pk).report], state="obtained", note="", by=people[0]
    )
    return Citation.objects.get(pk=found.pk)


def exclude(citation, person, label):
    from screening.deciding.decisions import record_decision

    reason = citation.review.exclusion_reasons.get(stage=Stage.FULL_TEXT, label=label)
    return record_decision(
        citation=citation, stage=Stage.FULL_TEXT, reviewer=person, verdict="exclude", reason=reason
    )


def test_different_reasons_leave_it_excluded_and_ask_for_the_one_that_counts(review, people, excluded):
    exclude(excluded, people[0], "Wrong population")
    exclude(excluded, people[1], "Wrong publication type")

    assert Citation.objects.get(pk=excluded.pk).full_text_state == Conclusion.EXCLUDED
    assert list(queue.open_reason_conflicts(review)) == [excluded]
    assert not queue.open_conflicts(review, Stage.FULL_TEXT).exists()

    reason = review.exclusion_reasons.get(stage=Stage.FULL_TEXT, label="Wrong publication type")
    with pytest.raises(DecisionRefused, match="choose the reason"):
        adjudicate(citation=excluded, stage=Stage.FULL_TEXT, adjudicator=review.created_by, verdict="include")
    settled = adjudicate(
        citation=excluded,
        stage=Stage.FULL_TEXT,
        adjudicator=review.created_by,
        verdict="exclude",
        reason=reason,
    )
    assert not queue.open_reason_conflicts(review).exists()
    withdraw(decision=settled, by=review.created_by)
    assert queue.open_reason_conflicts(review).exists()


def test_the_same_reason_is_no_conflict(review, people, excluded):
    for person in people[:2]:
        exclude(excluded, person, "Wrong population")

    assert not queue.open_reason_conflicts(review).exists()
