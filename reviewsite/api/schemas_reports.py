"""What a review reports and what it rests on: searches, certainty, data, checklists, versions, the log."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class ProtocolOut(Schema):
    population: str
    intervention: str
    comparator: str
    outcomes: str
    study_designs: str
    inclusion_criteria: str
    exclusion_criteria: str
    registration: str
    title_abstract_decisions: int = Field(description="How many people decide on each citation.")
    full_text_decisions: int
    maybe_counts_as_include: bool


class MemberOut(Schema):
    name: str
    role: str
    settles_conflicts: bool


class SearchOut(Schema):
    """One query in one database on one day; records are counted once they are in."""

    id: int
    database: str
    platform: str
    kind: str
    run_on: date
    query: str
    translation: str
    limits: str
    strategy_source: str
    peer_review: str
    reported_count: int | None
    records: int
    saved_search: int | None
    file_name: str
    file_sha256: str
    imported_at: datetime | None


class SavedSearchOut(Schema):
    id: int
    name: str
    query: str
    limits: str
    schedule: str
    due_on: date | None
    new_count: int | None
    looked_at: datetime | None


class DocumentOut(Schema):
    id: int
    report: int | None
    file_name: str
    sha256: str
    size: int
    pages: int
    state: str


class DatasetOut(Schema):
    """The rows behind a run as they were frozen, and what was left out and why."""

    id: int
    sha256: str
    created_at: datetime
    rows: list[Any]
    left_out: list[Any]


class AbsoluteOut(Schema):
    baseline: str
    without: str
    with_it: str
    difference: str


class CertaintyOut(Schema):
    """A line of the summary of findings; numbers as text, as they are printed there."""

    id: int
    analysis: int
    run: int | None
    outcome: str
    importance: str
    participants: str
    certainty: str
    relative: str
    absolute: list[AbsoluteOut]
    reasons: list[str]
    comment: str
    is_stale: bool


class ChecklistItemOut(Schema):
    number: str
    topic: str
    asks: str
    done: bool
    section: str
    answer: str
    note: str
    todo: str


class ChecklistOut(Schema):
    name: str
    title: str
    items: list[ChecklistItemOut]


class VersionOut(Schema):
    number: int
    name: str
    note: str
    sha256: str
    frozen_at: datetime
    frozen_by: str


class VersionContentOut(VersionOut):
    """`content` is exactly what was hashed: as JSON with sorted keys and without spaces."""

    untouched: bool
    content: dict[str, Any]


class ChangesOut(Schema):
    """What changed from a version to another one, or to the review as it is now."""

    since: int
    until: int | None
    runs: list[Any] = Field(description="Searches that are new: database, day, records.")
    flow: list[dict[str, Any]]
    studies: list[dict[str, Any]]
    estimates: list[dict[str, Any]]
    protocol: list[str]


class EntryOut(Schema):
    """An entry of the audit log, with all that its hash is computed of."""

    number: int
    at: str = Field(description="ISO 8601 in UTC, with microseconds.")
    who: str
    email: str
    act: str
    details: dict[str, Any]
    blind_kind: str
    salt: str
    previous: str
    sha256: str
