"""Where every record, citation and report of a review stands at a moment: pure, from facts to rows by number.

The second way to the flow beside the database's own counting (`counts`): for a past day, whose states are no
longer stored anywhere, and for an update, which counts only what came after a version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .flow import OTHER_METHODS, SEARCHED, FlowCounts, Previous, ReasonCount, SourceCount, SourceKind, Stream

RECORD, CITATION, REPORT, STUDY = "record", "citation", "report", "study"


@dataclass(frozen=True)
class ReportFact:
    pk: int
    citation: int
    retrieval: str
    study: int | None


@dataclass(frozen=True)
class Facts:
    """What was known at a moment. groups: citation to its records, the founding one first."""

    runs: Mapping[int, tuple[str, SourceKind]]
    run_of: Mapping[int, int]
    groups: Mapping[int, list[int]]
    abstracts: Mapping[int, str]
    full_texts: Mapping[int, str]
    unread: Collection[int]
    reports: Mapping[int, ReportFact]
    reasons: Mapping[int, str]


@dataclass(frozen=True)
class Basis:
    """A version that an update starts from: where each citation stood, by its founding record.

    runs: the search runs of then. places: founding record to the key of its place. studies, reports: those
    included then.
    """

    runs: frozenset[int]
    places: Mapping[int, str]
    studies: frozenset[int]
    reports: frozenset[int]


@dataclass
class Placed:
    """Keys of rows by number, and what the flow comes to."""

    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    kinds: dict[str, str] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    has_other: bool = False

    def put(self, kind: str, key: str, pk: int) -> None:
        self.kinds[key] = kind
        self.rows[key].append(pk)

    def count(self, key: str) -> int:
        return len(self.rows.get(key, ()))


# The last place of a citation, from which an update tells whether anything became of it since.
SETTLED = ("excluded_title_abstract", "not_screened", "not_retrieved", "excluded_full_text", "included")


def place(facts: Facts, basis: Basis | None = None) -> Placed:
    """Every row by the number it is counted in; with a basis only what came, or was settled, after it."""
    placed = Placed()
    for citation, records in facts.groups.items():
        final = _final_place(facts, citation)
        placed.places[records[0]] = final
        inside, carried = _inside(facts, records, final, basis)
        if inside:
            _place_citation(placed, facts, citation, records, inside, carried)
    return placed


def _inside(facts: Facts, records: list[int], final: str, basis: Basis | None) -> tuple[list[int], bool]:
    """The records of a citation that count, and whether they were carried over from the version before."""
    if basis is None:
        return records, False
    new = [record for record in records if facts.run_of[record] not in basis.runs]
    old = [record for record in records if facts.run_of[record] in basis.runs]
    if not old:
        return new, False
    before = next((basis.places[record] for record in old if record in basis.places), "")
    moved = before not in SETTLED or before != final
    return ([*old[:1], *new], True) if moved else (new, False)


def _final_place(facts: Facts, citation: int) -> str:
    abstract = facts.abstracts[citation]
    if abstract != "included":
        if citation in facts.unread:
            return "not_screened"
        return "excluded_title_abstract" if abstract == "excluded" else f"title_abstract_{abstract}"
    report = facts.reports.get(citation)
    retrieval = report.retrieval if report else "wanted"
    if retrieval != "obtained":
        return "not_retrieved" if retrieval == "not_available" else "awaiting_retrieval"
    full_text = facts.full_texts[citation]
    names = {"included": "included", "excluded": "excluded_full_text"}
    return names.get(full_text, f"full_text_{full_text}")


def _place_citation(
    placed: Placed, facts: Facts, citation: int, records: list[int], inside: list[int], carried: bool
) -> None:
    kinds = {record: facts.runs[facts.run_of[record]][1] for record in inside}
    is_other = not any(kind in SEARCHED for kind in kinds.values())
    for record in inside:
        name, kind = facts.runs[facts.run_of[record]]
        if carried and record == inside[0]:
            name = f"{name}, carried over"
        placed.has_other |= kind in OTHER_METHODS
        placed.put(RECORD, "records", record)
        placed.put(RECORD, f"{kind}s", record)
        placed.put(RECORD, SourceCount(name, kind, 0).key, record)
    # A new record of a citation that was settled before is a copy of what was read then.
    settled_before = not carried and len(inside) < len(records)
    fitting = [record for record in inside if is_other or kinds[record] in SEARCHED]
    kept = None if settled_before else fitting[0]
    for record in inside:
        if record != kept:
            prefix = "other_" if kinds[record] in OTHER_METHODS else ""
            placed.put(RECORD, f"{prefix}duplicates_removed", record)
    if kept is not None:
        _follow(placed, facts, citation, kept, "other_" if is_other else "")


def _follow(placed: Placed, facts: Facts, citation: int, kept: int, p: str) -> None:
    """A citation from screening to inclusion, put into each number on its way."""
    if citation in facts.unread:
        placed.put(RECORD, "other_removed_by_automation" if p else "not_screened", kept)
        return
    placed.put(CITATION, f"{p}citations", citation)
    abstract = facts.abstracts[citation]
    if abstract not in {"included", "excluded"}:
        waiting = "title_abstract_conflicts" if abstract == "conflict" else "awaiting_screening"
        placed.put(CITATION, f"{p}{waiting}", citation)
        return
    placed.put(CITATION, f"{p}screened", citation)
    if abstract == "excluded":
        placed.put(CITATION, f"{p}excluded_title_abstract", citation)
        return
    report = facts.reports.get(citation)
    if report is not None:
        _follow_report(placed, facts, report, p)


def _follow_report(placed: Placed, facts: Facts, report: ReportFact, p: str) -> None:
    placed.put(REPORT, f"{p}sought", report.pk)
    if report.retrieval != "obtained":
        where = "not_retrieved" if report.retrieval == "not_available" else "awaiting_retrieval"
        placed.put(REPORT, f"{p}{where}", report.pk)
        return
    state = facts.full_texts[report.citation]
    if state not in {"included", "excluded"}:
        waiting = "full_text_conflicts" if state == "conflict" else "awaiting_full_text"
        placed.put(REPORT, f"{p}{waiting}", report.pk)
        return
    placed.put(REPORT, f"{p}assessed", report.pk)
    if state == "excluded":
        placed.put(REPORT, f"{p}excluded_full_text", report.pk)
        placed.put(REPORT, f"{p}reason:{facts.reasons[report.citation]}", report.pk)
        return
    placed.put(REPORT, f"{p}included", report.pk)
    placed.put(REPORT, "included_reports", report.pk)
    grouped = "reports_without_study" if report.study is None else "reports_in_studies"
    placed.put(REPORT, grouped, report.pk)
    if report.study is not None and report.study not in placed.rows["included_studies"]:
        placed.put(STUDY, "included_studies", report.study)


def count(placed: Placed, facts: Facts, basis: Basis | None = None) -> FlowCounts:
    """The flow that the placed rows come to; with a basis that of an update."""
    n = placed.count
    searched = _stream(placed, "")
    counts: dict[str, Any] = {name: getattr(searched, name) for name in Stream.__dataclass_fields__}
    other = _stream(placed, "other_") if placed.has_other else None
    told: dict[str, Any] = {
        "reports_in_studies": n("reports_in_studies"),
        "reports_without_study": n("reports_without_study"),
        "not_screened": n("not_screened"),
        "other": other,
    }
    if basis is None:
        return FlowCounts(**counts, included_studies=n("included_studies"), **told)
    _compare(placed, facts, basis)
    return FlowCounts(
        **counts,
        included_studies=n("included_studies"),
        **told,
        previous=Previous(len(basis.studies), len(basis.reports), n("dropped_studies"), n("dropped_reports")),
        total_studies=n("total_studies"),
        total_reports=n("total_reports"),
    )


def _compare(placed: Placed, facts: Facts, basis: Basis) -> None:
    """Name the rows of what an update adds to, drops from and keeps of the version before."""
    now = dict(_included_now(facts))
    studies = {study for study in now.values() if study is not None}
    told: dict[str, tuple[str, Collection[int]]] = {
        "previous_studies": (STUDY, basis.studies),
        "previous_reports": (REPORT, basis.reports),
        "total_studies": (STUDY, studies),
        "total_reports": (REPORT, set(now)),
        "dropped_studies": (STUDY, basis.studies - studies),
        "dropped_reports": (REPORT, basis.reports - now.keys()),
        # A new report of a study that was there before makes no new study.
        "included_studies": (STUDY, studies - basis.studies),
    }
    for key, (kind, rows) in told.items():
        placed.kinds[key], placed.rows[key] = kind, sorted(rows)


def _included_now(facts: Facts) -> Iterator[tuple[int, int | None]]:
    for citation, report in facts.reports.items():
        is_in = facts.abstracts.get(citation) == facts.full_texts.get(citation) == "included"
        if is_in and report.retrieval == "obtained":
            yield report.pk, report.study


def _stream(placed: Placed, p: str) -> Stream:
    n = placed.count
    return Stream(
        identified=_sources(placed, OTHER_METHODS if p else SEARCHED),
        duplicates_removed=n(f"{p}duplicates_removed"),
        removed_by_automation=n(f"{p}removed_by_automation"),
        removed_other=0,
        citations=n(f"{p}citations"),
        screened=n(f"{p}screened"),
        awaiting_screening=n(f"{p}awaiting_screening"),
        title_abstract_conflicts=n(f"{p}title_abstract_conflicts"),
        excluded_title_abstract=n(f"{p}excluded_title_abstract"),
        sought=n(f"{p}sought"),
        not_retrieved=n(f"{p}not_retrieved"),
        awaiting_retrieval=n(f"{p}awaiting_retrieval"),
        assessed=n(f"{p}assessed"),
        awaiting_full_text=n(f"{p}awaiting_full_text"),
        full_text_conflicts=n(f"{p}full_text_conflicts"),
        excluded_by_reason=_reasons(placed, p),
        included_reports=n(f"{p}included"),
    )


def _sources(placed: Placed, kinds: tuple[SourceKind, ...]) -> tuple[SourceCount, ...]:
    found = []
    for key, rows in placed.rows.items():
        for kind in kinds:
            if key.startswith(f"source:{kind}:"):
                found.append(SourceCount(key.split(":", 2)[2], kind, len(rows)))
    return tuple(sorted(found, key=lambda s: (kinds.index(s.kind), -s.records, s.name)))


def _reasons(placed: Placed, p: str) -> tuple[ReasonCount, ...]:
    start = f"{p}reason:"
    found = [
        ReasonCount(key.removeprefix(start), len(rows), p)
        for key, rows in placed.rows.items()
        if key.startswith(start)
    ]
    return tuple(sorted(found, key=lambda each: (-each.reports, each.reason)))
