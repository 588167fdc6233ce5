"""The PRISMA 2020 flow diagram as values: what is counted, which sums must hold, what each box says.

Follows the template for new reviews that searched databases and registers only
(Page MJ et al. BMJ 2021;372:n71, figure 1). Nothing here knows how the numbers were counted or how the
boxes are drawn, so a template with more columns (updates, other methods) is more boxes, not more code paths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["database", "register"]
Phase = Literal["identification", "screening", "included"]
Column = Literal["main", "aside"]
LineKind = Literal["count", "detail", "pending"]


@dataclass(frozen=True)
class SourceCount:
    """Records that one database or register gave."""

    name: str
    kind: SourceKind
    records: int

    @property
    def key(self) -> str:
        return f"source:{self.name}"


@dataclass(frozen=True)
class ReasonCount:
    """Reports excluded at full text for one reason."""

    reason: str
    reports: int

    @property
    def key(self) -> str:
        return f"reason:{self.reason}"


@dataclass(frozen=True)
class FlowCounts:
    """Every number of the flow at one moment.

    `screened` and `assessed` are the citations and reports on which the stage has *concluded*; what still
    lacks decisions is awaiting, and what reviewers differ on is a conflict, so a running review adds up too.
    """

    identified: tuple[SourceCount, ...]
    duplicates_removed: int
    removed_by_automation: int
    removed_other: int
    citations: int
    screened: int
    awaiting_screening: int
    title_abstract_conflicts: int
    excluded_title_abstract: int
    sought: int
    not_retrieved: int
    awaiting_retrieval: int
    assessed: int
    awaiting_full_text: int
    full_text_conflicts: int
    excluded_by_reason: tuple[ReasonCount, ...]
    included_reports: int
    included_studies: int
    reports_in_studies: int
    reports_without_study: int

    def records_from(self, kind: SourceKind) -> int:
        return sum(source.records for source in self.identified if source.kind == kind)

    @property
    def records_identified(self) -> int:
        return sum(source.records for source in self.identified)

    @property
    def excluded_full_text(self) -> int:
        return sum(reason.reports for reason in self.excluded_by_reason)

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to screen, settle, retrieve, assess or group."""
        return not any(line.kind == "pending" for box in boxes(self) for line in box.lines)


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


@dataclass(frozen=True)
class Imbalance:
    """A sum that does not hold: what the box says, and what its parts come to."""

    box: str
    expected: int
    found: int
    sentence: str


class FlowImbalance(Exception):
    """The flow does not add up, so it must not be published."""

    def __init__(self, found: tuple[Imbalance, ...]) -> None:
        super().__init__(" ".join(imbalance.sentence for imbalance in found))
        self.imbalances = found


@dataclass(frozen=True)
class _Sum:
    box: str
    heading: str
    total: tuple[str, int]
    parts: tuple[tuple[str, int], ...]


def reconcile(counts: FlowCounts) -> None:
    """Raise FlowImbalance when a number of the flow is not the sum of what became of it."""
    found = imbalances(counts)
    if found:
        raise FlowImbalance(tuple(found))


def imbalances(counts: FlowCounts) -> list[Imbalance]:
    """The sums of the flow that do not hold, from top to bottom; empty when the flow adds up."""
    return [_imbalance(each) for each in _sums(counts) if each.total[1] != sum(n for _, n in each.parts)]


def _imbalance(broken: _Sum) -> Imbalance:
    label, expected = broken.total
    found = sum(count for _, count in broken.parts)
    parts = " + ".join(f"{count:,} {part}" for part, count in broken.parts)
    sentence = f"{broken.heading}: {expected:,} {label}, but {parts} = {found:,}."
    return Imbalance(broken.box, expected, found, sentence)


def _sums(counts: FlowCounts) -> tuple[_Sum, ...]:
    return (
        _Sum(
            "identified",
            "Records identified",
            ("records identified", counts.records_identified),
            (
                ("duplicates removed", counts.duplicates_removed),
                ("removed by automation tools", counts.removed_by_automation),
                ("removed for other reasons", counts.removed_other),
                ("citations to screen", counts.citations),
            ),
        ),
        _Sum(
            "screened",
            "Records screened",
            ("citations to screen", counts.citations),
            (
                ("screened", counts.screened),
                ("not yet screened", counts.awaiting_screening),
                ("in conflict", counts.title_abstract_conflicts),
            ),
        ),
        _Sum(
            "screened",
            "Records screened",
            ("records screened", counts.screened),
            (("records excluded", counts.excluded_title_abstract), ("reports sought", counts.sought)),
        ),
        _Sum(
            "sought",
            "Reports sought for retrieval",
            ("reports sought", counts.sought),
            (
                ("not retrieved", counts.not_retrieved),
                ("awaiting retrieval", counts.awaiting_retrieval),
                ("assessed", counts.assessed),
                ("not yet assessed", counts.awaiting_full_text),
                ("in conflict", counts.full_text_conflicts),
            ),
        ),
        _Sum(
            "assessed",
            "Reports assessed for eligibility",
            ("reports assessed", counts.assessed),
            (
                ("excluded with a reason", counts.excluded_full_text),
                ("included", counts.included_reports),
            ),
        ),
        _Sum(
            "included",
            "Studies included in review",
            ("included reports", counts.included_reports),
            (
                ("reports that belong to a study", counts.reports_in_studies),
                ("reports not yet in a study", counts.reports_without_study),
            ),
        ),
    )


def boxes(counts: FlowCounts) -> tuple[Box, ...]:
    """The boxes in reading order: each of the main column, then what stands beside it."""
    return (*_identification(counts), *_screening(counts), *_eligibility(counts), _included(counts))


def _identification(counts: FlowCounts) -> tuple[Box, ...]:
    removed = (
        Line("Duplicate records removed", counts.duplicates_removed, "duplicates_removed"),
        Line(
            "Records marked as ineligible by automation tools",
            counts.removed_by_automation,
            "removed_by_automation",
        ),
        Line("Records removed for other reasons", counts.removed_other, "removed_other"),
    )
    return (
        Box(
            "identified",
            "Records identified from:",
            (*_sources(counts, "database"), *_sources(counts, "register")),
            "identification",
            "main",
        ),
        Box("removed", "Records removed before screening:", removed, "identification", "aside"),
    )


def _sources(counts: FlowCounts, kind: SourceKind) -> tuple[Line, ...]:
    plural = {"database": "Databases", "register": "Registers"}[kind]
    total = Line(plural, counts.records_from(kind), f"{kind}s")
    each = (Line(s.name, s.records, s.key, "detail") for s in counts.identified if s.kind == kind)
    return (total, *each)


def _screening(counts: FlowCounts) -> tuple[Box, ...]:
    screened = (
        Line("Records screened", counts.screened, "screened"),
        *_pending("Not yet screened", counts.awaiting_screening, "awaiting_screening"),
        *_pending("Conflicts to settle", counts.title_abstract_conflicts, "title_abstract_conflicts"),
    )
    excluded = Line("Records excluded", counts.excluded_title_abstract, "excluded_title_abstract")
    return (
        Box("screened", "", screened, "screening", "main"),
        Box("excluded_title_abstract", "", (excluded,), "screening", "aside"),
    )


def _eligibility(counts: FlowCounts) -> tuple[Box, ...]:
    sought = (
        Line("Reports sought for retrieval", counts.sought, "sought"),
        *_pending("Not yet retrieved", counts.awaiting_retrieval, "awaiting_retrieval"),
    )
    assessed = (
        Line("Reports assessed for eligibility", counts.assessed, "assessed"),
        *_pending("Not yet assessed", counts.awaiting_full_text, "awaiting_full_text"),
        *_pending("Conflicts to settle", counts.full_text_conflicts, "full_text_conflicts"),
    )
    return (
        Box("sought", "", sought, "screening", "main"),
        Box(
            "not_retrieved",
            "",
            (Line("Reports not retrieved", counts.not_retrieved, "not_retrieved"),),
            "screening",
            "aside",
        ),
        Box("assessed", "", assessed, "screening", "main"),
        _excluded_reports(counts),
    )


def _excluded_reports(counts: FlowCounts) -> Box:
    total = Line("Reports excluded", counts.excluded_full_text, "excluded_full_text")
    reasons = (Line(each.reason, each.reports, each.key, "detail") for each in counts.excluded_by_reason)
    return Box("excluded_full_text", "", (total, *reasons), "screening", "aside")


def _included(counts: FlowCounts) -> Box:
    lines = (
        Line("Studies included in review", counts.included_studies, "included_studies"),
        Line("Reports of included studies", counts.included_reports, "included_reports"),
        *_pending("Reports not yet in a study", counts.reports_without_study, "reports_without_study"),
    )
    return Box("included", "", lines, "included", "main")


def _pending(label: str, count: int, key: str) -> tuple[Line, ...]:
    return (Line(label, count, key, "pending"),) if count else ()
