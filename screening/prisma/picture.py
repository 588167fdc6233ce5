"""The PRISMA 2020 flow diagram as PDF and PNG, drawn from the same places as the SVG.

The letters are DejaVu Sans, which comes with matplotlib: a PDF with the system's Helvetica would look
otherwise on every machine. It is wider than Helvetica, by whose widths lines are broken, so it is smaller.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Polygon

from .drawing import THEMES, Theme, arranged, captions_of, head_of
from .flow import FlowCounts
from .layout import CAPTION_SIZE, LEADING, MARGIN, SIZE, Arrow, Header, Layout, PhaseBar, PlacedBox, Rectangle

PictureFormat = Literal["pdf", "png", "word"]
NARROWER = 0.85  # DejaVu Sans against Helvetica
POINTS = 0.75  # a unit of the layout is a pixel of the page, 96 to the inch
WORD_WIDTH = 6.3  # inches between the margins of an A4 page in Word
WORD_DPI, SCREEN_DPI = 300, 192


def draw_picture(
    counts: FlowCounts,
    file_format: PictureFormat,
    *,
    words: Mapping[str, str] | None = None,
    note: str = "",
) -> bytes:
    """The diagram as a file. `word` is a PNG of 300 dots to the inch that is as wide as a page of text."""
    layout = arranged(counts, words)
    captions = captions_of(counts, note)
    height = layout.bottom + 14 + len(captions) * 16 + MARGIN / 2
    scale = WORD_WIDTH * 96 / layout.width if file_format == "word" else 1.0
    figure = Figure(figsize=(layout.width / 96 * scale, height / 96 * scale))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, layout.width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    _Brush(axes, THEMES["light"], scale * POINTS).draw(layout, captions)
    return _saved(figure, file_format)


def _saved(figure: Figure, file_format: PictureFormat) -> bytes:
    out = io.BytesIO()
    if file_format == "pdf":
        figure.savefig(
            out, format="pdf", metadata={"CreationDate": None, "Title": "PRISMA 2020 flow diagram"}
        )
    else:
        dpi = WORD_DPI if file_format == "word" else SCREEN_DPI
        figure.savefig(out, format="png", dpi=dpi, metadata={"Title": "PRISMA 2020 flow diagram"})
    return out.getvalue()


class _Brush:
    """Draws the parts of a layout onto axes whose unit is that of the layout."""

    def __init__(self, axes: Any, colours: Theme, points: float) -> None:
        self.axes, self.colours, self.points = axes, colours, points

    def draw(self, layout: Layout, captions: list[str]) -> None:
        for header in layout.headers:
            self.header(header)
        for bar in layout.phases:
            self.phase(bar)
        for arrow in layout.arrows:
            self.arrow(arrow)
        for placed in layout.boxes:
            self.box(placed)
        for index, caption in enumerate(captions):
            place = (layout.boxes[0].frame.x, layout.bottom + 24 + index * 16)
            self.text(*place, caption, size=CAPTION_SIZE, colour=self.colours.quiet)

    def header(self, header: Header) -> None:
        frame = header.frame
        self.area(frame, self.colours.header)
        first = frame.y + frame.height / 2 + 0.36 * SIZE - (len(header.lines) - 1) * LEADING / 2
        for index, line in enumerate(header.lines):
            self.text(frame.middle, first + index * LEADING, line, bold=True, align="center")

    def phase(self, bar: PhaseBar) -> None:
        self.area(bar.frame, self.colours.phase)
        middle = (bar.frame.middle, bar.frame.y + bar.frame.height / 2)
        self.axes.text(
            *middle, bar.label, rotation=90, ha="center", va="center", **self._type(SIZE, bold=True)
        )

    def arrow(self, arrow: Arrow) -> None:
        points, (x, y) = head_of(arrow)
        (x1, y1) = arrow.start
        self.axes.add_line(Line2D([x1, x], [y1, y], color=self.colours.line, lw=1.4 * self.points))
        if points:
            self.axes.add_patch(Polygon(points, closed=True, fc=self.colours.line, ec="none"))

    def box(self, placed: PlacedBox) -> None:
        if strip := placed.pending_strip:
            self.area(strip, self.colours.pending)
            dashed = Line2D(
                [strip.x, strip.right], [strip.y, strip.y], color=self.colours.line, lw=self.points
            )
            dashed.set_dashes([4, 3])
            self.axes.add_line(dashed)
        self.area(placed.frame, "none", edge=self.colours.line)
        for line in placed.text:
            colour = self.colours.pending_ink if line.pending else self.colours.ink
            self.text(line.x, line.y, line.text, bold=line.bold, italic=line.pending, colour=colour)

    def area(self, frame: Rectangle, fill: str, edge: str = "none") -> None:
        self.axes.add_patch(
            FancyBboxPatch(
                (frame.x, frame.y),
                frame.width,
                frame.height,
                boxstyle="round,pad=0,rounding_size=4",
                fc=fill,
                ec=edge,
                lw=1.2 * self.points,
            )
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SIZE,
        bold: bool = False,
        italic: bool = False,
        colour: str = "",
        align: str = "left",
    ) -> None:
        said = self._type(size, bold=bold, italic=italic, colour=colour)
        self.axes.text(x, y, text, ha=align, va="baseline", **said)

    def _type(
        self, size: float, *, bold: bool = False, italic: bool = False, colour: str = ""
    ) -> dict[str, Any]:
        return {
            "family": "DejaVu Sans",
            "fontsize": size * NARROWER * self.points,
            "weight": "bold" if bold else "normal",
            "style": "italic" if italic else "normal",
            "color": colour or self.colours.ink,
            "parse_math": False,
        }
