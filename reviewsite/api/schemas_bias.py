"""Risk of bias, as it goes in and out."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from .schemas import Key, text

Revision = Annotated[
    str,
    Field(
        pattern=r"^([0-9a-f]{16})?$",
        max_length=16,
        description="The `revision` that you read; when another stands by now, 409.",
    ),
]


class QuestionOut(Schema):
    number: str
    text: str
    answers: dict[str, str] = Field(description="What may be answered, with its words.")
    asked_if: str = Field(description="When it is asked, in words; empty when always.")


class DomainOut(Schema):
    slot: str
    label: str
    judgements: dict[str, str]
    directions: list[str]
    questions: list[QuestionOut]


class AppraisalOut(Schema):
    """A tool in use: for every study, or for its result of one outcome."""

    id: int
    tool: str
    version: str
    unit: str = Field(description="`study` or `result`.")
    outcome: int | None
    effect: str
    overall: dict[str, str] = Field(description="The judgements of the whole; empty where there is none.")
    domains: list[DomainOut]


class AnsweredOut(Schema):
    answer: str
    support: str
    page: str
    quote: str


class JudgedOut(Schema):
    proposed: str = Field(description="What the published algorithm makes of the answers.")
    judgement: str
    reason: str
    direction: str
    support: str
    page: str
    quote: str


class AssessmentOut(Schema):
    id: int
    appraisal: int
    study: int
    kind: str
    by: str
    answers: dict[str, AnsweredOut]
    domains: dict[str, JudgedOut]
    submitted_at: datetime | None
    change_reason: str
    standing: bool = Field(description="False when a later version supersedes it.")
    revision: str


class AssessIn(Schema):
    appraisal: Key
    study: Key


class AnsweredIn(Schema):
    """What is not named stays as it was; an empty text takes it back."""

    answer: text(40) = ""  # type: ignore[valid-type]
    support: text(5000) = ""  # type: ignore[valid-type]
    page: text(40) = ""  # type: ignore[valid-type]
    quote: text(5000) = ""  # type: ignore[valid-type]


class JudgedIn(Schema):
    """A judgement other than the proposed one needs its reason; an empty one follows the proposal."""

    judgement: text(80) = ""  # type: ignore[valid-type]
    reason: text(5000) = ""  # type: ignore[valid-type]
    direction: text(60) = ""  # type: ignore[valid-type]
    support: text(5000) = ""  # type: ignore[valid-type]
    page: text(40) = ""  # type: ignore[valid-type]
    quote: text(5000) = ""  # type: ignore[valid-type]


class PartsIn(Schema):
    answers: dict[str, AnsweredIn] = Field({}, max_length=200, description="By the numbers of questions.")
    domains: dict[str, JudgedIn] = Field({}, max_length=50, description="By slots, and `overall`.")


class AmendIn(PartsIn):
    revision: Revision = ""


class AgreeIn(PartsIn):
    """What both said alike is taken over; here stands the rest."""

    appraisal: Key
    study: Key


class CorrectIn(PartsIn):
    reason: text(2000)  # type: ignore[valid-type]
