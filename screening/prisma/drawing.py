"""The PRISMA 2020 flow diagram as SVG: real text, links on the numbers, no style sheet.

Everything is said in presentation attributes, because the site's content security policy forbids inline
styles; the class names are there for a page that wants to say otherwise in its own style sheet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from .boxes import Box, boxes, headers, phase_names
from .flow import FlowCounts
from .layout import (
    CAPTION_SIZE,
    LEADING,
    MARGIN,
    SIZE,
    WIDTH,
    Arrow,
    Header,
    Layout,
    PhaseBar,
    PlacedBox,
    Rectangle,
    TextLine,
    arrange,
    number_text,
)
from .lettering import FONT_FAMILY

ThemeName = Literal["light", "dark", "page"]

_TITLE = "PRISMA 2020 flow diagram"
_CAPTION = "PRISMA 2020 flow diagram, after Page MJ et al. BMJ 2021;372:n71."
_CAPTION_RUNNING = "Review in progress: what is still to be done stands in italics below a dashed line."
_HEAD_LENGTH, _HEAD_HALF_WIDTH = 9.0, 4.5
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Theme:
    background: str
    ink: str
    quiet: str
    line: str
    link: str
    phase: str
    header: str
    pending: str
    pending_ink: str
    tint: float = 1.0  # opacity of the three tinted areas


THEMES: dict[ThemeName, Theme] = {
    "light": Theme(
        background="#ffffff",
        ink="#1b2430",
        quiet="#5b6875",
        line="#5f7183",
        link="#0b57a4",
        phase="#dbe7f1",
        header="#f7ecd0",
        pending="#fff3d6",
        pending_ink="#744700",
    ),
    "dark": Theme(
        background="#11171d",
        ink="#e8edf2",
        quiet="#9fb0bf",
        line="#7d91a4",
        link="#8fc4ff",
        phase="#24374a",
        header="#3d3420",
        pending="#3b2e12",
        pending_ink="#ffd98f",
    ),
    # On a page the diagram takes the page's own text colour, whatever it is, and lets its background through.
    "page": Theme(
        background="none",
        ink="currentColor",
        quiet="currentColor",
        line="currentColor",
        link="currentColor",
        phase="currentColor",
        header="currentColor",
        pending="currentColor",
        pending_ink="currentColor",
        tint=0.1,
    ),
}


def draw_svg(
    counts: FlowCounts,
    links: Mapping[str, str] | None = None,
    *,
    words: Mapping[str, str] | None = None,
    note: str = "",
    theme: ThemeName = "light",
) -> str:
    """The flow diagram as an SVG document; `links` gives the address behind a number by its line's key.

    words: the team's own wording by key, as in `boxes`. note: said below, such as the day it stands for.

    `light` and `dark` have a background of their own and stand anywhere; `page` takes the colours of the
    page it is put into. Draws what it is given: call `flow.reconcile` before publishing.
    """
    content = boxes(counts, words)
    layout = arranged(counts, words)
    colours = THEMES[theme]
    captions = captions_of(counts, note)
    height = layout.bottom + 14 + len(captions) * 16 + MARGIN / 2
    parts = [
        _opening(layout.width, height, _description(content), has_links=bool(links)),
        _background(layout.width, height, colours),
        *(_header(each, colours) for each in layout.headers),
        *(_phase(bar, colours) for bar in layout.phases),
        *(_arrow(arrow, colours) for arrow in layout.arrows),
        *(_box(placed, links or {}, colours) for placed in layout.boxes),
        *_captions(captions, layout, colours),
        "</svg>\n",
    ]
    return "\n".join(part for part in parts if part)


def arranged(counts: FlowCounts, words: Mapping[str, str] | None) -> Layout:
    return arrange(boxes(counts, words), headers(counts, words), phase_names(words))


def captions_of(counts: FlowCounts, note: str = "") -> list[str]:
    """The lines of small print below the diagram."""
    running = [] if counts.is_finished else [_CAPTION_RUNNING]
    return [*running, *([note] if note else []), _CAPTION]


def _opening(width: float, height: float, description: str, *, has_links: bool) -> str:
    # An image has no parts to a screen reader; with links inside, the diagram must be a group to reach them.
    role = "group" if has_links else "img"
    # How far a page may shrink it before its words could not be read: then it is moved sideways there.
    wide = "" if width <= WIDTH else " is-wide" if width <= 1.4 * WIDTH else " is-wide is-widest"
    name = f"prisma-flow{wide}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}"'
        f' width="{_n(width)}" height="{_n(height)}" role="{role}" class="{name}"'
        ' aria-labelledby="prisma-flow-title" aria-describedby="prisma-flow-description"'
        f" font-family={quoteattr(FONT_FAMILY)} font-size={quoteattr(_n(SIZE))}>\n"
        f'<title id="prisma-flow-title">{_TITLE}</title>\n'
        f'<desc id="prisma-flow-description">{_text(description)}</desc>'
    )


def _description(content: tuple[Box, ...]) -> str:
    """The whole flow as sentences, for those who cannot see it."""
    sentences = []
    for box in content:
        numbers = ", ".join(f"{line.label} {line.count:,}" for line in box.lines)
        sentences.append(f"{box.heading} {numbers}.".strip())
    return " ".join(sentences)


def _background(width: float, height: float, colours: Theme) -> str:
    if colours.background == "none":
        return ""
    return f'<rect width="{_n(width)}" height="{_n(height)}" fill="{colours.background}"/>'


def _header(header: Header, colours: Theme) -> str:
    frame = header.frame
    first = frame.y + frame.height / 2 + 0.36 * SIZE - (len(header.lines) - 1) * LEADING / 2
    texts = "\n".join(
        f'<text x="{_n(frame.middle)}" y="{_n(first + index * LEADING)}"'
        f' text-anchor="middle" font-weight="bold" fill="{colours.ink}">{_text(line)}</text>'
        for index, line in enumerate(header.lines)
    )
    return (
        f'<rect {_at(frame)} rx="4" fill="{colours.header}"{_tint(colours)} class="prisma-header"/>\n{texts}'
    )


def _phase(bar: PhaseBar, colours: Theme) -> str:
    frame = bar.frame
    x, y = frame.middle + 0.36 * SIZE, frame.y + frame.height / 2
    return (
        f'<rect {_at(frame)} rx="4" fill="{colours.phase}"{_tint(colours)} class="prisma-phase"/>\n'
        f'<text transform="translate({_n(x)} {_n(y)}) rotate(-90)" text-anchor="middle" font-weight="bold"'
        f' fill="{colours.ink}">{_text(bar.label)}</text>'
    )


def _arrow(arrow: Arrow, colours: Theme) -> str:
    points, (x, y) = head_of(arrow)
    (x1, y1) = arrow.start
    line = (
        f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x)}" y2="{_n(y)}"'
        f' stroke="{colours.line}" stroke-width="1.4"/>'
    )
    if not points:
        return line
    corners = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return f'{line}<polygon points="{corners}" fill="{colours.line}"/>'


def head_of(arrow: Arrow) -> tuple[tuple[tuple[float, float], ...], tuple[float, float]]:
    """The corners of an arrow's head, none where it has no head, and where its line ends."""
    (x1, y1), (x2, y2) = arrow.start, arrow.end
    if not arrow.has_head:
        return (), (x2, y2)
    if y1 == y2:
        along = _HEAD_LENGTH if x2 > x1 else -_HEAD_LENGTH
        neck = (x2 - along, y2)
        wings = ((neck[0], y2 - _HEAD_HALF_WIDTH), (neck[0], y2 + _HEAD_HALF_WIDTH))
    else:
        neck = (x2, y2 - _HEAD_LENGTH)
        wings = ((x2 - _HEAD_HALF_WIDTH, neck[1]), (x2 + _HEAD_HALF_WIDTH, neck[1]))
    return ((x2, y2), *wings), neck


def _box(placed: PlacedBox, links: Mapping[str, str], colours: Theme) -> str:
    frame = f'<rect {_at(placed.frame)} rx="4" fill="none" stroke="{colours.line}" stroke-width="1.2"/>'
    parts = [_pending_strip(placed.pending_strip, colours), frame]
    parts += [_text_line(line, links, colours) for line in placed.text]
    inside = "\n".join(part for part in parts if part)
    return f'<g id="prisma-{placed.box.key}" class="prisma-box">\n{inside}\n</g>'


def _pending_strip(strip: Rectangle | None, colours: Theme) -> str:
    if strip is None:
        return ""
    left, right, top, bottom = (_n(each) for each in (strip.x, strip.right, strip.y, strip.bottom))
    outline = f"M{left} {top}H{right}V{_n(strip.bottom - 4)}q0 4 -4 4H{_n(strip.x + 4)}q-4 0 -4 -4Z"
    return (
        f'<path d="{outline}" fill="{colours.pending}"{_tint(colours)} class="prisma-pending"/>'
        f'<line x1="{left}" y1="{top}" x2="{right}" y2="{top}" stroke="{colours.line}"'
        ' stroke-width="1" stroke-dasharray="4 3"/>'
    )


def _text_line(line: TextLine, links: Mapping[str, str], colours: Theme) -> str:
    colour = colours.pending_ink if line.pending else colours.ink
    style = ' font-weight="bold"' if line.bold else ""
    style += ' font-style="italic"' if line.pending else ""
    return (
        f'<text x="{_n(line.x)}" y="{_n(line.y)}" fill="{colour}"{style}>'
        f"{_linked(line, links, colours)}</text>"
    )


def _linked(line: TextLine, links: Mapping[str, str], colours: Theme) -> str:
    number = line.number
    if number is None or number.key not in links:
        return _text(line.text)
    shown = number_text(number)
    before = line.text.removesuffix(shown)
    name = f"{number.label}: {number.count:,}"
    return (
        f"{_text(before)}(<a href={_attribute(links[number.key])} aria-label={_attribute(name)}"
        f' class="prisma-link"><tspan fill="{colours.link}" text-decoration="underline">{shown[1:-1]}</tspan>'
        "</a>)"
    )


def _captions(captions: list[str], layout: Layout, colours: Theme) -> list[str]:
    return [
        f'<text x="{_n(layout.boxes[0].frame.x)}" y="{_n(layout.bottom + 24 + index * 16)}"'
        f' font-size="{_n(CAPTION_SIZE)}" fill="{colours.quiet}">{_text(caption)}</text>'
        for index, caption in enumerate(captions)
    ]


def _at(frame: Rectangle) -> str:
    return f'x="{_n(frame.x)}" y="{_n(frame.y)}" width="{_n(frame.width)}" height="{_n(frame.height)}"'


def _tint(colours: Theme) -> str:
    return "" if colours.tint == 1 else f' fill-opacity="{_n(colours.tint)}"'


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    return escape(_NOT_IN_XML.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_IN_XML.sub("", text))
