"""Judgements as coloured discs with signs in them, for pictures and for columns of a forest plot."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .canvas import Canvas
from .style import Style

# Okabe and Ito's palette, which people with any kind of colour vision can tell apart, in the order of a
# traffic light. The sign in each disc says the same without colour. https://jfly.uni-koeln.de/color/
COLOURS = {"low": "#009e73", "some": "#f0e442", "high": "#d55e00", "critical": "#7a1f1f", "none": "#a9bccb"}
_ON_DARK = {"high", "critical"}
_CORNERS = 48


@dataclass(frozen=True)
class Light:
    """A judgement as it is drawn. `tone` names its colour, `symbol` is the sign in the disc."""

    value: str
    label: str
    tone: str
    symbol: str

    @property
    def colour(self) -> str:
        return COLOURS[self.tone]


class LightCell(str):
    """A cell of a forest plot's table that is drawn as a light; as text it is the light's sign."""

    light: Light

    def __new__(cls, light: Light) -> LightCell:
        cell = super().__new__(cls, light.symbol)
        cell.light = light
        return cell


def draw_light(canvas: Canvas, x: float, middle: float, radius: float, light: Light, style: Style) -> None:
    """A disc round (x, middle) with its sign."""
    turns = [2 * math.pi * step / _CORNERS for step in range(_CORNERS)]
    corners = [(x + radius * math.cos(turn), middle + radius * math.sin(turn)) for turn in turns]
    canvas.polygon(corners, fill=light.colour, edge=style.ink)
    ink = "#ffffff" if light.tone in _ON_DARK else style.ink
    canvas.text(x, middle, light.symbol, size=1.15 * radius, colour=ink, align="center", bold=True)


def draw_legend(canvas: Canvas, left: float, top: float, lights: tuple[Light, ...], style: Style) -> None:
    """Each judgement under the next: disc and words."""
    for index, light in enumerate(lights):
        middle = top + (index + 0.5) * style.row_height
        draw_light(canvas, left + 5, middle, 5, light, style)
        canvas.text(left + 16, middle, light.label, size=style.size, colour=style.ink)
