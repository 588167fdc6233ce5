"""Judgements as CSV in the layout that robvis reads: Study, a column for each domain, Overall, Weight."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..told import reason, told
from .errors import AnswersRefused
from .model import OVERALL, Tool

_NOT_DOMAINS = {"study", "overall", "weight"}


@dataclass(frozen=True)
class StudyJudgements:
    """One study's judgements by slot, the overall one under "overall"; its weight in percent where known."""

    study: str
    judgements: Mapping[str, str]
    weight: float | None = None
    line: int = 0


def slots_of(tool: Tool, effect: str) -> tuple[str, ...]:
    return tuple(domain.slot for domain in tool.for_effect(effect) if domain.kind == "bias")


def write(tool: Tool, effect: str, rows: Sequence[StudyJudgements]) -> str:
    """The CSV. Judgements are in the words of the tool; a missing one is empty."""
    slots = slots_of(tool, effect)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["Study", *slots, *(["Overall"] if tool.has_overall else []), "Weight"])
    for row in rows:
        values = [row.judgements.get(slot, "") for slot in slots]
        values += [row.judgements.get(OVERALL, "")] if tool.has_overall else []
        writer.writerow([_plain(row.study), *values, "" if row.weight is None else f"{row.weight:.4g}"])
    return out.getvalue()


def read(tool: Tool, effect: str, text: str) -> list[StudyJudgements]:
    """The rows of a CSV in robvis' layout. Raises AnswersRefused naming line and column.

    The domain columns count by their place, as in robvis, whatever their headings; Weight is optional.
    """
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as problem:
        raise AnswersRefused(told("The file is no CSV: {problem}.", problem=reason(problem))) from None
    header = [name.strip() for name in rows[0]] if rows else []
    slots = slots_of(tool, effect)
    places = [at for at, name in enumerate(header) if name.casefold() not in _NOT_DOMAINS]
    if not header or header[0].casefold() != "study" or len(places) != len(slots):
        raise AnswersRefused(
            told(
                "Line 1: the columns are Study, {count} domains ({slots}), Overall and Weight; "
                "the file has {those}.",
                count=len(slots),
                slots=", ".join(slots),
                those=", ".join(header) or "none",
            )
        )
    overall = next((at for at, name in enumerate(header) if name.casefold() == "overall"), None)
    found: list[StudyJudgements] = []
    for line, row in enumerate(rows[1:], 2):
        if any(field.strip() for field in row):
            found.append(_study(tool, header, dict(zip(slots, places, strict=True)), overall, line, row))
    return found


def _study(
    tool: Tool, header: list[str], places: dict[str, int], overall: int | None, line: int, row: list[str]
) -> StudyJudgements:
    if len(row) != len(header):
        raise AnswersRefused(
            told(
                "Line {line} has {count} fields; the header has {count2}.",
                line=line,
                count=len(row),
                count2=len(header),
            )
        )
    judgements = {slot: _level(tool, slot, row[at], line, header[at]) for slot, at in places.items()}
    if overall is not None and tool.has_overall:
        judgements[OVERALL] = _level(tool, OVERALL, row[overall], line, "Overall")
    return StudyJudgements(
        row[0].strip(), {slot: value for slot, value in judgements.items() if value}, None, line
    )


def _level(tool: Tool, slot: str, text: str, line: int, column: str) -> str:
    """The tool's own word for a judgement, also where it is written in another case or as its label."""
    said = text.strip().casefold()
    if not said:
        return ""
    for level in tool.levels_of(slot):
        if said in {level.value.casefold(), level.label.casefold()}:
            return level.value
    words = ", ".join(level.value for level in tool.levels_of(slot))
    raise AnswersRefused(
        told(
            "Line {line}, column {column}: “{text}” is not one of {words}.",
            line=line,
            column=column,
            text=text.strip(),
            words=words,
        )
    )


def _plain(text: str) -> str:
    """A label that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
