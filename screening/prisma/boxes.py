"""The boxes of the PRISMA 2020 flow diagram: what each says, in the team's own words where it has any.

Which of the four templates it is follows from the numbers: a previous version gives the column of previous
studies, other methods give the column on the right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from .flow import FlowCounts, SourceKind, Stream

Phase = Literal["identification", "screening", "included"]
Column = Literal["previous", "main", "aside", "other", "other_aside"]
LineKind = Literal["count", "detail", "pending"]

PHASES: Mapping[Phase, str] = {
    "identification": "Identification",
    "screening": "Screening",
    "included": "Included",
}
_PLURALS: Mapping[SourceKind, str] = {
    "database": "Databases",
    "register": "Registers",
    "website": "Websites",
    "organisation": "Organisations",
    "citation_search": "Citation searching",
    "other": "Other sources",
}


@dataclass(frozen=True)
class Line:
    """One number of a box. A page links it to its rows by `key`.

    A `detail` is part of the `count` above it; `pending` is work that a finished review no longer shows.
    """

    label: str
    count: int
    key: str
    kind: LineKind = "count"


@dataclass(frozen=True)
class Box:
    """A box of the diagram. With an empty heading the first line speaks for the box.

    A box in the main column starts a new row; those of other columns that follow it stand beside it.
    """

    key: str
    heading: str
    lines: tuple[Line, ...]
    phase: Phase
    column: Column


def boxes(counts: FlowCounts, words: Mapping[str, str] | None = None) -> tuple[Box, ...]:
    """The boxes in reading order: each of the main column, then what stands beside it.

    words: the team's own wording by the key of a line, or "box:" and the key of a box for its heading.
    """
    found = (
        *_identification(counts),
        *_screening(counts),
        *_sought(counts),
        *_assessed(counts),
        *_included(counts),
    )
    return tuple(_worded(box, words or {}) for box in found)


def headers(counts: FlowCounts, words: Mapping[str, str] | None = None) -> dict[Column, str]:
    """What stands above each group of columns, by the column that begins it."""
    studies = "new studies" if counts.previous else "studies"
    said: dict[Column, str] = {"main": f"Identification of {studies} via databases and registers"}
    if counts.previous:
        said["previous"] = "Previous studies"
    if counts.other:
        said["other"] = f"Identification of {studies} via other methods"
    return {column: (words or {}).get(f"header:{column}", text) for column, text in said.items()}


def phase_names(words: Mapping[str, str] | None = None) -> dict[Phase, str]:
    return {phase: (words or {}).get(f"phase:{phase}", name) for phase, name in PHASES.items()}


def _worded(box: Box, words: Mapping[str, str]) -> Box:
    lines = tuple(replace(line, label=words.get(line.key, line.label)) for line in box.lines)
    return replace(box, heading=words.get(f"box:{box.key}", box.heading), lines=lines)


def _identification(counts: FlowCounts) -> tuple[Box, ...]:
    removed = (
        Line("Duplicate records removed", counts.duplicates_removed, "duplicates_removed"),
        Line(
            "Records marked as ineligible by automation tools",
            counts.removed_by_automation,
            "removed_by_automation",
        ),
        *_if_any("Records not screened: stopping rule met", counts.not_screened, "not_screened", "count"),
        Line("Records removed for other reasons", counts.removed_other, "removed_other"),
    )
    found = [
        Box(
            "identified",
            "Records identified from:",
            (*_sources(counts, "database"), *_sources(counts, "register")),
            "identification",
            "main",
        ),
        Box("removed", "Records removed before screening:", removed, "identification", "aside"),
    ]
    if counts.previous:
        found.append(_previous(counts))
    if counts.other:
        found += _other_identification(counts.other)
    return tuple(found)


def _previous(counts: FlowCounts) -> Box:
    assert counts.previous is not None
    lines = (
        Line("Studies included in previous version of review", counts.previous.studies, "previous_studies"),
        Line(
            "Reports of studies included in previous version of review",
            counts.previous.reports,
            "previous_reports",
        ),
    )
    return Box("previous", "", lines, "identification", "previous")


def _other_identification(other: Stream) -> list[Box]:
    kinds: tuple[SourceKind, ...] = ("website", "organisation", "citation_search")
    lines = [line for kind in kinds for line in _sources(other, kind)]
    if other.records_from("other"):
        lines += _sources(other, "other")
    found = [
        Box("other_identified", "Records identified from:", tuple(lines), "identification", "other"),
    ]
    removed = (
        *_if_any("Duplicate records removed", other.duplicates_removed, "other_duplicates_removed", "count"),
        *_if_any(
            "Records marked as ineligible by automation tools",
            other.removed_by_automation,
            "other_removed_by_automation",
            "count",
        ),
        *_if_any("Records removed for other reasons", other.removed_other, "other_removed_other", "count"),
        *_if_any("Records excluded", other.excluded_title_abstract, "other_excluded_title_abstract", "count"),
        *_if_any("Not yet screened", other.awaiting_screening, "other_awaiting_screening"),
        *_if_any("Conflicts to settle", other.title_abstract_conflicts, "other_title_abstract_conflicts"),
    )
    # The template has no such box, because other methods mostly bring single reports. Where they did not, a
    # number would be missing between what was identified and what was sought.
    if removed:
        heading = "Not sought:"
        found.append(Box("other_removed", heading, removed, "identification", "other_aside"))
    return found


def _sources(counts: Stream, kind: SourceKind) -> tuple[Line, ...]:
    total = Line(_PLURALS[kind], counts.records_from(kind), f"{kind}s")
    each = (Line(s.name, s.records, s.key, "detail") for s in counts.identified if s.kind == kind)
    return (total, *each)


def _screening(counts: FlowCounts) -> tuple[Box, ...]:
    screened = (
        Line("Records screened", counts.screened, "screened"),
        *_if_any("Not yet screened", counts.awaiting_screening, "awaiting_screening"),
        *_if_any("Conflicts to settle", counts.title_abstract_conflicts, "title_abstract_conflicts"),
    )
    excluded = Line("Records excluded", counts.excluded_title_abstract, "excluded_title_abstract")
    return (
        Box("screened", "", screened, "screening", "main"),
        Box("excluded_title_abstract", "", (excluded,), "screening", "aside"),
    )


def _sought(counts: FlowCounts) -> tuple[Box, ...]:
    found = _sought_of(counts, "", "main", "aside")
    return (*found, *_sought_of(counts.other, "other_", "other", "other_aside")) if counts.other else found


def _sought_of(counts: Stream, prefix: str, column: Column, aside: Column) -> tuple[Box, ...]:
    sought = (
        Line("Reports sought for retrieval", counts.sought, f"{prefix}sought"),
        *_if_any("Not yet retrieved", counts.awaiting_retrieval, f"{prefix}awaiting_retrieval"),
    )
    missing = Line("Reports not retrieved", counts.not_retrieved, f"{prefix}not_retrieved")
    return (
        Box(f"{prefix}sought", "", sought, "screening", column),
        Box(f"{prefix}not_retrieved", "", (missing,), "screening", aside),
    )


def _assessed(counts: FlowCounts) -> tuple[Box, ...]:
    found = _assessed_of(counts, "", "main", "aside")
    return (*found, *_assessed_of(counts.other, "other_", "other", "other_aside")) if counts.other else found


def _assessed_of(counts: Stream, prefix: str, column: Column, aside: Column) -> tuple[Box, ...]:
    assessed = (
        Line("Reports assessed for eligibility", counts.assessed, f"{prefix}assessed"),
        *_if_any("Not yet assessed", counts.awaiting_full_text, f"{prefix}awaiting_full_text"),
        *_if_any("Conflicts to settle", counts.full_text_conflicts, f"{prefix}full_text_conflicts"),
    )
    total = Line("Reports excluded", counts.excluded_full_text, f"{prefix}excluded_full_text")
    reasons = (Line(each.reason, each.reports, each.key, "detail") for each in counts.excluded_by_reason)
    return (
        Box(f"{prefix}assessed", "", assessed, "screening", column),
        Box(f"{prefix}excluded_full_text", "", (total, *reasons), "screening", aside),
    )


def _included(counts: FlowCounts) -> tuple[Box, ...]:
    new = "New studies" if counts.previous else "Studies"
    lines = (
        Line(f"{new} included in review", counts.included_studies, "included_studies"),
        Line(
            f"Reports of {new.lower() if counts.previous else 'included studies'}"
            + (" included" if counts.previous else ""),
            counts.new_reports,
            "included_reports",
        ),
        *_if_any("Reports not yet in a study", counts.reports_without_study, "reports_without_study"),
    )
    found = (Box("included", "", lines, "included", "main"),)
    return (*found, _total(counts)) if counts.previous else found


def _total(counts: FlowCounts) -> Box:
    assert counts.previous is not None
    lines = (
        Line("Total studies included in review", counts.total_studies or 0, "total_studies"),
        Line("Reports of total included studies", counts.total_reports or 0, "total_reports"),
        *_if_any(
            "Studies of the previous version no longer included",
            counts.previous.dropped_studies,
            "dropped_studies",
            "count",
        ),
    )
    return Box("total", "", lines, "included", "main")


def _if_any(label: str, count: int, key: str, kind: LineKind = "pending") -> tuple[Line, ...]:
    return (Line(label, count, key, kind),) if count else ()
