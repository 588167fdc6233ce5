"""Where the boxes, lines of text, phase bars and arrows of a flow diagram stand, in SVG user units.

Rows grow with their text, so nothing overlaps however many reasons there are and however long they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from .flow import Box, Column, Line, Phase
from .lettering import text_width, wrap

WIDTH = 900.0
MARGIN = 16.0
SIZE = 14.0
CAPTION_SIZE = 11.0
LEADING = 20.0
PADDING = 14.0
INDENT = 16.0
BAR_WIDTH = 34.0
HEADER_HEIGHT = 34.0
ROW_GAP = 34.0

_CONTENT_LEFT = MARGIN + BAR_WIDTH + 16.0
_ASCENT = 0.74 * SIZE  # from the top of the capitals to the baseline, with a hair of air
_COLUMNS: dict[Column, tuple[float, float]] = {  # left edge, width
    "main": (_CONTENT_LEFT, 372.0),
    "aside": (_CONTENT_LEFT + 372.0 + 52.0, WIDTH - MARGIN - (_CONTENT_LEFT + 372.0 + 52.0)),
}


@dataclass(frozen=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class TextLine:
    """One line of text at its baseline; `number` is the line of the box whose "(n = ...)" ends it."""

    x: float
    y: float
    text: str
    bold: bool = False
    pending: bool = False
    number: Line | None = None


@dataclass(frozen=True)
class PlacedBox:
    box: Box
    frame: Rectangle
    text: tuple[TextLine, ...]
    pending_strip: Rectangle | None

    @property
    def body_height(self) -> float:
        """Height of what a finished review would show: the box without its strip of pending work."""
        return self.frame.height - (self.pending_strip.height if self.pending_strip else 0)


@dataclass(frozen=True)
class PhaseBar:
    """The bar at the side of one phase; its label reads from bottom to top."""

    phase: Phase
    label: str
    frame: Rectangle


@dataclass(frozen=True)
class Arrow:
    """A straight arrow from a point to a point, along one axis."""

    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True)
class Layout:
    header: Rectangle
    boxes: tuple[PlacedBox, ...]
    phases: tuple[PhaseBar, ...]
    arrows: tuple[Arrow, ...]
    bottom: float


def arrange(boxes: tuple[Box, ...]) -> Layout:
    """Rows from top to bottom under a header: a box of the main column with those beside it in one row."""
    header = Rectangle(_CONTENT_LEFT, MARGIN, WIDTH - MARGIN - _CONTENT_LEFT, HEADER_HEIGHT)
    rows: list[list[PlacedBox]] = []
    top = header.bottom + ROW_GAP / 2
    for row in _rows(boxes):
        rows.append([_place(box, top) for box in row])
        top = max(placed.frame.bottom for placed in rows[-1]) + ROW_GAP
    placed = tuple(box for row in rows for box in row)
    return Layout(header, placed, _phase_bars(placed), _arrows(rows), top - ROW_GAP)


def number_text(line: Line) -> str:
    """The count as PRISMA prints it, on no-break spaces so that it is never torn apart."""
    return f"(n\u00a0=\u00a0{line.count:,})"


def _rows(boxes: tuple[Box, ...]) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for box in boxes:
        if box.column == "main":
            rows.append([])
        rows[-1].append(box)
    return rows


def _place(box: Box, top: float) -> PlacedBox:
    left, width = _COLUMNS[box.column]
    lines = _heading(box, left, width)
    for line in box.lines:
        if line.kind != "pending":
            lines += _wrapped(line, left, width, bold=not box.heading and line.kind == "count")
    baseline = top + PADDING + _ASCENT
    text = [_moved(line, baseline + index * LEADING) for index, line in enumerate(lines)]
    bottom = top + 2 * PADDING + _ASCENT + (len(lines) - 1) * LEADING
    strip_text = [t for line in box.lines if line.kind == "pending" for t in _wrapped(line, left, width)]
    if not strip_text:
        return PlacedBox(box, Rectangle(left, top, width, bottom - top), tuple(text), None)
    strip = Rectangle(left, bottom, width, len(strip_text) * LEADING + PADDING / 2)
    first = strip.y + PADDING / 4 + LEADING / 2 + _ASCENT / 2
    text += [_moved(line, first + index * LEADING) for index, line in enumerate(strip_text)]
    return PlacedBox(box, Rectangle(left, top, width, strip.bottom - top), tuple(text), strip)


def _heading(box: Box, left: float, width: float) -> list[TextLine]:
    if not box.heading:
        return []
    lines = wrap(box.heading, width - 2 * PADDING, SIZE, bold=True)
    return [TextLine(left + PADDING, 0, line, bold=True) for line in lines]


def _wrapped(line: Line, left: float, width: float, *, bold: bool = False) -> list[TextLine]:
    """The lines of one number: its first at the margin of its kind, the others hanging under it."""
    x = left + PADDING + (INDENT if line.kind == "detail" else 0)
    room = left + width - PADDING - x - INDENT / 2
    words = " ".join(line.label.split())
    texts = wrap(f"{words} {number_text(line)}", room, SIZE, bold=bold)
    pending = line.kind == "pending"
    last = len(texts) - 1
    return [
        TextLine(x + (INDENT / 2 if index else 0), 0, text, bold, pending, line if index == last else None)
        for index, text in enumerate(texts)
    ]


def _moved(line: TextLine, y: float) -> TextLine:
    return TextLine(line.x, y, line.text, line.bold, line.pending, line.number)


def _phase_bars(placed: tuple[PlacedBox, ...]) -> tuple[PhaseBar, ...]:
    bars = []
    for phase in dict.fromkeys(each.box.phase for each in placed):
        frames = [each.frame for each in placed if each.box.phase == phase]
        top = min(frame.y for frame in frames)
        bottom = max(frame.bottom for frame in frames)
        label = phase.capitalize()
        # A phase of one small box is lower than its label is long: the bar then reaches into the gaps.
        missing = max(0.0, text_width(label, SIZE, bold=True) + PADDING - (bottom - top))
        frame = Rectangle(MARGIN, top - missing / 2, BAR_WIDTH, bottom - top + missing)
        bars.append(PhaseBar(phase, label, frame))
    return tuple(bars)


def _arrows(rows: list[list[PlacedBox]]) -> tuple[Arrow, ...]:
    arrows = []
    for row in rows:
        for left, right in pairwise(row):
            height = left.frame.y + min(left.body_height, right.body_height) / 2
            arrows.append(Arrow((left.frame.right, height), (right.frame.x, height)))
    for upper, lower in pairwise(row[0].frame for row in rows):
        arrows.append(Arrow((upper.middle, upper.bottom), (lower.middle, lower.y)))
    return tuple(arrows)
