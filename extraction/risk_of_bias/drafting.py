"""A tool drawn up by filling in a form: judgements, answers, domains with questions; written as a definition.

The rule of every domain is the one that most tools share: the worst that an answer points to decides. What
needs another rule is written as text, beginning with what this makes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..told import told
from .errors import DefinitionRefused

NO_JUDGEMENT = ""
# At the end of a question: when it is asked, such as "[if 1.1 = Yes/Unclear and 1.2 = No]".
ASKED_IF = re.compile(r"(?P<question>.*\S)\s*\[(?:if|si)\s+(?P<when>[^\[\]]+)\]", re.IGNORECASE)
SIGNS = {"low": "+", "some": "?", "high": "\u00d7", "critical": "!", "none": "\u2013"}


@dataclass(frozen=True)
class DraftLevel:
    """A judgement; the best comes first."""

    label: str
    tone: str


@dataclass(frozen=True)
class DraftAnswer:
    """An answer to a question, and the label of the judgement it points to; empty where it points to none."""

    label: str
    points_to: str = NO_JUDGEMENT


@dataclass(frozen=True)
class DraftDomain:
    """questions: numbered by their place; one that ends with "[if 1.1 = Yes/Unclear]" is asked only then."""

    label: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """What the form holds. unit: "study" or "result". has_overall: the worst domain makes the overall one."""

    key: str
    name: str
    about: str
    levels: tuple[DraftLevel, ...]
    answers: tuple[DraftAnswer, ...]
    domains: tuple[DraftDomain, ...]
    version: str = "1"
    source: str = "The team's own"
    url: str = "https://example.org/"
    unit: str = "study"
    has_overall: bool = True


def definition_of(draft: Draft) -> str:
    """The draft as a definition in TOML. Raises DefinitionRefused where something is missing, in words."""
    _refuse_gaps(draft)
    return "\n".join(_lines(draft)) + "\n"


def _refuse_gaps(draft: Draft) -> None:
    if len(draft.levels) < 2:
        raise DefinitionRefused(told("Give at least two judgements, the best first."))
    if len(draft.answers) < 2:
        raise DefinitionRefused(told("Give at least two answers."))
    if not draft.domains:
        raise DefinitionRefused(told("Give at least one domain with a question."))
    for domain in draft.domains:
        if not domain.questions:
            raise DefinitionRefused(told("The domain “{label}” has no question.", label=domain.label))
    labels = [level.label for level in draft.levels]
    if len(set(labels)) < len(labels):
        raise DefinitionRefused(told("Two judgements have the same name."))
    values = [_value(answer.label) for answer in draft.answers]
    if len(set(values)) < len(values):
        raise DefinitionRefused(told("Two answers have the same name."))
    for answer in draft.answers:
        if answer.points_to and answer.points_to not in labels:
            raise DefinitionRefused(
                told(
                    "The answer “{label}” points to “{points_to}”, which is no judgement here.",
                    label=answer.label,
                    points_to=answer.points_to,
                )
            )
    if not any(answer.points_to for answer in draft.answers):
        raise DefinitionRefused(told("Say of at least one answer which judgement it points to."))


def _lines(draft: Draft) -> Iterator[str]:
    for name in ("key", "version", "name", "about", "source", "url", "unit"):
        yield f"{name} = {_text(getattr(draft, name))}"
    for level in draft.levels:
        yield from ("", "[[levels]]", f"value = {_text(level.label)}", f"label = {_text(level.label)}")
        yield f"tone = {_text(level.tone)}"
        yield f"symbol = {_text(SIGNS[level.tone])}"
    yield from ("", "[answers]")
    for answer in draft.answers:
        yield f"{_value(answer.label)} = {_text(answer.label)}"
    rule = _rule(draft)
    for at, domain in enumerate(draft.domains, 1):
        yield from ("", "[[domains]]", f'key = "D{at}"', f"label = {_text(domain.label)}")
        for number, question in enumerate(domain.questions, 1):
            asked, when = _asked_if(question, draft.answers)
            yield "[[domains.questions]]"
            yield f'number = "{at}.{number}"'
            yield f"text = {_text(asked)}"
            if when:
                yield f"show_if = {_text(when)}"
        yield from ("[domains.charts.domain]", f"answers = {rule}")
    if draft.has_overall:
        yield from ("", "[overall.chart]", f"worst = {_worst_domain(draft.levels)}")


def _asked_if(question: str, answers: Sequence[DraftAnswer]) -> tuple[str, str]:
    """The question's text and the condition behind it with the short names of answers; "" when always."""
    told = ASKED_IF.fullmatch(question.strip())
    if told is None:
        return question, ""
    short = {answer.label.casefold(): _value(answer.label) for answer in answers}
    pieces = re.split(r"(\s+(?:and|or|y|o)\s+)", told["when"].strip())
    joins = {"y": "and", "o": "or"}
    words = [joins.get(piece.strip().casefold(), piece.strip().casefold()) for piece in pieces[1::2]]
    clauses = [_clause(piece, short) for piece in pieces[::2]]
    joined = clauses[0] + "".join(
        f" {word} {clause}" for word, clause in zip(words, clauses[1:], strict=True)
    )
    return told["question"], joined


def _clause(text: str, short: Mapping[str, str]) -> str:
    number, sign, values = text.partition("=")
    if not sign:
        raise DefinitionRefused(
            told("“{text}” does not say which answer: write, say, 1.1 = Yes.", text=text.strip())
        )
    names = [short.get(value.strip().casefold(), value.strip()) for value in values.split("/")]
    unknown = [name for name in names if name not in short.values()]
    if unknown:
        raise DefinitionRefused(
            told("“{unknown}” in “{text}” is none of the answers.", unknown=unknown[0], text=text.strip())
        )
    return f"{number.strip()} = {'/'.join(names)}"


def _rule(draft: Draft) -> str:
    """From the worst judgement up: any answer that points to it makes it; else the best."""
    lines = []
    for level in reversed(draft.levels[1:]):
        values = [_value(answer.label) for answer in draft.answers if answer.points_to == level.label]
        if values:
            lines.append(f"any * = {'/'.join(values)} -> {level.label}")
    return _list([*lines, f"else -> {draft.levels[0].label}"])


def _worst_domain(levels: Sequence[DraftLevel]) -> str:
    lines = [f"any * = {level.label} -> {level.label}" for level in reversed(levels[1:])]
    return _list([*lines, f"else -> {levels[0].label}"])


def _value(label: str) -> str:
    """A short name of an answer: the first letters of its words, as "PY" for "Probably yes"."""
    words = "".join(c if c.isalnum() and c.isascii() else " " for c in label).split()
    if len(words) == 1:
        return words[0][:1].upper()
    return "".join(word[0].upper() for word in words) or "A"


def _text(value: str) -> str:
    """A string of TOML; JSON's escapes are a part of TOML's."""
    return json.dumps(value.strip(), ensure_ascii=False)


def _list(lines: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, lines))}]"
