"""How wide text is when drawn, and where to break it, known without a browser or a font file.

The advance widths are those of Helvetica, which Arial, Liberation Sans and Nimbus Sans share by design,
in thousandths of the font size; so the same wrapping holds wherever one of the four is installed.
"""

from __future__ import annotations

import unicodedata

FONT_FAMILY = "Arial, Helvetica, 'Liberation Sans', 'Nimbus Sans', sans-serif"

# fmt: off
_REGULAR = (  # U+0020 to U+007E
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778,
    722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278,
    278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)
_BOLD = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778,
    722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333,
    278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)
# fmt: on
_PUNCTUATION = {"\u00a0": 278, "–": 556, "‘": 278, "’": 278, "“": 500, "”": 500, "·": 278, "≥": 549, "≤": 549}
_WIDEST = 1000  # what the table does not know is taken to be as wide as a Chinese character


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of one line of text, in the unit of `size`; characters outside the table count as one em."""
    return sum(_advance(character, bold) for character in text) * size / 1000


def _advance(character: str, bold: bool) -> int:
    if unicodedata.combining(character):
        return 0
    base = unicodedata.normalize("NFD", character)[0]
    if " " <= base <= "~":
        return (_BOLD if bold else _REGULAR)[ord(base) - ord(" ")]
    return _PUNCTUATION.get(character, _WIDEST)


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The lines of `text`, none wider than `width`: broken at spaces, and inside a word that fits no line.

    A no-break space keeps its neighbours together.
    """
    lines: list[str] = []
    line = ""
    # Not str.split(): it would also split at the no-break spaces that hold "(n = 12)" together.
    for word in text.split(" "):
        candidate = f"{line} {word}" if line else word
        if text_width(candidate, size, bold=bold) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, width, size, bold)
        lines.extend(full)
    return [*lines, line] if line or not lines else lines


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces
