"""The second opinion on the order of reading and the stop: do the stored places follow from their scores?"""

from collections.abc import Iterator

from reviewsite.reviews.models import Review

from ..models import Place, RankingRun, StopEvent


def differences(review: Review) -> Iterator[str]:
    """Sentences, one for each thing that the rows of the order do not come to."""
    for run in RankingRun.objects.filter(review=review, has_failed=False).exclude(finished_at=None):
        yield from _order_differences(run)
    strangers = Place.objects.filter(review=review).exclude(citation__review=review).count()
    if strangers:
        yield f"order of reading: {strangers} places belong to citations of another review"
    yield from _stop_differences(review)


def _order_differences(run: RankingRun) -> Iterator[str]:
    # What was drawn for an audit since has left its place.
    places = list(
        Place.objects.filter(run=run, audit=None)
        .order_by("position", "pk")
        .values_list("position", "score", "is_random")
    )
    positions = [position for position, _, _ in places]
    if len(set(positions)) < len(positions):
        yield f"{run}: two citations have one place"
    if len(places) > run.ordered or any(not 1 <= position <= run.ordered for position in positions):
        yield f"{run}: it put {run.ordered} citations in order, and its places are others"
    scores = [score for _, score, is_random in places if not is_random]
    if None in scores:
        yield f"{run}: a place that was not drawn at random has no score"
    elif scores != sorted(scores, reverse=True):
        yield f"{run}: the places do not follow the scores"


def _stop_differences(review: Review) -> Iterator[str]:
    expected = StopEvent.Act.STOPPED
    for event in review.stop_events.order_by("at", "pk"):
        if event.act != expected:
            yield f"stop of {event.at:%Y-%m-%d}: {event.get_act_display().lower()} twice in a row"
        expected = StopEvent.Act.RESUMED if event.act == StopEvent.Act.STOPPED else StopEvent.Act.STOPPED
