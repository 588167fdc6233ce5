"""A risk-of-bias tool: domains with signalling questions, judgements, and how the one leads to the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..told import told
from .charts import Chart, Passed, Proposal
from .conditions import ALWAYS, Condition

NOT_REACHED = "NA"
OVERALL = "overall"
SCORE = "score"


@dataclass(frozen=True)
class Level:
    """A judgement. `tone` (none, low, some, high, critical) gives its colour, `symbol` its sign beside it."""

    value: str
    label: str
    tone: str
    symbol: str


@dataclass(frozen=True)
class Answer:
    """One of the answers to a question; `tone` as of a level where the answer is itself the judgement."""

    value: str
    label: str
    tone: str = "none"
    score: int | None = None


@dataclass(frozen=True)
class Question:
    """A question in our own words under its official number; asked when `show_if` holds."""

    number: str
    text: str
    answers: tuple[Answer, ...]
    label: str = ""
    show_if: Condition = ALWAYS
    condition: str = ""
    hint: str = ""

    def answer(self, value: str) -> Answer | None:
        return next((answer for answer in self.answers if answer.value == value), None)

    @property
    def name(self) -> str:
        return f"{self.number}. {self.label}" if self.label else self.number


@dataclass(frozen=True)
class Domain:
    """Questions that lead to one judgement. `slot` is its name in the overall rule and in plots.

    A domain without charts is judged by the reader of its criteria. `kind` is "bias" or "applicability".
    """

    key: str
    slot: str
    label: str
    questions: tuple[Question, ...]
    charts: tuple[Chart, ...] = ()
    effect: str = ""
    kind: str = "bias"
    note: str = ""
    criteria: tuple[tuple[str, str], ...] = ()
    directions: tuple[str, ...] = ()
    by_score: bool = False

    def question(self, number: str) -> Question | None:
        return next((each for each in self.questions if each.number == number), None)

    def normalised(self, given: Mapping[str, str]) -> dict[str, str | None]:
        """The answers as the charts read them: NA where a question is not reached, None where unanswered."""
        answers: dict[str, str | None] = {}
        for question in self.questions:
            answers[question.number] = (
                None  # a question may ask for itself by mistake: then it is never shown
            )
            shown = question.show_if.holds(answers)
            own = given.get(question.number) or None
            answers[question.number] = NOT_REACHED if shown is False else own if shown else None
        return answers

    def reached(self, given: Mapping[str, str]) -> tuple[Question, ...]:
        """The questions that are to be answered, as far as the answers given tell."""
        answers = self.normalised(given)
        return tuple(q for q in self.questions if q.show_if.holds(answers))

    def missing(self, given: Mapping[str, str]) -> tuple[Question, ...]:
        """Reached questions without one of their answers."""
        return tuple(q for q in self.reached(given) if q.answer(given.get(q.number, "")) is None)

    def score(self, given: Mapping[str, str]) -> int | None:
        """The sum of what the answers score; None while one is missing."""
        found = [question.answer(given.get(question.number, "")) for question in self.questions]
        return sum(each.score or 0 for each in found if each) if all(found) else None

    def propose(self, given: Mapping[str, str], chart: str = "") -> Proposal:
        """What the published algorithm makes of the answers; of one of its charts when that is named."""
        answers = self.normalised(given)
        if self.by_score:
            score = self.score(given)
            answers[SCORE] = None if score is None else str(score)
        path: tuple[Passed, ...] = ()
        waits: tuple[str, ...] = ()
        found = Proposal()
        for each in self.charts:
            found = each.walk(answers)
            answers[each.key] = found.judgement
            path += found.path
            waits += tuple(name for name in found.waits_for if self.question(name))
            if SCORE in found.waits_for:
                waits += tuple(question.number for question in self.missing(given))
            if each.key == chart or found.dead_end:
                return found
        return Proposal(found.judgement, path, tuple(dict.fromkeys(waits)))


@dataclass(frozen=True)
class Tool:
    """A versioned tool. `unit` says what one assessment is about: a study, or one result of it."""

    key: str
    version: str
    name: str
    about: str
    source: str
    url: str
    unit: str
    levels: tuple[Level, ...]
    domains: tuple[Domain, ...]
    overall: Chart | None = None
    overall_levels: tuple[Level, ...] = ()
    overall_note: str = ""
    effects: tuple[tuple[str, str], ...] = ()
    directions: tuple[str, ...] = ()
    is_checklist: bool = False
    has_score: bool = False
    has_overall: bool = True
    licence: str = ""
    design: str = ""

    @property
    def title(self) -> str:
        return f"{self.name} ({self.design})" if self.design else self.name

    @property
    def proposes_by(self) -> str:
        """In words, what proposals come from."""
        charted = [each for each in self.domains if each.charts]
        if self.is_checklist:
            return told("the sum of its items") if self.has_score else told("each item is judged by a person")
        if not charted:
            return told("overall rule; domains are judged by a person")
        if len(charted) < len([each for each in self.domains if each.kind == "bias"]):
            return told("algorithm for some domains, the others by a person")
        return told("algorithm")

    def levels_of(self, slot: str) -> tuple[Level, ...]:
        """The judgements that a domain, or the whole, can have; the best first."""
        return self.overall_levels if slot == OVERALL and self.overall_levels else self.levels

    def level(self, value: str | None, slot: str = "") -> Level | None:
        return next((level for level in self.levels_of(slot) if level.value == value), None)

    def for_effect(self, effect: str) -> tuple[Domain, ...]:
        """The domains of one effect of interest, in their order."""
        return tuple(each for each in self.domains if each.effect in ("", effect))

    def domain(self, key: str) -> Domain | None:
        return next((each for each in self.domains if each.key == key), None)

    @cached_property
    def items(self) -> tuple[Question, ...]:
        """Every question of the tool, in order."""
        return tuple(question for domain in self.domains for question in domain.questions)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers of a checklist, which are the same for each item."""
        return self.items[0].answers

    @property
    def best_score(self) -> int:
        return sum(max(answer.score or 0 for answer in item.answers) for item in self.items)

    def score(self, given: Mapping[str, str]) -> int | None:
        """The sum over all questions, or None while one is missing."""
        parts = [domain.score(given) for domain in self.domains]
        return None if None in parts else sum(part or 0 for part in parts)

    def propose_overall(self, judged: Mapping[str, str]) -> Proposal:
        """The overall judgement from those of the domains, by slot."""
        return self.overall.walk(dict(judged)) if self.overall else Proposal()
