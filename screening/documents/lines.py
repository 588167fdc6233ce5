"""From single characters with their boxes to words and lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from .pages import Line, Word

# In shares of the height of the letters.
NEXT_CELL = 1.6  # a gap this wide lies between two cells of a table or two columns
NEXT_WORD = 0.28  # a gap this wide parts words where the PDF has no blank
SAME_LINE = 0.35  # superscripts and subscripts overlap their line at least this much
BACKWARDS = 0.6  # a step back along the line this wide begins a new one


@dataclass(frozen=True, slots=True)
class Letter:
    """One character in the frame in which its line is level: u along the line, v across, in points."""

    text: str
    turn: int
    start: float
    end: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 0.1)


def level(
    turn: int, box: tuple[float, float, float, float], width: float, height: float
) -> tuple[float, float, float, float]:
    """A box (left, top, right, bottom) of the page in the frame in which text of this turn is level."""
    left, top, right, bottom = box
    if turn == 1:
        return top, width - right, bottom, width - left
    if turn == 2:
        return width - right, height - bottom, width - left, height - top
    if turn == 3:
        return height - bottom, left, height - top, right
    return box


def join_letters(letters: Iterable[Letter]) -> tuple[Line, ...]:
    """Lines in the order in which the PDF has them, which is nearly always the order of reading."""
    lines: list[Line] = []
    words: list[list[Letter]] = []
    last: Letter | None = None
    for letter in letters:
        if letter.text in "\r\n" or (last and not _continues(last, letter)):
            _close(words, lines)
            words, last = [], None
        if letter.text.isspace():
            if words and words[-1]:
                words.append([])
            continue
        if last and letter.start - last.end > NEXT_WORD * last.height and words and words[-1]:
            words.append([])
        if not words:
            words.append([])
        words[-1].append(letter)
        last = letter
    _close(words, lines)
    return tuple(lines)


def _continues(last: Letter, letter: Letter) -> bool:
    if letter.text.isspace():
        return True
    size = max(last.height, letter.height)
    overlap = min(last.bottom, letter.bottom) - max(last.top, letter.top)
    return (
        letter.turn == last.turn
        and overlap >= SAME_LINE * min(last.height, letter.height)
        and letter.start - last.end <= NEXT_CELL * size
        and last.start - letter.start <= BACKWARDS * size
    )


def _close(words: list[list[Letter]], lines: list[Line]) -> None:
    full = [word for word in words if word]
    if not full:
        return
    letters = [letter for word in full for letter in word]
    # The tallest letter gives the line its height, so that a superscript at its end does not shrink it.
    tallest = max(letters, key=lambda letter: letter.height)
    lines.append(
        Line(
            turn=letters[0].turn,
            top=round(tallest.top, 1),
            bottom=round(tallest.bottom, 1),
            words=tuple(
                Word(
                    round(min(letter.start for letter in word), 1),
                    round(max(letter.end for letter in word), 1),
                    "".join(letter.text for letter in word),
                )
                for word in full
            ),
        )
    )
