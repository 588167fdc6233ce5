"""Lines with a tag in front, as MEDLINE and RIS have them, cut into records."""

from collections.abc import Iterator
from dataclasses import dataclass, field

Fields = dict[str, list[str]]


@dataclass(slots=True)
class TaggedRecord:
    """A record's fields in the order they came, where it began, and its text."""

    line: int
    fields: Fields = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    stray: list[tuple[int, str]] = field(default_factory=list)

    def add(self, tag: str, value: str) -> None:
        self.fields.setdefault(tag, []).append(value)

    def extend(self, tag: str, value: str) -> None:
        values = self.fields[tag]
        values[-1] = f"{values[-1]} {value}" if values[-1] else value

    def first(self, *tags: str) -> str:
        """The first value under the first of these tags that has one."""
        return next((value for tag in tags for value in self.fields.get(tag, ()) if value), "")

    def all(self, *tags: str) -> list[str]:
        return [value for tag in tags for value in self.fields.get(tag, ()) if value]

    def rest(self, known: frozenset[str]) -> dict[str, list[str]]:
        return {tag: values for tag, values in self.fields.items() if tag not in known}

    @property
    def raw(self) -> str:
        return "\n".join(self.lines)


def numbered(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.split("\n"), 1)
