"""From which of its records each field of a citation is shown: the best one, unless a person chose. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# Volume, issue and pages go together: taken from several records they could name no place at all.
PLACE = ("volume", "issue", "pages")
FIELDS = ("title", "authors", "journal", "year", *PLACE, "doi", "pmid", "abstract")


def best_fields(representative: Any, records: Iterable[Any], chosen: Mapping[str, int]) -> dict[str, Any]:
    """Field to the record it is shown from; fields that no record has are left out.

    The longest abstract and the longest list of authors win, and the fullest place; for the rest what the
    representative has, else the oldest record that has it. A choice counts while its record is among these.
    """
    members = sorted(records, key=lambda record: (record.pk != representative.pk, record.pk))
    by_pk = {record.pk: record for record in members}
    place = max(members, key=_fullness, default=None)
    found: dict[str, Any] = {}
    for field in FIELDS:
        best = place if field in PLACE else _best(members, field)
        picked = by_pk.get(chosen.get(field, 0), best)
        if picked is not None and getattr(picked, field):
            found[field] = picked
    return found


def _fullness(record: Any) -> int:
    return sum(bool(getattr(record, field)) for field in PLACE)


def _best(members: Sequence[Any], field: str) -> Any:
    filled = [record for record in members if getattr(record, field)]
    if field in {"abstract", "authors"}:
        return max(filled, key=lambda record: len(getattr(record, field)), default=None)
    return next(iter(filled), None)
