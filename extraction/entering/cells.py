"""The rule that writes single cells of one's own extraction, as they are typed.

A change says what the page showed before. Where the stored value is another one by now, somebody typed into
another window: nothing is overwritten, and the page shows both. What cannot be true is not stored; a number
that waits for its partner (events for n) is not stored yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from ..derivations import BY_KEY, derive
from ..derivations.conversions import ConversionError
from ..models import EVENTS_NEED_N, Arm, ArmResult, Contrast, Extraction, Provenance
from ..schema import WrongAnswer, same_value
from ..wording import in_words
from .addresses import NoSuchCell, RowAddress, parse_cell, row_at
from .columns import COLUMNS, columns_of, number_in, numbers_of, text_of
from .entry import ExtractionRefused, check_open, note_act, said_of
from .typed import checked_answer

PLACE_PARTS = ("page", "quote")


@dataclass(frozen=True)
class CellChange:
    """One cell: what the page showed, and what was typed. `part` is "value", "page" or "quote"."""

    cell: str
    was: Any
    value: Any
    part: str = "value"


@dataclass
class CellResult:
    """What became of a change: "saved", "conflict", "wrong" or "waiting", and what is stored now."""

    cell: str
    part: str
    state: str
    value: Any
    message: str = ""


@dataclass
class Saved:
    """What became of every change, and the rows they touched (None where the last cell was emptied)."""

    results: list[CellResult] = field(default_factory=list)
    rows: dict[str, Arm | ArmResult | Contrast | None] = field(default_factory=dict)


@transaction.atomic
def save_cells(*, extraction: Extraction, by, changes: Sequence[CellChange]) -> Saved:
    """Store the changes that can be stored, each on its own; raises ExtractionRefused when it is closed."""
    extraction = check_open(extraction, by)
    saved = Saved()
    by_row: dict[RowAddress, list[tuple[str, CellChange]]] = {}
    for change in changes:
        if change.cell.startswith("answer/"):
            saved.results.append(_answer(extraction, change))
            continue
        address, column = parse_cell(change.cell)
        by_row.setdefault(address, []).append((column, change))
    for address, of_row in by_row.items():
        row = row_at(extraction, address)
        _check_columns(address, row, [column for column, _ in of_row])
        saved.results += _save_row(row, of_row)
        saved.rows[str(address)] = row if row.pk else None
    stored = [each for each in saved.results if each.state == "saved"]
    if stored:
        cells = [{"row": _row_name(saved, each), "part": each.part, "value": each.value} for each in stored]
        note_act(extraction, by, "cells saved", cells=cells)
    return saved


def _row_name(saved: Saved, result: CellResult) -> str:
    """What a cell is of, in words: its address holds keys of rows, which are others elsewhere."""
    if result.cell.startswith("answer/"):
        return result.cell
    address, column = parse_cell(result.cell)
    row = saved.rows.get(str(address))
    return f"{row or 'row emptied'}: {column}"


def _check_columns(address: RowAddress, row: Any, names: Sequence[str]) -> None:
    known = ("label", "role", "n") if isinstance(row, Arm) else columns_of(row)
    for name in names:
        if name not in known:
            raise NoSuchCell(f"{address}/{name}")


def _answer(extraction: Extraction, change: CellChange) -> CellResult:
    """One answer, or its page or quote."""
    key = change.cell.removeprefix("answer/")
    question = extraction.form_version.form.named(key)
    if question is None:
        raise NoSuchCell(change.cell)
    stored = dict(extraction.answers.get(key, {}))
    current = stored.get(change.part)
    if not same_value(current, change.was) and not same_value(current, change.value):
        return CellResult(change.cell, change.part, "conflict", current, _elsewhere(current))
    try:
        value = (
            checked_answer(question, change.value) if change.part == "value" else str(change.value).strip()
        )
    except WrongAnswer as wrong:
        return CellResult(change.cell, change.part, "wrong", current, in_words(wrong))
    stored[change.part] = value
    answers = {**extraction.answers, key: stored}
    if all(part in (None, "", []) for part in stored.values()):
        del answers[key]
    extraction.answers = answers
    extraction.save(update_fields=["answers"])
    return CellResult(change.cell, change.part, "saved", value)


def _elsewhere(current: Any) -> str:
    shown = text_of(current) or gettext("nothing")
    return gettext("Another window of yours stored %(shown)s here meanwhile.") % {"shown": shown}


def _save_row(row: Any, changes: Sequence[tuple[str, CellChange]]) -> list[CellResult]:
    """Try each change; one that fails is tried once more, as its partner may have come after it."""
    results: dict[int, CellResult] = {}
    for _ in range(2):
        for number, (column, change) in enumerate(changes):
            if number not in results or results[number].state in ("wrong", "waiting"):
                results[number] = _try(row, column, change)
    return list(results.values())


def _try(row: Any, column: str, change: CellChange) -> CellResult:
    before = {name: getattr(row, name) for name in ("cells", *_value_columns(row))}
    before["cells"] = {name: dict(said) for name, said in row.cells.items()}
    current = _current(row, column, change.part)
    if not same_value(current, change.was) and not same_value(current, change.value):
        return CellResult(change.cell, change.part, "conflict", current, _elsewhere(current))
    try:
        _put(row, column, change)
        with transaction.atomic():
            _store(row)
    except (ValidationError, ValueError) as wrong:
        for name, value in before.items():
            setattr(row, name, value)
        return _refused(row, column, change, wrong)
    return CellResult(change.cell, change.part, "saved", _current(row, column, change.part))


def _value_columns(row: Any) -> tuple[str, ...]:
    own = ("label", "role", "n") if isinstance(row, Arm) else columns_of(row)
    return own if isinstance(row, Arm) else (*own, "provenance", "derivation")


def _current(row: Any, column: str, part: str) -> str:
    if part in PLACE_PARTS:
        return str(row.cells.get(column, {}).get(part, ""))
    return text_of(getattr(row, column))


def _put(row: Any, column: str, change: CellChange) -> None:
    if change.part in PLACE_PARTS:
        _say(row, column, change.part, str(change.value).strip())
        return
    if isinstance(row, Arm) and column != "n":
        setattr(row, column, str(change.value).strip())
        return
    value = number_in(column, str(change.value))
    setattr(row, column, 95.0 if column == "ci_level" and value is None else value)
    if isinstance(row, Arm):
        return
    had_derived = bool(row.derived_columns)
    _say(row, column, "derived", None)
    derive_again(row, column)
    if had_derived:
        _summarise(row)


def _say(row: Any, column: str, part: str, value: Any) -> None:
    """Keep or drop one thing that is said of a cell."""
    said = {name: told for name, told in row.cells.get(column, {}).items() if name != part}
    if value not in (None, ""):
        said[part] = value
    row.cells = {name: told for name, told in {**row.cells, column: said}.items() if told}


def _store(row: Any) -> None:
    """Save the row, or remove it when no cell holds anything."""
    if not isinstance(row, Arm) and not numbers_of(row) and not row.cells and not row.note:
        if row.pk:
            row.delete()
        return
    row.full_clean()
    row.save()


def _refused(row: Any, column: str, change: CellChange, wrong: Exception) -> CellResult:
    current = _current(row, column, change.part)
    if not isinstance(wrong, ValidationError):
        return CellResult(change.cell, change.part, "wrong", current, f"{in_words(wrong)}.")
    text = " ".join(wrong.messages)
    waits = column == "events" and getattr(row, "n", None) is None and str(EVENTS_NEED_N) in wrong.messages
    return CellResult(change.cell, change.part, "waiting" if waits else "wrong", current, text)


# Derived values


@transaction.atomic
def derive_into(*, extraction: Extraction, by, row: Any, method: str, parameters: Mapping[str, str]) -> Any:
    """Fill a row's gaps by a derivation and keep how. Raises ConversionError or ValidationError in words."""
    check_open(extraction, by)
    derivation = BY_KEY.get(method)
    if derivation is None:
        raise ConversionError("there is no such method")
    found = derive(derivation, _inputs(row), parameters)
    for column, value in found.values.items():
        setattr(row, column, int(value) if COLUMNS[column].is_whole else value)
        _say(row, column, "derived", found.record())
    _summarise(row)
    row.full_clean()
    row.save()
    note_act(extraction, by, "values derived", method=method, rows=[said_of(row)])
    return row


@transaction.atomic
def drop_derived(*, extraction: Extraction, by, row: Any, column: str) -> Any:
    """Take a derived value out again, with all that the same derivation filled."""
    check_open(extraction, by)
    record = row.cells.get(column, {}).get("derived")
    for name in row.derived_columns if record else ():
        if row.cells[name]["derived"]["method"] == record["method"]:
            setattr(row, name, None)
            _say(row, name, "derived", None)
    _summarise(row)
    _store(row)
    note_act(extraction, by, "derived value taken out", row=str(row), column=column)
    return row


def _inputs(row: Any) -> dict[str, Any]:
    extra = {"measure": row.measure} if isinstance(row, Contrast) else {}
    return {**numbers_of(row), **extra}


def derive_again(row: Any, column: str) -> None:
    """Values derived from a column follow it; those that can no longer be derived are emptied."""
    records = {name: row.cells[name]["derived"] for name in row.derived_columns}
    for method in {r["method"] for r in records.values() if column in r["inputs"]}:
        derivation = BY_KEY[method]
        targets = [name for name, record in records.items() if record["method"] == method]
        inputs = records[targets[0]]["inputs"]
        parameters = {p.name: str(inputs[p.name]) for p in derivation.parameters if p.name in inputs}
        try:
            found = derive(derivation, _inputs(row), parameters)
        except ConversionError:
            found = None
        for name in targets:
            value = found.values[name] if found else None
            setattr(row, name, int(value) if value is not None and COLUMNS[name].is_whole else value)
            _say(row, name, "derived", found.record() if found else None)


def _summarise(row: Any) -> None:
    """Say on the row itself what its cells say: whether it is derived, and how."""
    records = {name: row.cells[name]["derived"] for name in row.derived_columns}
    titles = dict.fromkeys(f"{record['title']} ({record['source']})" for record in records.values())
    row.derivation = "; ".join(titles)[:300]
    methods = {record["method"] for record in records.values()}
    row.provenance = Provenance.DERIVED if methods else Provenance.REPORTED
    if "kaplan_meier" in methods:
        row.provenance = Provenance.KAPLAN_MEIER


# Arms


@transaction.atomic
def add_arm(*, extraction: Extraction, by, label: str) -> Arm:
    """A further arm. The first one's role is no longer that of a single arm."""
    check_open(extraction, by)
    arms = list(extraction.arms.all())
    # The first arm added is the one compared with; a role can be changed at any time.
    role = Arm.Role.COMPARATOR if len(arms) == 1 else Arm.Role.INTERVENTION
    position = max((arm.position for arm in arms), default=-1) + 1
    arm = Arm(extraction=extraction, label=label.strip(), role=role, position=position)
    arm.full_clean()
    arm.save()
    if len(arms) == 1 and arms[0].role == Arm.Role.SINGLE:
        arms[0].role = Arm.Role.INTERVENTION
        arms[0].save(update_fields=["role"])
    note_act(extraction, by, "arm added", arm=arm.label)
    return arm


@transaction.atomic
def remove_arm(*, extraction: Extraction, by, arm: Arm) -> None:
    check_open(extraction, by)
    if arm.results.exists() or Contrast.objects.filter(comparator=arm).exists() or arm.contrasts.exists():
        raise ExtractionRefused(gettext("%(arm)s has results; empty its cells first.") % {"arm": arm})
    if extraction.arms.count() == 1:
        raise ExtractionRefused(gettext("An extraction has at least one arm."))
    label = arm.label
    arm.delete()
    note_act(extraction, by, "arm removed", arm=label)


@transaction.atomic
def describe_row(*, extraction: Extraction, by, row: Any, **fields: Any) -> Any:
    """Keep what is said of a whole row: its set, note, source, and the notes that answer findings."""
    check_open(extraction, by)
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    told = {name: str(value) for name, value in fields.items()}
    note_act(extraction, by, "row described", row=str(row), said=told)
    return row
