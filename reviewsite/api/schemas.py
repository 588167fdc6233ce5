"""What goes in and out, as the documentation shows it."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, Field

from reviewsite.reviews.models import Stage


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("Text cannot hold a NUL character.")
    return text


Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
Small = Annotated[int, Field(ge=1, le=10**9)]
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]+$", max_length=60, description="The review's address.")]
StageName = Literal["title_abstract", "full_text"]
assert set(Stage.values) == set(StageName.__args__)  # type: ignore[attr-defined]


def text(longest: int) -> Any:
    return Annotated[str, Field(max_length=longest), AfterValidator(_storable)]


class Problem(Schema):
    """Why there is no answer, in a sentence."""

    detail: str


class Me(Schema):
    email: str
    name: str
    token: str
    may_write: bool


class ReviewOut(Schema):
    slug: str
    title: str
    note: str
    role: str = Field(description="Your own role in it.")
    created_at: datetime


class RecordOut(Schema):
    """One hit as the database gave it."""

    id: int
    search_run: int
    database: str
    position: int
    citation: int | None = Field(description="The citation that it belongs to.")
    title: str
    authors: list[str]
    year: int | None
    journal: str
    volume: str
    issue: str
    pages: str
    doi: str
    pmid: str
    abstract: str
    keywords: list[str]
    language: str
    publication_type: str
    url: str


class CitationOut(Schema):
    """A citation as screeners see it; the states are folded, so an undecided one tells of no vote."""

    id: int
    records: list[int]
    title: str
    authors: list[str]
    year: int | None
    journal: str
    doi: str
    pmid: str
    abstract: str
    title_abstract: str
    full_text: str
    report: int | None


class ReasonOut(Schema):
    id: int
    stage: StageName
    label: str


class DecisionOut(Schema):
    """One word of a history; `superseded` says that a later one of the same history stands."""

    id: int
    uuid: uuid.UUID
    citation: int
    stage: StageName
    kind: str
    verdict: str
    reason: str
    note: str
    decided_at: datetime
    superseded: bool


class VoteOut(DecisionOut):
    """Anybody's decision, once it is no longer blind to you."""

    by: str


class ConflictOut(Schema):
    """A citation whose reviewers differ, with their standing votes."""

    citation: int
    stage: StageName
    about: Literal["verdict", "reason"]
    title: str
    votes: list[VoteOut]


class ConclusionOut(Schema):
    citation: int
    title_abstract: str
    full_text: str


class TakeIn(Schema):
    stage: StageName = "title_abstract"
    count: Annotated[int, Field(ge=1, le=50)] = 10


class DecisionIn(Schema):
    """A vote. The same uuid posted again gives the decision that it made the first time."""

    citation: Key
    stage: StageName = "title_abstract"
    verdict: Literal["include", "maybe", "exclude"]
    reason: Key | None = Field(None, description="An exclusion reason; at full text every exclusion has one.")
    note: text(5000) = ""  # type: ignore[valid-type]
    uuid: uuid.UUID
    replaces: Key | None = Field(None, description="Your standing decision that this one changes.")


class ReportOut(Schema):
    id: int
    citation: int
    title: str
    retrieval: str
    study: int | None
    is_primary: bool


class StudyOut(Schema):
    id: int
    label: str
    registration: str
    note: str
    reports: list[int]
    included: bool


class OutcomeOut(Schema):
    id: int
    name: str
    kind: str
    direction: str
    unit: str


class TimePointOut(Schema):
    id: int
    label: str


class Vocabulary(Schema):
    outcomes: list[OutcomeOut]
    time_points: list[TimePointOut]


class ArmOut(Schema):
    id: int
    label: str
    role: str
    n: int | None


class ResultOut(Schema):
    """A result row: what it is about, and every number that is filled in."""

    arm: int
    comparator: int | None
    outcome: int
    time_point: int | None
    measure: str
    subgroup: str
    population: str
    values: dict[str, float | str | None]


class ExtractionOut(Schema):
    id: int
    study: int
    kind: str
    by: str
    form_version: int
    answers: dict[str, Any]
    arms: list[ArmOut]
    results: list[ResultOut]
    submitted_at: datetime | None
    standing: bool = Field(description="False when a later version supersedes it.")


class StartIn(Schema):
    study: Key


Plain = text(5000) | Annotated[float, Field(allow_inf_nan=False)] | bool | list[text(500)] | None


class AnswerIn(Schema):
    value: Plain = None  # type: ignore[valid-type]
    page: text(40) = ""  # type: ignore[valid-type]
    quote: text(5000) = ""  # type: ignore[valid-type]


class AnswersIn(Schema):
    answers: dict[str, AnswerIn] = Field(max_length=200)


class ResultIn(Schema):
    """Numbers of one arm, outcome and time point; a null empties its cell."""

    arm: Key
    outcome: Key
    time_point: Key | None = None
    scores: Literal["final", "change"] = "final"
    subgroup: text(120) = ""  # type: ignore[valid-type]
    population: text(160) = ""  # type: ignore[valid-type]
    values: dict[str, Annotated[float, Field(allow_inf_nan=False)] | None] = Field(
        max_length=20, description="Column to number: events, n, mean, sd, median, q1, q3, ..."
    )


class CellOut(Schema):
    """What became of a cell: saved, wrong, waiting (for its partner) or conflict, and what is stored now."""

    cell: str
    state: str
    value: Any
    message: str


class Saved(Schema):
    cells: list[CellOut]


class TableOut(Schema):
    """A whole table, ready for a data frame."""

    columns: list[str]
    rows: list[list[Any]]


class AnalysisOut(Schema):
    id: int
    title: str
    outcome: str
    time_point: str
    plan: dict[str, Any]
    latest_run: int | None
    is_stale: bool


class RunOut(Schema):
    id: int
    analysis: int
    run_at: datetime
    sha256: str
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    refusal: str
    plan: dict[str, Any]
    result: dict[str, Any] | None
    versions: dict[str, str]


class FlowOut(Schema):
    """The boxes of the PRISMA flow as they are now."""

    on: date
    counts: dict[str, Any]
