"""Flow charts that lead from answers to a judgement, and the path that was walked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .conditions import Answers, Condition


@dataclass(frozen=True, slots=True)
class Branch:
    """Under this condition on to another step of the chart, or to a judgement."""

    condition: Condition
    target: str


@dataclass(frozen=True, slots=True)
class Passed:
    """One branch that was taken: what it asks, the answers that were read, and where it led."""

    step: str
    condition: str
    read: tuple[tuple[str, str], ...]
    target: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a chart proposes and the way there.

    judgement is None while an answer is missing (`waits_for` names it) or where the tool publishes no rule.
    `dead_end` is set when the answers given fit none of the branches.
    """

    judgement: str | None = None
    path: tuple[Passed, ...] = ()
    waits_for: tuple[str, ...] = ()
    dead_end: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Steps by name, the first one being the beginning; each with branches that are tried in turn."""

    key: str
    steps: Mapping[str, tuple[Branch, ...]] = field(hash=False)

    def walk(self, answers: Answers) -> Proposal:
        step = next(iter(self.steps))
        path: list[Passed] = []
        while step in self.steps:
            taken = None
            for branch in self.steps[step]:
                holds = branch.condition.holds(answers)
                if holds is None:
                    return Proposal(path=tuple(path), waits_for=branch.condition.waits_for(answers))
                if holds:
                    taken = branch
                    break
            if taken is None:
                return Proposal(path=tuple(path), dead_end=self._told(step, answers))
            read = tuple((name, str(answers[name])) for name in taken.condition.names if answers.get(name))
            path.append(Passed(step, taken.condition.text, read, taken.target))
            step = taken.target
        return Proposal(step, tuple(path))

    def _told(self, step: str, answers: Answers) -> str:
        names = dict.fromkeys(name for branch in self.steps[step] for name in branch.condition.names)
        return ", ".join(f"{name} = {answers[name]}" for name in names)
