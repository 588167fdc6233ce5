"""A figure drawn on in points from its top left corner, in groups that keep their names in the SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text

from .style import font, printable

Align = Literal["left", "center", "right"]
_CAPITALS = 0.36  # half the height of DejaVu Sans's capitals and digits, in ems


class _Group(Artist):
    """Artists drawn in the order they were added, inside one group element of the SVG."""

    def __init__(self, gid: str) -> None:
        super().__init__()
        self.children: list[Artist] = []
        if gid:
            self.set_gid(gid)

    def get_children(self) -> list[Artist]:
        return self.children

    def draw(self, renderer: Any) -> None:
        renderer.open_group("forest", gid=self.get_gid())
        for child in self.children:
            child.draw(renderer)
        renderer.close_group("forest")


class Canvas:
    """One unit is one point; y grows downwards, as the lines of a table do."""

    def __init__(self, width: float, height: float) -> None:
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="white")
        self._axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()
        self._group: _Group | None = None

    @contextmanager
    def group(self, gid: str) -> Iterator[None]:
        """What is drawn inside goes into a group of its own, named `gid` unless that is empty."""
        self._group = self._new_group(gid)
        yield
        self._group = None  # what comes next is drawn after this group, so not in one that stands before it

    def text(
        self,
        x: float,
        middle: float,
        text: str,
        *,
        size: float,
        colour: str,
        align: Align = "left",
        bold: bool = False,
    ) -> None:
        """A line of text whose capitals are centred on `middle`."""
        text = printable(text)
        if text.strip():
            # A label may hold a dollar sign: it is text, never a formula.
            self._add(
                Text(
                    x,
                    middle + _CAPITALS * size,
                    text,
                    color=colour,
                    fontproperties=font(size, bold=bold),
                    horizontalalignment=align,
                    verticalalignment="baseline",
                    parse_math=False,
                )
            )

    def line(
        self,
        points: Sequence[tuple[float, float]],
        *,
        colour: str,
        width: float = 0.8,
        dashes: tuple[float, float] | None = None,
    ) -> None:
        xs, ys = zip(*points, strict=True)
        line = Line2D(xs, ys, color=colour, linewidth=width, solid_capstyle="butt")
        if dashes:
            line.set_linestyle((0, dashes))
        self._add(line)

    def polygon(self, points: Sequence[tuple[float, float]], *, fill: str, edge: str | None = None) -> None:
        self._add(Polygon(points, closed=True, facecolor=fill, edgecolor=edge or "none", linewidth=0.8))

    def _add(self, artist: Artist) -> None:
        artist.set_figure(self.figure)
        artist.axes = self._axes
        artist.set_transform(self._axes.transData)
        if self._group is None:
            self._group = self._new_group("")
        self._group.children.append(artist)

    def _new_group(self, gid: str) -> _Group:
        group = _Group(gid)
        self._axes.add_artist(group)
        return group
