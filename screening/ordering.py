"""The order in which citations come up: the same for everybody, and never moved by a vote still blind."""

from django.db.models import F, QuerySet

from reviewsite.reviews.models import Review, Stage

from .models import Citation
from .models.ranking import ReadingPlan


def in_order(citations: QuerySet[Citation], review: Review, stage: str) -> QuerySet[Citation]:
    """By the stored places of the reading plan; what has none yet comes last, as imported."""
    if stage != Stage.TITLE_ABSTRACT or not _has_an_order(review):
        return citations.order_by("pk")
    return citations.order_by(F("place__position").asc(nulls_last=True), "pk")


def _has_an_order(review: Review) -> bool:
    return ReadingPlan.objects.filter(review=review).exclude(order=ReadingPlan.Order.IMPORTED).exists()
