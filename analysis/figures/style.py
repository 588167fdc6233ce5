"""How figures look: type, measures in points, colours. And how wide a text is, in the font it is drawn in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

# Set once for the process rather than around each drawing: threads that draw at the same time would undo
# each other's context. DejaVu Sans comes with matplotlib, so it measures alike everywhere; Verdana, nearly as
# wide, stands in where a browser has no DejaVu.
matplotlib.rcParams.update(
    {
        "font.family": ["sans-serif"],
        "font.sans-serif": ["DejaVu Sans", "Verdana"],
        "svg.fonttype": "none",  # text stays text
        "svg.hashsalt": "winnow",  # else the ids, and so the bytes, differ from run to run
        "pdf.fonttype": 42,
        "ps.fonttype": 42,
    }
)


@dataclass(frozen=True)
class Style:
    """Measures are in points, 72 to the inch. The defaults read well in print at full size and in grey."""

    size: float = 9.0
    small: float = 8.0
    title: float = 10.5
    row_height: float = 15.0
    margin: float = 14.0
    gap: float = 16.0
    plot_width: float = 230.0
    label_width: float = 300.0  # labels longer than this are wrapped
    largest_square: float = 11.0
    ink: str = "#1b2430"
    quiet: str = "#55616d"
    rule: str = "#8a97a3"
    square: str = "#4f7aa3"
    random: str = "#16365c"
    common: str = "#9fb4c8"
    hairline: str = "#d3dae0"
    prediction: str = "#a4501f"


DEFAULT_STYLE = Style()
# By journal or program. Colours differ in lightness too, so that they part in grey and for every colour
# vision.
STYLES = {
    "plain": DEFAULT_STYLE,
    "JAMA": Style(square="#1b2430", random="#1b2430", common="#b9bec4", prediction="#6b7480", gap=14.0),
    "BMJ": Style(square="#2a6ebb", random="#0a3d78", common="#a9c3e2", prediction="#b5541c"),
    "RevMan": Style(
        square="#3a8d3a", random="#1b2430", common="#9aa3ab", prediction="#8a3ffc", largest_square=9.0
    ),
    "grey": Style(square="#6f6f6f", random="#1c1c1c", common="#bdbdbd", prediction="#4a4a4a"),
}

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MEASURING_DPI = 720  # ten times the point, so that hinting to whole pixels costs a twentieth of a point
_RENDERER: Any = RendererAgg(1, 1, _MEASURING_DPI)  # type: ignore[no-untyped-call]


def shortened(text: str, most: int) -> str:
    """The text in at most so many characters, cut in its middle: trials often differ at their end."""
    if len(text) <= most:
        return text
    end = (most - 1) // 2
    return f"{text[: most - 1 - end].rstrip()}\u2026{text[-end:].lstrip()}"


def printable(text: str) -> str:
    """The text without the control characters that a label may bring along and no SVG may hold."""
    return _CONTROL.sub("", text)


def font(size: float, *, bold: bool = False) -> FontProperties:
    return FontProperties(size=size, weight="bold" if bold else "normal")


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in points of one line of text, as the Agg renderer lays it out."""
    text = printable(text)
    if not text:
        return 0.0
    width, _, _ = _RENDERER.get_text_width_height_descent(text, font(size, bold=bold), ismath=False)
    return float(width) * 72 / _MEASURING_DPI


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The lines of `text` at most `width` wide: broken at spaces, and inside a word that fits no line.

    A no-break space keeps its neighbours together.
    """
    lines: list[str] = []
    line = ""
    # Not str.split() alone: it would also split at the no-break spaces.
    for word in filter(None, re.split(r"[ \t\r\n]+", text)):
        candidate = f"{line} {word}" if line else word
        if text_width(candidate, size, bold=bold) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        line = word
        while text_width(line, size, bold=bold) > width and len(line) > 1:
            fits = max(1, _characters_that_fit(line, width, size, bold))
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line]


def _characters_that_fit(word: str, width: float, size: float, bold: bool) -> int:
    return sum(text_width(word[:end], size, bold=bold) <= width for end in range(1, len(word)))
