"""The hash of an entry of the audit log, which holds the hash of the entry before it. Pure: no Django.

Keys of rows are left out: they lead to what an entry is about, and are others on another installation. What
the entry says of it in words is hashed, so a key that was turned to another row contradicts its own entry.
The salt keeps somebody who may not read an entry from finding out what it says by trying.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

# What comes before a review's first entry.
BEGINNING = ""
# Names under which details keep keys of rows.
KEY_NAMES = frozenset({"study_pk", "kept_pk", "left_out_pk", "report", "reports", "bulk"})


def entry_hash(
    *,
    number: int,
    previous: str,
    at: datetime,
    actor: str,
    act: str,
    details: Mapping[str, Any],
    blind_kind: str,
    salt: str,
) -> str:
    """SHA-256 of all that an entry says. actor: the e-mail address as it was then; empty for Winnow."""
    said = {
        "number": number,
        "previous": previous,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "act": act,
        "details": in_words(details),
        "blind_kind": blind_kind,
        "salt": salt,
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def in_words(details: Mapping[str, Any]) -> dict[str, Any]:
    """The details without keys of rows."""
    return {name: value for name, value in details.items() if name not in KEY_NAMES}


def plain_details(details: Mapping[str, Any]) -> dict[str, Any]:
    """Details as every database gives them back: names are text, and so is whatever JSON does not know.

    PostgreSQL keeps numbers as decimals, so a whole one comes back as an integer.
    """
    told: dict[str, Any] = json.loads(json.dumps(details, default=str))
    return {name: _whole(value) for name, value in told.items()}


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, float):
        # Infinite and undefined numbers are no JSON; a whole float and its integer hash alike.
        return (
            str(value)
            if value != value or abs(value) == float("inf")
            else int(value)
            if value.is_integer()
            else value
        )
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else value
