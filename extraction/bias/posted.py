"""An assessment as a page: from posted fields to a sheet, and from a sheet to what each domain shows."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from django.utils.translation import gettext

from ..models import Appraisal, DomainJudgement, Judgement
from ..risk_of_bias import Level, Passed, Question
from ..risk_of_bias.model import OVERALL
from .assessments import AssessmentRefused
from .sheet import Given, GivenJudgement, Sheet, Verdict, verdicts

LONGEST_PAGE = Judgement._meta.get_field("page").max_length
LONGEST_DIRECTION = DomainJudgement._meta.get_field("direction").max_length


def sheet_from(posted: Mapping[str, str], appraisal: Appraisal) -> Sheet:
    """The sheet that was posted: fields `q-1.1`, `q-1.1-page`, `d-D1`, `d-D1-reason` and so on."""
    answers = {}
    for domain in appraisal.domains:
        for question in domain.questions:
            given = _given(Given, "answer", posted, f"q-{question.number}")
            if given != Given():
                answers[question.number] = given
    slots = [domain.slot for domain in appraisal.domains] + [OVERALL]
    judged = {slot: _given(GivenJudgement, "judgement", posted, f"d-{slot}") for slot in slots}
    return Sheet(answers, {slot: given for slot, given in judged.items() if given != GivenJudgement()})


def _given(kind, first: str, posted: Mapping[str, str], prefix: str):
    """A Given or GivenJudgement from its posted fields."""
    values = {
        each.name: posted.get(prefix if each.name == first else f"{prefix}-{each.name}", "").strip()
        for each in fields(kind)
    }
    if len(values["page"]) > LONGEST_PAGE:
        raise AssessmentRefused(
            gettext("The page “%(page)s…” is longer than %(most)s characters.")
            % {"page": values["page"][:20], "most": LONGEST_PAGE}
        )
    if len(values.get("direction", "")) > LONGEST_DIRECTION:
        raise AssessmentRefused(gettext("Choose the direction of bias from the list."))
    return kind(**values)


@dataclass(frozen=True)
class QuestionRow:
    """A question as it is shown: what was said, and on the comparing page what each of the two said."""

    question: Question
    given: Given
    is_reached: bool
    left: Given | None = None
    right: Given | None = None

    @property
    def is_equal(self) -> bool:
        return self.left is not None and self.right is not None and self.left.answer == self.right.answer

    @property
    def answer(self):
        return self.question.answer(self.given.answer)

    @property
    def left_answer(self):
        return self.question.answer(self.left.answer) if self.left else None

    @property
    def right_answer(self):
        return self.question.answer(self.right.answer) if self.right else None


@dataclass(frozen=True)
class Part:
    """A domain (or the whole) with its questions, its proposal and what was judged."""

    verdict: Verdict
    rows: tuple[QuestionRow, ...]
    levels: tuple[Level, ...]
    level: Level | None
    proposed: Level | None
    directions: tuple[str, ...]
    left: Verdict | None = None
    right: Verdict | None = None
    left_level: Level | None = None
    right_level: Level | None = None
    is_item: bool = False

    @property
    def slot(self) -> str:
        return self.verdict.slot

    @property
    def label(self) -> str:
        return self.verdict.domain.label if self.verdict.domain else "Overall"

    @property
    def path(self) -> tuple[Passed, ...]:
        return self.verdict.proposal.path

    @property
    def is_equal(self) -> bool:
        return bool(self.left and self.right and self.left.judgement == self.right.judgement)


def parts(appraisal: Appraisal, sheet: Sheet, pair: tuple[Sheet, Sheet] | None = None) -> list[Part]:
    """What the page shows of each domain; with the two sheets of a pair also what these say."""
    sides = [{v.slot: v for v in verdicts(appraisal, each)} for each in pair or ()]
    return [_part(appraisal, sheet, verdict, sides, pair) for verdict in verdicts(appraisal, sheet)]


def _part(appraisal: Appraisal, sheet: Sheet, verdict: Verdict, sides, pair) -> Part:
    tool, slot = appraisal.tool, verdict.slot
    left, right = (side[slot] for side in sides) if sides else (None, None)
    return Part(
        verdict,
        tuple(_rows(verdict, sheet, pair)),
        tool.levels_of(slot),
        tool.level(verdict.judgement, slot),
        tool.level(verdict.proposal.judgement, slot),
        verdict.domain.directions if verdict.domain else tool.directions,
        left,
        right,
        tool.level(left.judgement, slot) if left else None,
        tool.level(right.judgement, slot) if right else None,
        is_item=tool.is_checklist and verdict.domain is not None,
    )


def _rows(verdict: Verdict, sheet: Sheet, pair: tuple[Sheet, Sheet] | None):
    if verdict.domain is None:
        return
    reached = {question.number for question in verdict.domain.reached(sheet.values)}
    for question in verdict.domain.questions:
        said = [each.answers.get(question.number, Given()) for each in pair or ()]
        if question.number in reached or any(each.answer for each in said):
            given = sheet.answers.get(question.number, Given())
            yield QuestionRow(question, given, question.number in reached, *said)
