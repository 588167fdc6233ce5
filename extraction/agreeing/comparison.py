"""Two extractions laid out for the eye: only the cells that differ are open, each with where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from ..entering.columns import COLUMNS, text_of
from ..models import AnalysisSet, Arm, Extraction, Provenance
from ..schema import Item
from .consensus import LEFT, RIGHT, compare, rows_of

WORDS = {
    "analysis_set": pgettext_lazy("set of rows", "Set"),
    "provenance": gettext_lazy("How got"),
    "derivation": gettext_lazy("Derived by"),
    "role": gettext_lazy("Role"),
    "value": "",
}
# What is stored of a row that is no number, in words of the page.
VALUES = {
    "role": {
        Arm.Role.INTERVENTION: gettext_lazy("intervention"),
        Arm.Role.COMPARATOR: gettext_lazy("comparator"),
        Arm.Role.SINGLE: gettext_lazy("single"),
    },
    "analysis_set": {
        AnalysisSet.MAIN: gettext_lazy("main"),
        AnalysisSet.ALTERNATIVE: gettext_lazy("alternative"),
    },
    "provenance": {
        Provenance.REPORTED: gettext_lazy("reported"),
        Provenance.DERIVED: gettext_lazy("derived"),
    },
}
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Side:
    """One person's value in a cell, with page, quote and derivation."""

    side: str
    text: str
    said: Said


@dataclass(frozen=True)
class OpenCell:
    """A cell that differs: its two sides, what was chosen so far and the new value typed."""

    name: str
    label: str
    sides: tuple[Side, Side]
    chosen: str
    new: str
    takes_new: bool


@dataclass(frozen=True)
class OpenItem:
    """An item that differs; `lacking` names the side that has no such row."""

    number: int
    label: str
    cells: list[OpenCell]
    lacking: str
    whole: list[tuple[str, str]]
    chosen: str


def laid_out(pair: tuple[Extraction, Extraction], posted: Any) -> dict[str, Any]:
    """What the comparison page shows: items that differ, equal ones, and how many cells of each."""
    items = compare(*pair)
    said = tuple(_said(extraction) for extraction in pair)
    different = [_open(n, item, said, posted) for n, item in enumerate(items) if not item.is_equal]
    equal = [(item.label, _filled(item)) for item in items if item.is_equal]
    return {
        "different": different,
        "equal": [each for each in equal if each[1]],
        "open_cells": sum(max(1, len(item.cells)) for item in different),
        "equal_cells": sum(len(values) for _, values in equal),
    }


def _said(extraction: Extraction) -> dict[tuple[str, ...], Said]:
    """By item, what is said of each cell."""
    found: dict[tuple[str, ...], Said] = {
        ("answer", key): {"value": answer} for key, answer in extraction.answers.items()
    }
    found |= {("arm", arm.label.casefold()): arm.cells for arm in extraction.arms.all()}
    for row in rows_of(extraction):
        whole = {"page": row.page, "quote": row.quote}
        found[row.identity] = {name: {**whole, **row.cells.get(name, {})} for name in COLUMNS}
    return found


def _open(number: int, item: Item, said: tuple[Mapping, Mapping], posted: Any) -> OpenItem:
    chosen = posted.get(f"item-{number}", "")
    if item.left is None or item.right is None:
        lacking = LEFT if item.left is None else RIGHT
        return OpenItem(number, item.label, [], lacking, _filled(item), chosen)
    cells = [_cell(number, item, name, said, posted) for name in item.differing]
    return OpenItem(number, item.label, cells, "", [], chosen)


def _cell(number: int, item: Item, name: str, said: tuple[Mapping, Mapping], posted: Any) -> OpenCell:
    sides = []
    for side, values, told in ((LEFT, item.left, said[0]), (RIGHT, item.right, said[1])):
        sides.append(Side(side, _worded(name, values[name]), told.get(item.key, {}).get(name, {})))
    label = COLUMNS[name].label if name in COLUMNS else WORDS.get(name, name)
    is_table = any(
        isinstance(row, list) for value in (item.left[name], item.right[name]) for row in _rows(value)
    )
    chosen, new = posted.get(f"cell-{number}-{name}", ""), posted.get(f"new-{number}-{name}", "")
    return OpenCell(name, label, (sides[0], sides[1]), chosen, new, not is_table and name != "provenance")


def _rows(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _worded(name: str, value: object) -> str:
    word = VALUES.get(name, {}).get(value) if isinstance(value, str) else None
    return str(word) if word else shown(value)


def shown(value: object) -> str:
    """A value in words: several choices by comma, a table row by row."""
    if isinstance(value, list):
        return "; ".join(" | ".join(row) if isinstance(row, list) else str(row) for row in value)
    return text_of(value)


QUIET = {"ci_level", "analysis_set", "provenance", "derivation"}


def _filled(item: Item) -> list[tuple[str, str]]:
    """Label and value of the cells that hold something."""
    values = item.left or item.right or {}
    return [
        (COLUMNS[name].label if name in COLUMNS else WORDS.get(name, name), _worded(name, value))
        for name, value in values.items()
        if value not in (None, "", []) and name not in QUIET
    ]


def answers_told(extraction: Extraction) -> list[tuple[str, Said]]:
    """Label and answer of each question that was answered, in the form's order."""
    fields = extraction.form_version.form.fields
    return [(f.label, extraction.answers[f.key]) for f in fields if f.key in extraction.answers]
