"""The invisible text over a page's picture, as SVG: selectable, found by the browser, with highlights."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from .finding import Passage
from .pages import Line, PageText

# How far below the top of a letter's box its baseline is, and how large its type, in shares of the height.
BASELINE = 0.79
TYPE = 0.86


def text_layer(
    page: PageText, highlights: Sequence[tuple[int, Passage]] = (), *, name: str = "Text of page {number}"
) -> str:
    """An `<svg>` with the words of a page in their places, and numbered highlights. Every text is escaped.

    name: what a screen reader calls it, in the language of who reads.
    """
    label = escape(name.format(number=page.number))
    box = f'viewBox="0 0 {page.width:g} {page.height:g}"'
    parts = [f'<svg class="page-text" {box} preserveAspectRatio="none" aria-label="{label}">']
    for number, passage in highlights:
        parts.append(f'<g class="page-hit" data-hit="{number}">{highlight_boxes(page, passage)}</g>')
    for turn, lines in groupby(page.lines, key=lambda line: line.turn):
        parts.append(f"<g{_turned(turn, page)}>")
        parts.extend(_line(line) for line in lines)
        parts.append("</g>")
    parts.append("</svg>")
    return "".join(parts)


def highlight_boxes(page: PageText, passage: Passage) -> str:
    """The rectangles behind a passage, a line each."""
    parts = []
    for line, start, end in passage.stretches(page):
        size = f'width="{end - start:.1f}" height="{line.bottom - line.top:.1f}"'
        parts.append(f'<g{_turned(line.turn, page)}><rect x="{start:.1f}" y="{line.top:g}" {size}/></g>')
    return "".join(parts)


def _line(line: Line) -> str:
    height = line.bottom - line.top
    attributes = f'y="{line.top + BASELINE * height:.1f}" font-size="{TYPE * height:.1f}"'
    return f"<text {attributes}>{''.join(_words(line))}\n</text>"


def _words(line: Line) -> Iterable[str]:
    """Each word is stretched to its width on the page, so that what is marked is what is selected."""
    for word in line.words:
        length = max(word.end - word.start, 0.1)
        yield f'<tspan x="{word.start:g}" textLength="{length:.1f}">{escape(word.text)}</tspan> '


def _turned(turn: int, page: PageText) -> str:
    width, height = f"{page.width:g}", f"{page.height:g}"
    matrix = {1: f"0 1 -1 0 {width} 0", 2: f"-1 0 0 -1 {width} {height}", 3: f"0 -1 1 0 0 {height}"}
    return f' transform="matrix({matrix[turn]})"' if turn else ""
