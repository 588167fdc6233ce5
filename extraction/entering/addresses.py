"""A cell's address: what a page sends back to say which cell of an extraction it means.

A result row need not exist to have an address: typing into the cell makes the row, emptying its last cell
removes it. So nobody adds or deletes rows, and two windows cannot disagree on which row is which.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from ..models import Arm, ArmResult, Contrast, Extraction


class NoSuchCell(LookupError):
    """The address names nothing in this extraction."""


@dataclass(frozen=True)
class RowAddress:
    """The kind of row and what it is about: primary keys and free texts, in a fixed order."""

    kind: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return "/".join([self.kind, *(quote(part, safe="") for part in self.parts)])

    def cell(self, column: str) -> str:
        return f"{self}/{column}"


# Columns that make up an address, by the kind of row.
PLACE = {
    "result": ("arm_id", "outcome_id", "time_point_id", "scores", "subgroup", "population"),
    "contrast": (
        "arm_id",
        "comparator_id",
        "outcome_id",
        "time_point_id",
        "measure",
        "subgroup",
        "population",
        "adjusted_for",
    ),
    "arm": ("pk",),
}
MODELS: dict[str, Any] = {"result": ArmResult, "contrast": Contrast}


def address_of(row: Arm | ArmResult | Contrast) -> RowAddress:
    if isinstance(row, Arm):
        return RowAddress("arm", (str(row.pk),))
    kind = "result" if isinstance(row, ArmResult) else "contrast"
    return RowAddress(kind, tuple(str(getattr(row, name) or "") for name in PLACE[kind]))


def parse_cell(address: str) -> tuple[RowAddress, str]:
    """The row and the column that a cell's address names."""
    kind, *parts = address.split("/")
    if kind not in PLACE or len(parts) != len(PLACE[kind]) + 1:
        raise NoSuchCell(address)
    return RowAddress(kind, tuple(map(unquote, parts[:-1]))), parts[-1]


def parse_row(address: str) -> RowAddress:
    return parse_cell(f"{address}/-")[0]


def row_at(extraction: Extraction, address: RowAddress) -> Arm | ArmResult | Contrast:
    """The row at an address: the stored one or, where there is none, an unsaved one. Raises NoSuchCell.

    Only arms of the extraction and outcomes and time points of its review are found.
    """
    if address.kind == "arm":
        return _one(extraction.arms.all(), address.parts[0])
    place = dict(zip(PLACE[address.kind], address.parts, strict=True))
    review = extraction.review
    found = {
        "arm": _one(extraction.arms.all(), place["arm_id"]),
        "outcome": _one(review.outcomes.all(), place["outcome_id"]),
        "time_point": _one(review.time_points.all(), place["time_point_id"])
        if place["time_point_id"]
        else None,
    }
    if address.kind == "contrast":
        found["comparator"] = _one(extraction.arms.all(), place["comparator_id"])
    texts = {name: value for name, value in place.items() if not name.endswith("_id")}
    model = MODELS[address.kind]
    return model.objects.filter(**found, **texts).first() or model(**found, **texts)


def _one(rows: Any, pk: str) -> Any:
    row = rows.filter(pk=int(pk)).first() if pk.isdigit() and len(pk) < 12 else None
    if row is None:
        raise NoSuchCell(pk)
    return row
