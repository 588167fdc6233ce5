"""Where the boxes, lines of text, phase bars and arrows of a flow diagram stand, in SVG user units.

Rows grow with their text, so nothing overlaps however many reasons there are and however long they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from .boxes import PHASES, Box, Column, Line, Phase
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
COLUMN_GAP = 40.0
ELBOW = 18.0

_CONTENT_LEFT = MARGIN + BAR_WIDTH + 16.0
_ASCENT = 0.74 * SIZE  # from the top of the capitals to the baseline, with a hair of air
# Widths of the columns: of the template that has two, and of those with more, which are narrower.
_TWO: Mapping[Column, float] = {"main": 372.0, "aside": WIDTH - MARGIN - (_CONTENT_LEFT + 372.0 + 52.0)}
_MORE: Mapping[Column, float] = {
    "previous": 190.0,
    "main": 300.0,
    "aside": 290.0,
    "other": 270.0,
    "other_aside": 250.0,
}
_GROUPS: tuple[tuple[Column, ...], ...] = (("previous",), ("main", "aside"), ("other", "other_aside"))


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
    """A straight arrow from a point to a point, along one axis; without a head it is half of an elbow."""

    start: tuple[float, float]
    end: tuple[float, float]
    has_head: bool = True


@dataclass(frozen=True)
class Header:
    """What stands above a group of columns, in its lines."""

    frame: Rectangle
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    width: float
    headers: tuple[Header, ...]
    boxes: tuple[PlacedBox, ...]
    phases: tuple[PhaseBar, ...]
    arrows: tuple[Arrow, ...]
    bottom: float


Spans = Mapping[Column, tuple[float, float]]  # left edge, width


def arrange(
    boxes: tuple[Box, ...],
    headers: Mapping[Column, str] | None = None,
    phases: Mapping[Phase, str] = PHASES,
) -> Layout:
    """Rows from top to bottom under headers: a box of the main column with those beside it in one row.

    headers: by the column that begins their group. phases: how the bars at the side are called.
    """
    spans = _spans({box.column for box in boxes})
    width = max(WIDTH, *(left + wide + MARGIN for left, wide in spans.values()))
    placed_headers = _headers(headers or {}, spans)
    rows: list[list[PlacedBox]] = []
    top = MARGIN + max([HEADER_HEIGHT, *(each.frame.height for each in placed_headers)]) + ROW_GAP / 2
    for row in _rows(boxes):
        rows.append([_place(box, top, spans) for box in row])
        top = max(placed.frame.bottom for placed in rows[-1]) + ROW_GAP
    placed = tuple(box for row in rows for box in row)
    return Layout(width, placed_headers, placed, _phase_bars(placed, phases), _arrows(rows), top - ROW_GAP)


def _spans(used: set[Column]) -> Spans:
    widths = _TWO if used <= {"main", "aside"} else _MORE
    gap = 52.0 if widths is _TWO else COLUMN_GAP
    # An aside that no box of this review needs keeps its place beside its own column.
    columns = [column for group in _GROUPS for column in group if group[0] in used]
    spans, left = {}, _CONTENT_LEFT
    for column in columns:
        spans[column] = (left, widths[column])
        left += widths[column] + gap
    return spans


def _headers(texts: Mapping[Column, str], spans: Spans) -> tuple[Header, ...]:
    found = []
    for group in _GROUPS:
        inside = [spans[column] for column in group if column in spans]
        text = texts.get(group[0], "")
        if inside and text:
            left, right = inside[0][0], inside[-1][0] + inside[-1][1]
            lines = tuple(wrap(text, right - left - 2 * PADDING, SIZE, bold=True))
            found.append((left, right - left, lines))
    height = HEADER_HEIGHT + LEADING * (max((len(lines) for *_, lines in found), default=1) - 1)
    return tuple(Header(Rectangle(left, MARGIN, wide, height), lines) for left, wide, lines in found)


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


def _place(box: Box, top: float, spans: Spans) -> PlacedBox:
    left, width = spans[box.column]
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


def _phase_bars(placed: tuple[PlacedBox, ...], names: Mapping[Phase, str]) -> tuple[PhaseBar, ...]:
    bars = []
    for phase in dict.fromkeys(each.box.phase for each in placed):
        frames = [each.frame for each in placed if each.box.phase == phase]
        top = min(frame.y for frame in frames)
        bottom = max(frame.bottom for frame in frames)
        label = names[phase]
        # A phase of one small box is lower than its label is long: the bar then reaches into the gaps.
        missing = max(0.0, text_width(label, SIZE, bold=True) + PADDING - (bottom - top))
        frame = Rectangle(MARGIN, top - missing / 2, BAR_WIDTH, bottom - top + missing)
        bars.append(PhaseBar(phase, label, frame))
    return tuple(bars)


def _arrows(rows: list[list[PlacedBox]]) -> tuple[Arrow, ...]:
    arrows = []
    for row in rows:
        beside = {placed.box.column: placed for placed in row}
        for pair in (("main", "aside"), ("other", "other_aside")):
            if beside.keys() >= set(pair):
                arrows.append(_across(beside[pair[0]], beside[pair[1]]))
    placed = [box for row in rows for box in row]
    for column in ("main", "other"):
        frames = [each.frame for each in placed if each.box.column == column]
        arrows += [
            Arrow((upper.middle, upper.bottom), (lower.middle, lower.y)) for upper, lower in pairwise(frames)
        ]
    return (*arrows, *_elbows(rows))


def _across(left: PlacedBox, right: PlacedBox) -> Arrow:
    height = left.frame.y + min(left.body_height, right.body_height) / 2
    return Arrow((left.frame.right, height), (right.frame.x, height))


def _elbows(rows: list[list[PlacedBox]]) -> list[Arrow]:
    """From other methods to the included studies, and from the previous version to the total."""
    by_key = {placed.box.key: placed.frame for row in rows for placed in row}
    found = []
    for start, end in (("other_assessed", "included"), ("previous", "total")):
        if start in by_key and end in by_key:
            above, target = by_key[start], by_key[end]
            height = target.y + target.height / 2
            edge = target.right if above.x > target.x else target.x
            found.append(Arrow((above.middle, above.bottom), (above.middle, height), has_head=False))
            found.append(Arrow((above.middle, height), (edge, height)))
    return found
