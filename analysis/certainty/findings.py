"""The summary of findings as plain rows, which the page, the Word file and the CSV show alike."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from ..grade import AbsoluteEffect
from .evidence import Line, relative_effect

NOTES = "abcdefghijklmnopqrstuvwxyz"
COLUMNS = (
    "Outcome",
    "Importance",
    "Participants (studies)",
    "Certainty",
    "Relative effect [95% CI]",
    "Baseline risk",
    "Without, per 1,000",
    "With, per 1,000 [95% CI]",
    "Difference, per 1,000 [95% CI]",
    "Why certainty was rated down or up",
    "Comment",
)


@dataclass(frozen=True)
class Absolute:
    """Absolute effects at one baseline risk, as text."""

    label: str
    without: str
    with_it: str
    difference: str


@dataclass(frozen=True)
class Finding:
    """One outcome. notes: letter and reason of each step of certainty."""

    line: Line
    outcome: str
    importance: str
    people: str
    certainty: str
    symbols: str
    relative: str
    absolute: tuple[Absolute, ...]
    notes: tuple[tuple[str, str], ...]
    comment: str

    @property
    def letters(self) -> str:
        return ",".join(letter for letter, _ in self.notes)


def findings(lines: Sequence[Line]) -> list[Finding]:
    """A row for each line; equal reasons share their letter."""
    letters: dict[str, str] = {}
    return [_finding(line, letters) for line in lines]


def _finding(line: Line, letters: dict[str, str]) -> Finding:
    profile, spec = line.profile, line.profile.spec
    reasons = [f"{label}: {reason}" for label, reason in line.explanations]
    for reason in reasons:
        letters.setdefault(reason, _letter(len(letters)))
    certainty = line.certainty
    return Finding(
        line,
        ", ".join(str(part) for part in (spec.title, spec.time_point) if part),
        profile.get_importance_display(),
        _people(line),
        certainty.label if certainty.is_complete else "Not judged yet",
        certainty.symbols if certainty.is_complete else "",
        _relative(line),
        _absolute(line),
        tuple((letters[reason], reason) for reason in reasons),
        profile.comment,
    )


def _letter(index: int) -> str:
    return NOTES[index % 26] * (1 + index // 26)


def _people(line: Line) -> str:
    if line.evidence is None:
        return "no result yet"
    studies = f"{line.evidence.k} stud{'y' if line.evidence.k == 1 else 'ies'}"
    people = line.evidence.participants
    return f"{people:,} ({studies})" if people is not None else studies


def _relative(line: Line) -> str:
    relative = relative_effect(line.profile, line.run)
    if relative is not None:
        measure, estimate, low, high = relative
        return f"{measure} {estimate:.2f} [{low:.2f}, {high:.2f}]"
    if line.evidence is not None and not line.is_percent:
        evidence = line.evidence
        return f"{evidence.estimate:.2f} [{evidence.low:.2f}, {evidence.high:.2f}]"
    return "–"


def _absolute(line: Line) -> tuple[Absolute, ...]:
    if line.baselines:
        return tuple(_at_baseline(each.label, each.effect) for each in line.baselines)
    if line.is_percent and line.evidence is not None:
        evidence = line.evidence
        low, high = (round(1000 * max(0.0, min(1.0, each))) for each in (evidence.low, evidence.high))
        return (Absolute("single arm", "–", f"{round(1000 * evidence.estimate)} [{low}, {high}]", "–"),)
    return ()


def _at_baseline(label: str, effect: AbsoluteEffect) -> Absolute:
    return Absolute(
        label,
        f"{effect.baseline:.0f}",
        f"{effect.risk:.0f} [{effect.risk_low:.0f}, {effect.risk_high:.0f}]",
        f"{_more(effect.difference)} [{_more(effect.difference_low)}, {_more(effect.difference_high)}]",
    )


def _more(difference: float) -> str:
    rounded = round(difference)
    if rounded == 0:
        return "0"
    return f"{abs(rounded)} {'more' if rounded > 0 else 'fewer'}"


def as_csv(rows: Sequence[Finding]) -> str:
    """A line for each outcome and baseline risk."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        because = " ".join(reason for _, reason in row.notes)
        for each in row.absolute or (Absolute("", "", "", ""),):
            head = (row.outcome, row.importance, row.people, row.certainty, row.relative)
            cells = (*head, each.label, each.without, each.with_it, each.difference, because, row.comment)
            writer.writerow([_plain(cell) for cell in cells])
    return out.getvalue()


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
