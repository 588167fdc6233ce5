"""The order in which citations come up: the same for everybody, and never moved by a vote still blind."""

from django.db.models import F, QuerySet

from ..models import Citation
from ..models.ranking import ReadingPlan


def in_order(citations: QuerySet[Citation], order: str) -> QuerySet[Citation]:
    """By the stored places of the reading plan; what has none yet comes last, as imported."""
    if order == ReadingPlan.Order.IMPORTED:
        return citations.order_by("pk")
    return citations.order_by(F("place__position").asc(nulls_last=True), "pk")
