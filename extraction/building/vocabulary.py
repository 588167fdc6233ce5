"""The rules that add outcomes and time points: the words a review measures by."""

from django.db import transaction

from reviewsite.reviews.models import Review, record_act

from ..models import Outcome, TimePoint


@transaction.atomic
def add_outcome(*, review: Review, by, name: str, **fields: str) -> Outcome:
    """The review's outcome of this name, made if it is new."""
    outcome, is_new = Outcome.objects.get_or_create(
        review=review,
        name=name.strip(),
        defaults={"position": review.outcomes.count() + 1, **fields},
    )
    if is_new:
        record_act(review, by, "outcome added", outcome=outcome.name)
    return outcome


@transaction.atomic
def add_time_point(*, review: Review, by, label: str) -> TimePoint:
    """The review's time point of this label, made if it is new."""
    point, is_new = TimePoint.objects.get_or_create(
        review=review, label=label.strip(), defaults={"position": review.time_points.count() + 1}
    )
    if is_new:
        record_act(review, by, "time point added", time_point=point.label)
    return point
