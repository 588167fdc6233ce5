"""From a definition (TOML or plain values) to a Tool. What is wrong in it is named with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..told import reason, told
from .charts import Branch, Chart
from .conditions import ALWAYS, Condition, parse
from .errors import DefinitionRefused
from .model import SCORE, Answer, Domain, Level, Question, Tool

TONES = ("none", "low", "some", "high", "critical")
UNITS = ("study", "result")
# As long as what names a question, a domain or a judgement in a stored assessment.
LONGEST = {"key": 40, "number": 20, "value": 80}
LONGEST_TEXT = 2000
_TOOL_TEXTS = ("key", "version", "name", "about", "source", "url")


Definition = Mapping[str, Any]


def parse_toml(text: str) -> dict[str, Any]:
    """The plain values of a definition in TOML. Raises DefinitionRefused with the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise DefinitionRefused(told("This is not TOML: {problem}", problem=reason(problem))) from None


def read_toml(text: str, others: Callable[[str], Definition] | None = None) -> Tool:
    """The tool written in TOML. Raises DefinitionRefused with the line or the place in the definition.

    others: gives the definition of another tool by its key, for domains that are `like = "rob2:D3"`.
    """
    definition = parse_toml(text)
    if "domains" in definition:
        taken = [_like(each, others) for each in _tables(definition, "domains")]
        definition = {**definition, "domains": taken}
    return read(definition)


def _like(table: Definition, others: Callable[[str], Definition] | None) -> Definition:
    """A domain as it is, or as the domain of another tool with what this one says otherwise."""
    said = table.get("like")
    if said is None:
        return table
    tool_key, _, domain_key = str(said).partition(":")
    domains = _tables(others(tool_key), "domains") if others else []
    found = next((each for each in domains if each.get("key") == domain_key), None)
    if found is None:
        raise DefinitionRefused(
            told("like = “{said}”: there is no such domain of a tool that comes with Winnow.", said=said)
        )
    texts = table.get("texts", {})
    questions = [
        {**each, "text": texts.get(each["number"], each["text"])} for each in _tables(found, "questions")
    ]
    charts = {**found.get("charts", {}), **table.get("charts", {})}
    own = {name: value for name, value in table.items() if name not in {"like", "texts"}}
    return {**found, "questions": questions, **own, "charts": charts}


def read(definition: Definition) -> Tool:
    """The tool of a definition. Raises DefinitionRefused."""
    reader = _Reader(definition)
    texts = {name: reader.text(definition, name, told("the tool")) for name in _TOOL_TEXTS}
    domains = reader.domains()
    overall = definition.get("overall", {})
    slots = tuple(dict.fromkeys(each.slot for each in domains if each.kind == "bias"))
    chart = reader.chart("overall", overall["chart"], slots, "overall") if overall.get("chart") else None
    unit = definition.get("unit", "study")
    if unit not in UNITS:
        raise DefinitionRefused(
            told("unit is “{unit}”; it is one of {units}.", unit=unit, units=", ".join(UNITS))
        )
    return Tool(
        **texts,
        unit=unit,
        levels=reader.levels,
        domains=domains,
        overall=chart,
        overall_levels=reader.overall_levels,
        overall_note=overall.get("note", ""),
        effects=tuple(definition.get("effects", {}).items()),
        directions=tuple(definition.get("directions", ())),
        is_checklist="items" in definition,
        has_score=bool(definition.get("score")),
        has_overall=bool(overall),
        licence=definition.get("licence", ""),
        design=definition.get("design", ""),
    )


class _Reader:
    """One definition being read: knows the levels and answers that its parts refer to."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self.definition = definition
        self.levels = tuple(self.level(each) for each in _tables(definition, "levels"))
        self.overall_levels = tuple(
            self.level(each) for each in _tables(definition.get("overall", {}), "levels")
        )
        self.answers = {
            value: self._answer(value, said) for value, said in definition.get("answers", {}).items()
        }
        if not self.levels:
            raise DefinitionRefused(
                told("A tool needs judgements: add [[levels]] with value, label and tone.")
            )

    def text(self, table: Mapping[str, Any], name: str, where: str) -> str:
        value = table.get(name)
        if not isinstance(value, str) or not value.strip():
            raise DefinitionRefused(told("{where} has no {name}.", where=where, name=name))
        if len(value) > LONGEST.get(name, LONGEST_TEXT):
            raise DefinitionRefused(
                told(
                    "{where}: {name} is longer than {those} characters.",
                    where=where,
                    name=name,
                    those=LONGEST.get(name, LONGEST_TEXT),
                )
            )
        return value.strip()

    def level(self, table: Mapping[str, Any]) -> Level:
        value = self.text(table, "value", told("a level"))
        tone = table.get("tone", "none")
        if tone not in TONES:
            raise DefinitionRefused(
                told(
                    "level {value}: tone is “{tone}”; it is one of {tones}.",
                    value=value,
                    tone=tone,
                    tones=", ".join(TONES),
                )
            )
        return Level(value, table.get("label", value), tone, table.get("symbol", value[:1]))

    def _answer(self, value: str, said: object) -> Answer:
        if isinstance(said, str):
            return Answer(value, said)
        if not isinstance(said, Mapping):
            raise DefinitionRefused(told("answer {value}: give its label as text.", value=value))
        return Answer(
            value,
            self.text(said, "label", told("answer {value}", value=value)),
            said.get("tone", "none"),
            said.get("score"),
        )

    def domains(self) -> tuple[Domain, ...]:
        if "items" in self.definition:
            domains = tuple(self._item(each) for each in _tables(self.definition, "items"))
        else:
            domains = tuple(self._domain(each) for each in _tables(self.definition, "domains"))
        if not domains:
            raise DefinitionRefused(told("A tool needs [[domains]] with questions, or [[items]]."))
        _no_twins((each.key for each in domains), told("domain"))
        for effect in {each.effect for each in domains}:
            same = [each for each in domains if each.effect in ("", effect)]
            _no_twins((q.number for each in same for q in each.questions), told("question"))
        return domains

    def _item(self, table: Mapping[str, Any]) -> Domain:
        """An item of a checklist: a question whose answer is the judgement."""
        key = self.text(table, "key", told("an item"))
        label = self.text(table, "label", told("item {key}", key=key))
        answers = tuple(
            Answer(level.value, level.label, level.tone, int(level.value) if level.value.isdigit() else None)
            for level in self.levels
        )
        question = Question(key, self.text(table, "question", told("item {key}", key=key)), answers, label)
        return Domain(key, key, label, (question,))

    def _domain(self, table: Mapping[str, Any]) -> Domain:
        key = self.text(table, "key", told("a domain"))
        tables = _tables(table, "questions")
        numbers = tuple(self.text(each, "number", told("a question of {key}", key=key)) for each in tables)
        _no_twins(numbers, told("question"))
        questions = tuple(self._question(each, numbers, key) for each in tables)
        charts: list[Chart] = []
        for name, steps in table.get("charts", {}).items():
            known = (
                *numbers,
                *(chart.key for chart in charts),
                *((SCORE,) if table.get("by_score") else ()),
            )
            charts.append(self.chart(name, steps, known, told("{key}, chart {name}", key=key, name=name)))
        return Domain(
            key=key,
            slot=table.get("slot", key),
            label=self.text(table, "label", told("domain {key}", key=key)),
            questions=questions,
            charts=tuple(charts),
            effect=table.get("effect", ""),
            kind=table.get("kind", "bias"),
            note=table.get("note", ""),
            criteria=tuple(table.get("criteria", {}).items()),
            directions=tuple(table.get("directions", self.definition.get("directions", ()))),
            by_score=bool(table.get("by_score")),
        )

    def _question(self, table: Mapping[str, Any], numbers: tuple[str, ...], domain: str) -> Question:
        number = table["number"]
        where = told("question {number} of {domain}", number=number, domain=domain)
        text = self.text(table, "text", where)
        said = table.get("show_if", "")
        show_if = self._condition(said, numbers, where) if said else ALWAYS
        return Question(
            number,
            text,
            self._answers_of(table.get("answers", ""), where),
            table.get("label", ""),
            show_if,
            said,
            table.get("hint", ""),
        )

    def _answers_of(self, said: object, where: str) -> tuple[Answer, ...]:
        if isinstance(said, Mapping):
            return tuple(self._answer(value, each) for value, each in said.items())
        values = str(said).split() or list(self.answers)
        if unknown := [value for value in values if value not in self.answers]:
            raise DefinitionRefused(
                told(
                    "{where}: {unknowns} is not among the [answers].",
                    where=where,
                    unknowns=", ".join(unknown),
                )
            )
        if not values:
            raise DefinitionRefused(told("{where} has no answers.", where=where))
        return tuple(self.answers[value] for value in values)

    def chart(self, key: str, table: object, names: tuple[str, ...], where: str) -> Chart:
        if not isinstance(table, Mapping) or not table:
            raise DefinitionRefused(
                told("{where}: a chart is steps by name, each a list of “condition -> target”.", where=where)
            )
        return Chart(
            key,
            {
                step: self._step(said, table, names, told("{where}, step {step}", where=where, step=step))
                for step, said in table.items()
            },
        )

    def _step(
        self, lines: object, steps: Mapping[str, Any], names: tuple[str, ...], where: str
    ) -> tuple[Branch, ...]:
        if not isinstance(lines, list) or not lines:
            raise DefinitionRefused(told("{where}: give a list of “condition -> target”.", where=where))
        targets = {*steps, *(level.value for level in (*self.levels, *self.overall_levels))}
        branches = []
        for line in lines:
            said, arrow, target = (part.strip() for part in str(line).partition("->"))
            if not arrow or target not in targets:
                raise DefinitionRefused(
                    told("{where}: “{line}” leads to no step and to no judgement.", where=where, line=line)
                )
            condition = ALWAYS if said == "else" else self._condition(said, names, where)
            branches.append(Branch(condition, target))
        return tuple(branches)

    def _condition(self, text: str, names: Iterable[str], where: str) -> Condition:
        try:
            return parse(text, names)
        except DefinitionRefused as problem:
            raise DefinitionRefused(
                told("{where}: {problem}", where=where, problem=reason(problem))
            ) from None


def _tables(parent: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = parent.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise DefinitionRefused(told("{name} must be tables, each begun with [[{name}]].", name=name))
    return found


def _no_twins(keys: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise DefinitionRefused(told("There are two of the {what} {key}.", what=what, key=key))
        seen.add(key)
