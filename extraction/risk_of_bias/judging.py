"""Answers written as text (`1.1=Y;1.2=PY;1.3=NI`) judged by a tool's charts: what `manage.py judge` does."""

from __future__ import annotations

from ..told import told
from .charts import Proposal
from .errors import AnswersRefused
from .model import NOT_REACHED, OVERALL, Domain, Tool


def parse_answers(text: str) -> dict[str, str]:
    """Names with their answers. Raises AnswersRefused for what is not `name=answer` or comes twice."""
    answers: dict[str, str] = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        name, sign, value = (word.strip() for word in part.partition("="))
        if not name or not sign or "=" in value:
            raise AnswersRefused(
                told("“{text}” is not written as question=answer, like 1.1=PY.", text=part.strip())
            )
        if name in answers:
            raise AnswersRefused(told("{name} is answered twice.", name=name))
        answers[name] = value
    if not answers:
        raise AnswersRefused(told("There are no answers; write them like 1.1=Y;1.2=PY."))
    return answers


def judge(tool: Tool, where: str, answers: dict[str, str]) -> Proposal:
    """The judgement of a domain ("D1"), of one part of it ("D2A.part1") or of the whole ("OVERALL").

    Raises AnswersRefused naming the question.
    """
    name, _, part = where.strip().partition(".")
    if name.casefold() == OVERALL:
        return _decided(tool.propose_overall(_judgements(tool, answers, _slots(tool))))
    domain = next((each for each in tool.domains if each.key.casefold() == name.casefold()), None)
    if domain is None:
        raise AnswersRefused(
            told(
                "{name} has no domain “{name2}”; it has {those}.",
                name=tool.name,
                name2=name,
                those=", ".join(_places(tool)),
            )
        )
    if not part:
        return _decided(domain.propose(_answers(domain, answers)))
    charts = [chart.key for chart in domain.charts]
    if part not in charts:
        raise AnswersRefused(
            told(
                "Domain {key} has no part “{part}”; it has {charts}.",
                key=domain.key,
                part=part,
                charts=", ".join(charts),
            )
        )
    earlier = charts[: charts.index(part)]
    if set(answers) & set(earlier):
        chart = domain.charts[charts.index(part)]
        return _decided(chart.walk(_judgements(tool, answers, tuple(earlier))))
    return _decided(domain.propose(_answers(domain, answers), part))


def _places(tool: Tool) -> list[str]:
    return [*(each.key for each in tool.domains), "OVERALL"]


def _slots(tool: Tool) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.slot for each in tool.domains if each.kind == "bias"))


def _judgements(tool: Tool, answers: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    values = {level.value.casefold(): level.value for level in tool.levels}
    found: dict[str, str] = {}
    for name, value in answers.items():
        if name not in names:
            raise AnswersRefused(told("“{name}” is not among {names}.", name=name, names=", ".join(names)))
        if value.casefold() not in values:
            raise AnswersRefused(
                told(
                    "{name} is “{value}”; a judgement is {those}.",
                    name=name,
                    value=value,
                    those=", ".join(values.values()),
                )
            )
        found[name] = values[value.casefold()]
    if missing := [name for name in names if name not in found]:
        raise AnswersRefused(told("The judgement of {missings} is missing.", missings=", ".join(missing)))
    return found


def _answers(domain: Domain, given: dict[str, str]) -> dict[str, str]:
    """The answers in the tool's own spelling, with none that a reached question does not take."""
    answers: dict[str, str] = {}
    for number, value in given.items():
        question = domain.question(number)
        if question is None:
            numbers = ", ".join(each.number for each in domain.questions)
            raise AnswersRefused(
                told(
                    "Domain {key} has no question “{number}”; it has {numbers}.",
                    key=domain.key,
                    number=number,
                    numbers=numbers,
                )
            )
        answers[number] = value.upper() if question.answer(value) is None else value
    for question in domain.reached(answers):
        value = answers.get(question.number, "")
        if value and question.answer(value) is None:
            taken = ", ".join(each.value for each in question.answers)
            why = (
                told("the question is reached")
                if value == NOT_REACHED
                else told("“{value}” is no answer to it", value=value)
            )
            raise AnswersRefused(
                told("{number}: {why}; it takes {taken}.", number=question.number, why=why, taken=taken)
            )
    return answers


def _decided(proposal: Proposal) -> Proposal:
    if proposal.waits_for:
        raise AnswersRefused(
            told(
                "{those} has no answer, and the judgement depends on it.", those=", ".join(proposal.waits_for)
            )
        )
    if proposal.dead_end:
        raise AnswersRefused(told("No branch of the algorithm takes {dead_end}.", dead_end=proposal.dead_end))
    if proposal.judgement is None:
        raise AnswersRefused(told("The tool publishes no algorithm for this domain; a person judges it."))
    return proposal
