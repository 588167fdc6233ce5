"""The conditions in a definition: "1.1 = Y/PY and 1.2 = N/PN", "any 2.1 2.2 = Y/PY/NI", "Selection >= 3".

`or` binds weaker than `and`; there are no brackets, a chart of several steps does their work. Names come
before the sign, answers (or judgements) parted by "/" after it. `any` and `all` hold for several names; "*"
stands for every name there is. With "at least 2 of" so many of the names must hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..told import told
from .errors import DefinitionRefused

Answers = Mapping[str, str | None]

_CLAUSE = re.compile(
    # Spaces belong to names and values alone: what two parts can share out is tried in every way.
    r"(?:(?P<how>any|all|at least (?P<least>\d+) of)\s)?(?P<names>[^=<>]+)(?P<sign>=|>=|<=)(?P<values>.+)"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """`least` of the names (all when None) have one of the values, or a number at or beyond one."""

    names: tuple[str, ...]
    sign: str
    values: tuple[str, ...]
    least: int | None
    text: str

    def holds(self, answers: Answers) -> bool | None:
        """True or False as soon as it is certain, None while an answer that decides is missing."""
        known = [self._one(answers.get(name)) for name in self.names]
        least = len(known) if self.least is None else self.least
        if known.count(True) >= least:
            return True
        return None if known.count(True) + known.count(None) >= least else False

    def _one(self, answer: str | None) -> bool | None:
        if answer is None:
            return None
        if self.sign == "=":
            return answer in self.values
        number, limit = int(answer), int(self.values[0])
        return number >= limit if self.sign == ">=" else number <= limit


@dataclass(frozen=True, slots=True)
class Condition:
    """Clauses joined by `and` within the groups that `or` joins."""

    groups: tuple[tuple[Clause, ...], ...]
    text: str

    def holds(self, answers: Answers) -> bool | None:
        return _any(_all(clause.holds(answers) for clause in group) for group in self.groups)

    @property
    def names(self) -> tuple[str, ...]:
        """Each name that the condition reads, once, in the order of the text."""
        return tuple(dict.fromkeys(n for group in self.groups for clause in group for n in clause.names))

    def waits_for(self, answers: Answers) -> tuple[str, ...]:
        return tuple(name for name in self.names if answers.get(name) is None)


ALWAYS = Condition(((),), "always")


def parse(text: str, every: Iterable[str]) -> Condition:
    """The condition written in `text`; `every` is what "*" stands for. Raises DefinitionRefused."""
    names = tuple(every)
    groups = tuple(
        tuple(_clause(part.strip(), names) for part in group.split(" and ")) for group in text.split(" or ")
    )
    return Condition(groups, text)


def _clause(text: str, every: tuple[str, ...]) -> Clause:
    found = _CLAUSE.fullmatch(text)
    if not found or not found["names"].strip() or not found["values"].strip():
        raise DefinitionRefused(told("“{text}” is no condition; write it like “1.1 = Y/PY”.", text=text))
    names = tuple(each for name in found["names"].split() for each in (every if name == "*" else (name,)))
    if unknown := [name for name in names if name not in every]:
        raise DefinitionRefused(
            told(
                "“{text}” asks for {unknowns}, which is not defined there.",
                text=text,
                unknowns=", ".join(unknown),
            )
        )
    if len(names) > 1 and not found["how"]:
        raise DefinitionRefused(
            told("“{text}” has several names; say any, all or at least so many of them.", text=text)
        )
    values = tuple(value.strip() for value in found["values"].split("/"))
    if found["sign"] != "=" and not values[0].isdigit():
        raise DefinitionRefused(
            told("“{text}” compares with “{value}”, which is no number.", text=text, value=values[0])
        )
    least = 1 if found["how"] == "any" else int(found["least"]) if found["least"] else None
    return Clause(names, found["sign"], values, least, text)


def _all(each: Iterable[bool | None]) -> bool | None:
    known = list(each)
    if False in known:
        return False
    return None if None in known else True


def _any(each: Iterable[bool | None]) -> bool | None:
    known = list(each)
    if True in known:
        return True
    return None if None in known else False
