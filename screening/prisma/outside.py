"""Numbers of the flow that were entered, not counted: added to those that rows stand for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from .flow import OTHER_METHODS, STREAM_NUMBERS, FlowCounts, Previous, ReasonCount, SourceCount, Stream

S = TypeVar("S", bound=Stream)
EMPTY = Stream(identified=(), excluded_by_reason=(), **dict.fromkeys(STREAM_NUMBERS, 0))


class Event(Protocol):
    """What an entered event says: where records came from, and what became of all of them."""

    kind: Any
    source_kind: Any
    source: str
    records: int
    duplicates_removed: int
    removed_by_automation: int
    removed_other: int
    excluded_title_abstract: int
    not_retrieved: int
    excluded_full_text: list[Any]
    studies: int
    reports: int


def with_events(counts: FlowCounts, events: Iterable[Event]) -> FlowCounts:
    """The flow with what was entered: records of either column, and a previous version."""
    previous = None
    for event in events:
        if event.kind == "previous":
            previous = event
        elif event.source_kind in OTHER_METHODS:
            counts = replace(counts, other=_added(counts.other or EMPTY, event, "other_"))
        else:
            counts = _added(counts, event, "")
    # Of several, the latest; a version frozen here has rows, which go before a number.
    return _after_previous(counts, previous) if previous and counts.previous is None else counts


def _after_previous(counts: FlowCounts, event: Event) -> FlowCounts:
    return replace(
        counts,
        previous=Previous(event.studies, event.reports),
        total_studies=event.studies + counts.included_studies,
        total_reports=event.reports + counts.new_reports,
    )


def _added(stream: S, event: Event, prefix: str) -> S:
    reasons = [(str(reason), int(n)) for reason, n in event.excluded_full_text]
    excluded = sum(n for _, n in reasons)
    sought = event.not_retrieved + excluded
    screened = event.excluded_title_abstract + sought
    return replace(
        stream,
        identified=_with_source(stream.identified, event),
        duplicates_removed=stream.duplicates_removed + event.duplicates_removed,
        removed_by_automation=stream.removed_by_automation + event.removed_by_automation,
        removed_other=stream.removed_other + event.removed_other,
        citations=stream.citations + screened,
        screened=stream.screened + screened,
        excluded_title_abstract=stream.excluded_title_abstract + event.excluded_title_abstract,
        sought=stream.sought + sought,
        not_retrieved=stream.not_retrieved + event.not_retrieved,
        assessed=stream.assessed + excluded,
        excluded_by_reason=_with_reasons(stream.excluded_by_reason, reasons, prefix),
    )


def _with_source(identified: tuple[SourceCount, ...], event: Event) -> tuple[SourceCount, ...]:
    added = SourceCount(event.source, event.source_kind, event.records)
    if all(each.key != added.key for each in identified):
        return (*identified, added)
    return tuple(
        replace(each, records=each.records + added.records) if each.key == added.key else each
        for each in identified
    )


def _with_reasons(
    before: tuple[ReasonCount, ...], added: list[tuple[str, int]], prefix: str
) -> tuple[ReasonCount, ...]:
    found = {each.reason: each.reports for each in before}
    for reason, n in added:
        found[reason] = found.get(reason, 0) + n
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ReasonCount(reason, n, prefix) for reason, n in ordered)


def keys_of(event: Event) -> set[str]:
    """The numbers of the flow that an event takes part in, by their keys; for the page behind a number."""
    if event.kind == "previous":
        return {"previous_studies", "previous_reports", "total_studies", "total_reports"}
    p = "other_" if event.source_kind in OTHER_METHODS else ""
    reasons = [str(reason) for reason, n in event.excluded_full_text if n]
    sought, assessed = event.not_retrieved or reasons, reasons
    told = {
        "records": True,
        f"{event.source_kind}s": True,
        f"source:{event.source_kind}:{event.source}": True,
        f"{p}duplicates_removed": event.duplicates_removed,
        f"{p}removed_by_automation": event.removed_by_automation,
        f"{p}removed_other": event.removed_other,
        f"{p}excluded_title_abstract": event.excluded_title_abstract,
        f"{p}citations": event.excluded_title_abstract or sought,
        f"{p}screened": event.excluded_title_abstract or sought,
        f"{p}sought": sought,
        f"{p}not_retrieved": event.not_retrieved,
        f"{p}assessed": assessed,
        f"{p}excluded_full_text": assessed,
        **{f"{p}reason:{reason}": True for reason in reasons},
    }
    return {key for key, takes_part in told.items() if takes_part}
