"""The order in which citations come up: the same for everybody, and never moved by a vote still blind."""

from django.db.models import QuerySet

from reviewsite.reviews.models import Review

from .models import Citation


def in_order(citations: QuerySet[Citation], review: Review, stage: str) -> QuerySet[Citation]:
    """As imported."""
    return citations.order_by("pk")
