"""The overlap of several sets as a picture (an UpSet plot): a bar a combination, dots below it name its sets.

Source of the form: Lex et al. 2014, IEEE Trans Vis Comput Graph 20:1983.
"""

from collections.abc import Sequence
from html import escape

BAR, GAP, DOT = 24, 12, 7
BARS_HEIGHT, ROW, TOP = 150, 26, 28
NAME_WIDTH, SIZE_WIDTH = 170, 110
LEFT = NAME_WIDTH + SIZE_WIDTH + 20
LONGEST_NAME = 22
MOST = 24

Combination = tuple[tuple[str, ...], int]


def upset_svg(sets: Sequence[tuple[str, int]], combinations: Sequence[Combination]) -> str:
    """SVG of the largest combinations; it takes the colour of the text around it, dark or light.

    sets: names with their sizes, in the order of rows. combinations: names of sets, and how many are in all
    of them and in no other.
    """
    shown = combinations[:MOST]
    width = LEFT + max(len(shown), 1) * (BAR + GAP) + 10
    height = int(_middle(len(sets)))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="upset-title" fill="currentColor" '
        'font-family="sans-serif" font-size="13">',
        f'<title id="upset-title">{escape(_in_words(shown))}</title>',
    ]
    largest = max((size for _, size in sets), default=1)
    for row, (name, size) in enumerate(sets):
        parts.extend(_row(row, name, size / max(largest, 1), f"{size:,}", width))
    most = max((count for _, count in shown), default=1)
    order = [name for name, _ in sets]
    for column, (names, count) in enumerate(shown):
        inside = [row for row, name in enumerate(order) if name in names]
        parts.extend(_column(LEFT + column * (BAR + GAP), inside, count, most, len(order)))
    return "\n".join([*parts, "</svg>"])


def _middle(row: int) -> float:
    return TOP + BARS_HEIGHT + 16 + row * ROW + ROW / 2


def _row(row: int, name: str, share: float, size: str, width: int) -> list[str]:
    middle, length = _middle(row), max(1.0, (SIZE_WIDTH - 40) * share)
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    parts = [
        f'<text x="{NAME_WIDTH}" y="{middle + 4}" text-anchor="end">{escape(short)}</text>',
        f'<rect x="{NAME_WIDTH + 8}" y="{middle - 7}" width="{length:.1f}" height="14" opacity="0.55"/>',
        f'<text x="{NAME_WIDTH + 12 + length:.1f}" y="{middle + 4}">{size}</text>',
    ]
    if row % 2 == 0:
        x, across = LEFT - 8, width - LEFT + 8
        parts.insert(
            0, f'<rect x="{x}" y="{middle - ROW / 2}" width="{across}" height="{ROW}" opacity="0.07"/>'
        )
    return parts


def _column(x: int, inside: Sequence[int], count: int, most: int, rows: int) -> list[str]:
    height = max(1.0, BARS_HEIGHT * count / most)
    top, centre = TOP + BARS_HEIGHT - height, x + BAR / 2
    parts = [
        f'<rect x="{x}" y="{top:.1f}" width="{BAR}" height="{height:.1f}"/>',
        f'<text x="{centre}" y="{top - 5:.1f}" text-anchor="middle" font-size="12">{count:,}</text>',
    ]
    if len(inside) > 1:
        ends = f'y1="{_middle(inside[0])}" y2="{_middle(inside[-1])}"'
        parts.append(f'<line x1="{centre}" x2="{centre}" {ends} stroke="currentColor" stroke-width="3"/>')
    for row in range(rows):
        opacity = "" if row in inside else ' opacity="0.18"'
        parts.append(f'<circle cx="{centre}" cy="{_middle(row)}" r="{DOT}"{opacity}/>')
    return parts


def _in_words(combinations: Sequence[Combination]) -> str:
    told = "; ".join(f"{' and '.join(names)} only: {count}" for names, count in combinations[:8])
    return f"Overlap of the databases. {told}."
