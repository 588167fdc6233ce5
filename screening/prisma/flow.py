"""The PRISMA 2020 flow as numbers: what is counted, and which sums must hold.

Covers the four templates (Page MJ et al. BMJ 2021;372:n71): new and updated reviews, with databases and
registers alone or with other methods beside them. Nothing here knows how the numbers were counted (`counts`,
`placing`), what the boxes say (`boxes`) or how they are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Literal

SourceKind = Literal["database", "register", "website", "organisation", "citation_search", "other"]
SEARCHED: tuple[SourceKind, ...] = ("database", "register")
OTHER_METHODS: tuple[SourceKind, ...] = ("website", "organisation", "citation_search", "other")


@dataclass(frozen=True)
class SourceCount:
    """Records that one database, register, website ... gave."""

    name: str
    kind: SourceKind
    records: int

    @property
    def key(self) -> str:
        return f"source:{self.kind}:{self.name}"


@dataclass(frozen=True)
class ReasonCount:
    """Reports excluded at full text for one reason."""

    reason: str
    reports: int
    prefix: str = ""

    @property
    def key(self) -> str:
        return f"{self.prefix}reason:{self.reason}"


@dataclass(frozen=True)
class Stream:
    """What became of the records of one column: those of databases and registers, or of other methods.

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

    def records_from(self, kind: SourceKind) -> int:
        return sum(source.records for source in self.identified if source.kind == kind)

    @property
    def records_identified(self) -> int:
        return sum(source.records for source in self.identified)

    @property
    def excluded_full_text(self) -> int:
        return sum(reason.reports for reason in self.excluded_by_reason)

    @property
    def unsettled(self) -> int:
        """What is left to screen, settle, retrieve or assess."""
        return (
            self.awaiting_screening
            + self.title_abstract_conflicts
            + self.awaiting_retrieval
            + self.awaiting_full_text
            + self.full_text_conflicts
        )


@dataclass(frozen=True)
class Previous:
    """What an update starts from. dropped: of the studies and reports of then, those not included now."""

    studies: int
    reports: int
    dropped_studies: int = 0
    dropped_reports: int = 0


@dataclass(frozen=True)
class FlowCounts(Stream):
    """Every number of the flow at one moment.

    The numbers of a Stream are those of databases and registers; `other` are those of other methods, None
    where there were none. `not_screened` were left unread when the stopping rule was met. Studies are those
    of both columns; in an update the new ones.
    """

    included_studies: int = 0
    reports_in_studies: int = 0
    reports_without_study: int = 0
    not_screened: int = 0
    other: Stream | None = None
    previous: Previous | None = None
    total_studies: int | None = None
    total_reports: int | None = None

    @property
    def new_reports(self) -> int:
        """Included reports of both columns."""
        return self.included_reports + (self.other.included_reports if self.other else 0)

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to screen, settle, retrieve, assess or group."""
        others = self.other.unsettled if self.other else 0
        return self.unsettled + others + self.reports_without_study == 0


NUMBERS = tuple(
    field.name for field in fields(FlowCounts) if field.type == "int" and field.name != "not_screened"
)
STREAM_NUMBERS = tuple(field.name for field in fields(Stream) if field.type == "int")


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
    sums = [*_stream_sums(counts, counts.not_screened)]
    if counts.other:
        sums += _stream_sums(counts.other, 0, "other_", " (other methods)")
    sums += _study_sums(counts)
    return [_imbalance(each) for each in sums if each.total[1] != sum(n for _, n in each.parts)]


def _imbalance(broken: _Sum) -> Imbalance:
    label, expected = broken.total
    found = sum(count for _, count in broken.parts)
    parts = " + ".join(f"{count:,} {part}" for part, count in broken.parts)
    sentence = f"{broken.heading}: {expected:,} {label}, but {parts} = {found:,}."
    return Imbalance(broken.box, expected, found, sentence)


def _stream_sums(counts: Stream, not_screened: int, prefix: str = "", of: str = "") -> Iterable[_Sum]:
    unread = (("not screened by the stopping rule", not_screened),) if not_screened else ()
    return (
        _Sum(
            f"{prefix}identified",
            f"Records identified{of}",
            ("records identified", counts.records_identified),
            (
                ("duplicates removed", counts.duplicates_removed),
                ("removed by automation tools", counts.removed_by_automation),
                *unread,
                ("removed for other reasons", counts.removed_other),
                ("citations to screen", counts.citations),
            ),
        ),
        _Sum(
            f"{prefix}screened",
            f"Records screened{of}",
            ("citations to screen", counts.citations),
            (
                ("screened", counts.screened),
                ("not yet screened", counts.awaiting_screening),
                ("in conflict", counts.title_abstract_conflicts),
            ),
        ),
        _Sum(
            f"{prefix}screened",
            f"Records screened{of}",
            ("records screened", counts.screened),
            (("records excluded", counts.excluded_title_abstract), ("reports sought", counts.sought)),
        ),
        _Sum(
            f"{prefix}sought",
            f"Reports sought for retrieval{of}",
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
            f"{prefix}assessed",
            f"Reports assessed for eligibility{of}",
            ("reports assessed", counts.assessed),
            (
                ("excluded with a reason", counts.excluded_full_text),
                ("included", counts.included_reports),
            ),
        ),
    )


def _study_sums(counts: FlowCounts) -> Iterable[_Sum]:
    yield _Sum(
        "included",
        "Studies included in review",
        ("included reports", counts.new_reports),
        (
            ("reports that belong to a study", counts.reports_in_studies),
            ("reports not yet in a study", counts.reports_without_study),
        ),
    )
    if counts.previous is None:
        return
    before = counts.previous
    for what, total, new, then, dropped in (
        ("studies", counts.total_studies, counts.included_studies, before.studies, before.dropped_studies),
        ("reports", counts.total_reports, counts.new_reports, before.reports, before.dropped_reports),
    ):
        yield _Sum(
            "total",
            f"Total {what} included in review",
            (f"{what} in all and {dropped:,} no longer included", (total or 0) + dropped),
            ((f"{what} of the previous version", then), (f"new {what}", new)),
        )
