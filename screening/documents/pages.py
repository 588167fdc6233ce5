"""The text of a page with the place of every word, as it is kept between reading and showing."""

from dataclasses import dataclass
from typing import Any


class NotReadable(Exception):
    """The file cannot be read; the text is a sentence for the person who uploaded it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it begins and ends along its line, in points."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand on one line.

    turn: how far the line is turned clockwise, in quarters; 3 reads upwards, as in many wide tables.
    top, bottom: across the line, in points, measured on the page turned back so that the line is level.
    """

    turn: int
    top: float
    bottom: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class PageText:
    """One page: its size in points, the label printed on it if the PDF has one, and its lines."""

    number: int
    width: float
    height: float
    label: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def lines_as_json(self) -> list[Any]:
        return [
            [line.turn, line.top, line.bottom, [[word.start, word.end, word.text] for word in line.words]]
            for line in self.lines
        ]


def lines_from_json(stored: list[Any]) -> tuple[Line, ...]:
    return tuple(
        Line(turn, top, bottom, tuple(Word(*word) for word in words)) for turn, top, bottom, words in stored
    )
