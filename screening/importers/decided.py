"""Decisions that another tool wrote beside its records: Rayyan's notes, Covidence's notes and tags.

Rayyan bundles them in one column, parts divided by bars:
RAYYAN-INCLUSION: {"A"=>"Included", "B"=>"Maybe"} | RAYYAN-LABELS: x,y | RAYYAN-EXCLUSION-REASONS: z |
USER-NOTES: {"A"=>["text"]}. Covidence names nobody; its notes have "Exclusion reason: z;", its tags labels.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

RAYYAN, COVIDENCE = "Rayyan", "Covidence"
VERDICTS = {"included": "include", "excluded": "exclude", "maybe": "maybe"}
_PART = re.compile(r"(RAYYAN-[A-Z-]+|USER-NOTES):")
_VOTE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*"(Included|Excluded|Maybe)"', re.IGNORECASE)
_NOTES = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*(\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])')
_REASON = re.compile(r"Exclusion reason:\s*([^;]+);?", re.IGNORECASE)


@dataclass(frozen=True)
class Decided:
    """What a tool said of one record. verdicts, notes: by the name of whoever said it there."""

    tool: str
    verdicts: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def decided_in(extra: Mapping[str, list[str]]) -> Decided | None:
    """What the columns of a record without a field of their own say; None when it is of no such tool."""
    columns = {name.strip().lower(): " ".join(map(str, values)) for name, values in extra.items()}
    text = next((value for value in columns.values() if _PART.search(value)), None)
    if text is not None:
        return _rayyan(text)
    if any(name.startswith("covidence") for name in columns):
        return _covidence(columns)
    return None


def _rayyan(text: str) -> Decided:
    pieces = _PART.split(text)
    # Before the first name stands what the record's notes had been before Rayyan.
    parts = {
        name: value.strip().rstrip("|").strip()
        for name, value in zip(pieces[1::2], pieces[2::2], strict=True)
    }
    return Decided(
        RAYYAN,
        {
            _unquoted(name): VERDICTS[said.lower()]
            for name, said in _VOTE.findall(parts.get("RAYYAN-INCLUSION", ""))
        },
        _listed(parts.get("RAYYAN-EXCLUSION-REASONS", "")),
        _listed(parts.get("RAYYAN-LABELS", "")),
        {_unquoted(name): _texts(said) for name, said in _NOTES.findall(parts.get("USER-NOTES", ""))},
    )


def _covidence(columns: Mapping[str, str]) -> Decided:
    reasons = tuple(reason.strip() for reason in _REASON.findall(columns.get("notes", "")))
    return Decided(COVIDENCE, {}, reasons, _listed(columns.get("tags", "").replace(";", ",")))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except json.JSONDecodeError:
        return text


def _texts(array: str) -> tuple[str, ...]:
    try:
        return tuple(str(each) for each in json.loads(array))
    except json.JSONDecodeError:
        return (array.strip("[]"),)
