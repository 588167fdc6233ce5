"""check_review on the order of reading: it agrees with what the rules made, and tells what they did not."""

import pytest

from reviewsite.portability.summaries import differing
from screening.models import Place, StopEvent
from screening.order.reading_order import change_plan

from ...makers import decide, make_review, make_search_run
from ..ranking.makers import labelled

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    review = make_review(decisions=1)
    titles, _, relevant = labelled(30)
    run = make_search_run(review, titles)
    for record, is_relevant in list(zip(run.records.order_by("position"), relevant, strict=True))[:20]:
        decide(record.citation, review.created_by, "include" if is_relevant else "exclude")
    change_plan(review=review, by=review.created_by, order="ranked", reason="Agreed.")
    return review


def test_an_order_made_by_the_rules_agrees(review):
    assert Place.objects.filter(review=review, is_random=False).count() > 5
    assert differing(review) == []


def test_places_that_do_not_follow_from_the_scores_are_told(review):
    places = Place.objects.filter(review=review, is_random=False).order_by("position")
    first, last = places.first(), places.last()
    first.score, last.score = last.score, first.score
    for place in (first, last):
        place.save()

    (told,) = differing(review)
    assert "do not follow the scores" in told


def test_two_citations_in_one_place_are_told(review):
    first, second = Place.objects.filter(review=review).order_by("position")[:2]
    Place.objects.filter(pk=second.pk).update(position=first.position)

    assert any("two citations have one place" in told for told in differing(review))


def test_a_second_stop_without_a_restart_between_is_told(review):
    for _ in range(2):
        StopEvent.objects.create(review=review, act="stopped", by=review.created_by)

    (told,) = differing(review)
    assert "twice in a row" in told
