"""Risk-of-bias tools as data: a readable file each in tools/. Knows nothing of Django."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "tools"


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the answers to an item; `tone` (low, some, high) says which way it points."""

    value: str
    label: str
    tone: str

    @property
    def score(self) -> int:
        return int(self.value)


@dataclass(frozen=True, slots=True)
class ToolItem:
    key: str
    label: str
    question: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: its items, the answers each takes, and where it was published."""

    key: str
    version: str
    name: str
    about: str
    source: str
    url: str
    answers: tuple[Answer, ...]
    items: tuple[ToolItem, ...]

    @property
    def best_score(self) -> int:
        return max(answer.score for answer in self.answers) * len(self.items)

    def answer(self, value: str) -> Answer | None:
        return next((answer for answer in self.answers if answer.value == value), None)

    def missing(self, given: Mapping[str, str]) -> list[ToolItem]:
        """Items without one of the tool's answers."""
        return [item for item in self.items if self.answer(given.get(item.key, "")) is None]

    def score(self, given: Mapping[str, str]) -> int | None:
        """The sum over all items, or None while one is missing."""
        if self.missing(given):
            return None
        return sum(int(given[item.key]) for item in self.items)


@cache
def tool(key: str) -> Tool:
    """The tool of this key. Raises KeyError when there is none."""
    path = FOLDER / f"{key}.json"
    if not path.is_file():
        raise KeyError(key)
    definition = json.loads(path.read_text(encoding="utf-8"))
    return Tool(
        **{
            **definition,
            "answers": tuple(Answer(**each) for each in definition["answers"]),
            "items": tuple(ToolItem(**each) for each in definition["items"]),
        }
    )


MINORS = tool("minors")
