"""How each column of a table is written as JSON and read back; nothing here is particular to one model."""

import base64
import binascii
import re
import uuid
from array import array
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from .errors import CarryingRefused
from .tables import HELD_KEYS, IN_THE_MANIFEST, PLAIN_JSON, SETTLED_VALUES, TABLES, Table

# Which table a column's key is of, where another column of the row says it.
KEYS_BY_KIND: dict[str, tuple[str, dict[str, str]]] = {
    "reviews.AuditEntry.blind_key": (
        "blind_kind",
        {
            "title_abstract": "screening.Citation",
            "full_text": "screening.Citation",
            "extraction": "extraction.Extraction",
            "assessment": "extraction.Assessment",
        },
    )
}
# These become part of a path, so they must be what they are named for and nothing else.
HASH, PLAIN_NAME = re.compile(r"[0-9a-f]{64}"), re.compile(r"\w[\w.-]*")
PLAIN_TYPES = (
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.IntegerField,
    models.FloatField,
)
# A key that leads nowhere any more (the row was deleted) is written as this number.
NOWHERE = 0


@dataclass
class Keys:
    """The keys of the carried rows of each table, rising; a row's number is its place, from 1 on."""

    review_pk: int
    of: dict[str, array] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)

    def number(self, label: str, key: object) -> int:
        """The number of a row, NOWHERE for a key that no carried row has."""
        keys = self.of[label]
        place = bisect_left(keys, key)
        return place + 1 if place < len(keys) and keys[place] == key else NOWHERE

    def key(self, label: str, number: object) -> int:
        """The key of the row with a number; a file that names another row is refused."""
        if number == NOWHERE and isinstance(number, int):
            return NOWHERE
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= len(self.of[label]):
            raise CarryingRefused(f"The file names row {number!r} of {label}, which it does not hold.")
        return int(self.of[label][number - 1])


Row = dict[str, Any]
Turned = Callable[[Any, Row], Any]


@dataclass(frozen=True)
class Column:
    """One column: its name in the file, its attribute on the model, and both ways of turning it."""

    name: str
    attribute: str
    to_file: Turned
    from_file: Turned
    default: Any = models.NOT_PROVIDED


def columns_of(table: Table, keys: Keys) -> list[Column]:
    """The columns of a table in the order of the model's fields, without those the manifest holds."""
    left = IN_THE_MANIFEST.get(table.label, set())
    fields = [each for each in table.model._meta.concrete_fields if each.name not in left]
    return [_column(table, each, keys) for each in fields]


def _column(table: Table, each: Any, keys: Keys) -> Column:
    path = f"{table.label}.{each.name}"
    if each.primary_key:
        return Column(
            "id",
            each.attname,
            lambda key, row: keys.number(table.label, key),
            lambda number, row: keys.key(table.label, number),
        )
    to_file, from_file = _ways(path, table, each, keys)
    return Column(
        each.name,
        each.attname,
        to_file,
        _checked(path, each, from_file),
        each.get_default if each.has_default() or each.null else models.NOT_PROVIDED,
    )


def _ways(path: str, table: Table, each: Any, keys: Keys) -> tuple[Turned, Turned]:
    """Both ways of a column. Raises CarryingRefused for a kind of field that nobody has thought of."""
    if each.is_relation:
        return _reference(path, each, keys)
    if path in KEYS_BY_KIND:
        return _reference_by_kind(path, keys)
    if isinstance(each, models.JSONField):
        return _json(path, keys)
    if isinstance(each, models.FileField):
        return _without_review(keys), _with_review(path, keys)
    if isinstance(each, models.BinaryField):
        return _present(lambda value: base64.b64encode(value).decode()), _present(_bytes)
    if isinstance(each, models.DateTimeField):
        return _present(lambda at: at.astimezone(UTC).isoformat()), _present(datetime.fromisoformat)
    if isinstance(each, models.DateField):
        return _present(date.isoformat), _present(date.fromisoformat)
    if isinstance(each, models.UUIDField):
        return _present(str), _present(uuid.UUID)
    if not isinstance(each, PLAIN_TYPES):
        raise CarryingRefused(f"{path} is of a kind that cannot be carried.")
    settled = SETTLED_VALUES.get(table.label, {}).get(each.name, _same)
    return (lambda value, row: settled(value)), _plain(each)


def _same(value: object) -> object:
    return value


def _present(turn: Callable[[Any], Any]) -> Turned:
    return lambda value, row: None if value is None else turn(value)


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _reference(path: str, each: Any, keys: Keys) -> tuple[Turned, Turned]:
    label = each.related_model._meta.label
    if label == settings.AUTH_USER_MODEL:
        return _person(keys)
    if label not in {table.label for table in TABLES}:
        raise CarryingRefused(f"{path} leads to {label}, which is not carried.")

    def to_file(key: Any, row: Row) -> int | None:
        number = NOWHERE if key is None else keys.number(label, key)
        if number == NOWHERE and key is not None and not each.null:
            raise CarryingRefused(f"{path} leads out of the review; run check_review to see what is wrong.")
        return number or None

    return to_file, _present(lambda number: keys.key(label, number) or None)


def _person(keys: Keys) -> tuple[Turned, Turned]:
    by_address = {address: key for key, address in keys.people.items()}

    def from_file(address: Any, row: Row) -> int | None:
        if address is not None and address not in by_address:
            raise CarryingRefused(f"The file names {address!r}, whom its list of people does not hold.")
        return by_address.get(address)

    return _present(lambda key: keys.people[key]), from_file


def _reference_by_kind(path: str, keys: Keys) -> tuple[Turned, Turned]:
    column, labels = KEYS_BY_KIND[path]

    def turned(way: Callable[[str, Any], int]) -> Turned:
        return lambda value, row: None if value is None else way(labels[row[column]], value)

    return turned(keys.number), turned(keys.key)


def _json(path: str, keys: Keys) -> tuple[Turned, Turned]:
    if path in PLAIN_JSON:
        return (lambda value, row: value), (lambda value, row: value)
    if path not in HELD_KEYS:
        raise CarryingRefused(f"Nobody has said what {path} holds.")
    reach = HELD_KEYS[path]
    return (
        _present(lambda held: reach(held, keys.number)),
        _present(lambda held: reach(held, keys.key)),
    )


def _without_review(keys: Keys) -> Turned:
    """`documents/17/abc/whole.pdf` as `documents/abc/whole.pdf`: the review has another key elsewhere."""

    def shortened(name: Any, row: Row) -> str:
        return portable_name(str(name), keys.review_pk) if name else ""

    return shortened


def portable_name(name: str, review_pk: int) -> str:
    kind, owner, *rest = name.split("/")
    if owner != str(review_pk) or not rest:
        raise CarryingRefused(f"The file {name} is not kept in the review's own folder.")
    return "/".join((kind, *rest))


def name_here(name: str, review_pk: int) -> str:
    """The reverse of `portable_name`; refuses a name that leads anywhere else."""
    parts = PurePosixPath(name).parts
    if len(parts) < 2 or not all(PLAIN_NAME.fullmatch(part) for part in parts) or "/".join(parts) != name:
        raise CarryingRefused(f"The file holds {name!r}, which is not the name of a file of a review.")
    return "/".join((parts[0], str(review_pk), *parts[1:]))


def _with_review(path: str, keys: Keys) -> Turned:
    return lambda name, row: name_here(name, keys.review_pk) if name else ""


def _plain(each: Any) -> Turned:
    """As the model's field reads it, with the checks that a database need not make."""
    allowed = {value for value, _ in each.flatchoices} if each.choices else None
    longest = getattr(each, "max_length", None)

    def read(value: Any, row: Row) -> Any:
        if value is None:
            return None
        if isinstance(value, (dict, list)) or (
            isinstance(each, models.BooleanField) != isinstance(value, bool)
        ):
            raise ValueError("of another kind")
        told = each.to_python(value)
        if allowed is not None and told not in allowed and told != "":
            raise ValueError("not one of the choices")
        if longest is not None and len(told) > longest:
            raise ValueError("too long")
        return told

    return read


def _checked(path: str, each: Any, read: Turned) -> Turned:
    """Turn what goes wrong with a value into a sentence."""
    is_hash = each.name.endswith("sha256")
    is_name = path == "screening.DocumentPage.picture"

    def checked(value: Any, row: Row) -> Any:
        try:
            told = read(value, row)
        except (ValueError, TypeError, KeyError, AttributeError, ValidationError, binascii.Error):
            raise CarryingRefused(
                f"The file holds a value of {path} that cannot be: {value!r:.80}."
            ) from None
        if told is None and not each.null and not isinstance(each, models.JSONField):
            raise CarryingRefused(f"The file has no value of {path} in a row that needs one.")
        pattern = HASH if is_hash else PLAIN_NAME if is_name else None
        if told and pattern and not pattern.fullmatch(told):
            raise CarryingRefused(f"The file holds a value of {path} that cannot be: {value!r:.80}.")
        return told

    return checked
