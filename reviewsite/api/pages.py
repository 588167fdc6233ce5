"""Pages by cursor: the next one begins after the last row that was given, whatever came in between."""

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from .errors import Refused

Item = TypeVar("Item")
Limit = Annotated[int, Field(ge=1, le=500, description="At most this many.")]
Cursor = Annotated[
    str, Field(max_length=40, description="What the page before gave as `next`; empty for the first page.")
]


class Page(Schema, Generic[Item]):
    """Some rows, and where the next ones begin; `next` is null on the last page."""

    items: list[Item]
    next: str | None


def page_of(
    rows: QuerySet, shown: Callable[[Any], dict[str, Any]], *, cursor: str, limit: int
) -> dict[str, Any]:
    """The rows after the cursor in the order of their keys."""
    found = list(rows.filter(pk__gt=_after(cursor)).order_by("pk")[: limit + 1])
    more = len(found) > limit
    return {
        "items": [shown(row) for row in found[:limit]],
        "next": _cursor(found[limit - 1].pk) if more else None,
    }


def list_page_of(
    found: Iterable[Item],
    key: Callable[[Item], int],
    shown: Callable[[Item], dict[str, Any]],
    *,
    cursor: str,
    limit: int,
) -> dict[str, Any]:
    """As `page_of`, of what is computed as a whole and never long, in the order of its keys."""
    after = _after(cursor)
    rows = sorted((row for row in found if key(row) > after), key=key)[: limit + 1]
    more = len(rows) > limit
    return {
        "items": [shown(row) for row in rows[:limit]],
        "next": _cursor(key(rows[limit - 1])) if more else None,
    }


def _cursor(key: int) -> str:
    return base64.urlsafe_b64encode(f"after:{key}".encode()).decode().rstrip("=")


def _after(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, key = (
            base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode().partition(":")
        )
        if word != "after" or not key.isascii() or not key.isdecimal() or len(key) > 18:
            raise ValueError
    except (ValueError, binascii.Error):
        raise Refused(422, "The cursor is none that a page gave as `next`.") from None
    return int(key)
