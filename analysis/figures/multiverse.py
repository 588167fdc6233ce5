"""The specification curve: a result under every sensible choice, and which choices gave which result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from .canvas import Canvas
from .model import Axis, ForestPlot, ForestRow, UndrawablePlot
from .scale import PlotScale, plot_scale, ticks
from .style import DEFAULT_STYLE, Style, text_width, wrap

_CURVE_HEIGHT = 190.0
_LINE = 13.0  # height of a row of dots
_STEP = 5.4  # room of one specification at most
_WIDTH = 560.0  # of the curve at most


@dataclass(frozen=True)
class Specification:
    """One way to analyse: what was chosen (question, answer), and what came out, as read off the axis."""

    estimate: float
    low: float
    high: float
    choices: tuple[tuple[str, str], ...]
    is_the_run: bool = False


def draw_multiverse(
    specifications: Sequence[Specification], axis: Axis, *, title: str, style: Style = DEFAULT_STYLE
) -> Figure:
    """Estimates in rising order with their intervals; below, a dot for every choice behind each of them.

    The analysis that was made stands out in both. Source: Simonsohn, Simmons & Nelson 2020, Nat Hum Behav
    4:1208.
    """
    if len(specifications) < 2:
        raise UndrawablePlot("A specification curve needs at least two ways to analyse.")
    return _Curve(sorted(specifications, key=lambda each: each.estimate), axis, title, style).drawn()


class _Curve:
    def __init__(self, ordered: Sequence[Specification], axis: Axis, title: str, style: Style) -> None:
        self.ordered, self.axis, self.style = ordered, axis, style
        self.questions = _questions(ordered)
        labels = [answer for answers in self.questions.values() for answer in answers]
        left = max(text_width(text, style.small) for text in [*labels, axis.label]) + 14
        left = max(left, *(text_width(name, style.small, bold=True) for name in self.questions))
        self.left = style.margin + left + style.gap
        self.step = min(_STEP * 2, _WIDTH / len(ordered))
        self.width = self.left + max(self.step * len(ordered), 240.0) + style.margin
        self.title = wrap(title, self.width - 2 * style.margin, style.title, bold=True)
        self.top = style.margin + 1.4 * style.title * len(self.title) + 10
        rows = sum(len(answers) + 1.15 for answers in self.questions.values())
        self.caption = wrap(self._caption(), self.width - 2 * style.margin, style.small)
        self.bottom = self.top + _CURVE_HEIGHT + 14
        self.captions = self.bottom + rows * _LINE + 8
        height = self.captions + 1.45 * style.small * len(self.caption) + style.margin
        self.canvas = Canvas(self.width, height)
        self.canvas.figure.set_label(title)
        self.scale = self._scale()

    def _caption(self) -> str:
        """How many ways there are, and how many of them find a difference."""
        null, count = self.axis.null_line, len(self.ordered)
        told = f"{count} ways to analyse the same studies, from the lowest estimate to the highest."
        if any(each.is_the_run for each in self.ordered):
            told += " The analysis of this run is dark and has a line of its own."
        if null is None:
            return told
        away = sum(not each.low <= null <= each.high for each in self.ordered)
        return f"{told} {away} of {count} intervals do not hold the value of no effect."

    def _scale(self) -> PlotScale:
        """The axis as forest plots choose it, laid on its side."""
        rows = tuple(ForestRow("", (), each.estimate, each.low, each.high) for each in self.ordered)
        # A share is read from its own range here: all specifications lie close together.
        kind = "points" if self.axis.scale == "percent" else self.axis.scale
        shown = Axis(kind, null_line=self.axis.null_line)
        return plot_scale(ForestPlot("", (), rows, (), shown, ""), 0.0, _CURVE_HEIGHT)

    def y(self, value: float) -> float:
        return self.top + _CURVE_HEIGHT - self.scale.within(value)

    def x(self, at: int) -> float:
        return self.left + self.step * (at + 0.5)

    def drawn(self) -> Figure:
        style, canvas = self.style, self.canvas
        for index, line in enumerate(self.title):
            middle = style.margin + style.title * (0.5 + 1.4 * index)
            canvas.text(style.margin, middle, line, size=style.title, colour=style.ink, bold=True)
        self._frame()
        for at, each in enumerate(self.ordered):
            with canvas.group(f"specification-{at + 1}"):
                self._mark(at, each)
        self._dots()
        for index, line in enumerate(self.caption):
            middle = self.captions + (index * 1.45 + 0.5) * style.small
            canvas.text(style.margin, middle, line, size=style.small, colour=style.quiet)
        return canvas.figure

    def _frame(self) -> None:
        style, right = self.style, self.left + self.step * len(self.ordered)
        foot = self.top + _CURVE_HEIGHT
        self.canvas.line([(self.left, self.top), (self.left, foot)], colour=style.ink)
        for value, label in ticks(self.scale, style.small):
            y = self.y(value)
            self.canvas.line([(self.left - 3.5, y), (self.left, y)], colour=style.ink)
            self.canvas.text(self.left - 6, y, label, size=style.small, colour=style.ink, align="right")
        heading = wrap(self.axis.label, self.left - style.margin - 34, style.small, bold=True)
        for index, line in enumerate(heading):
            middle = self.top + 4 + index * 1.3 * style.small
            self.canvas.text(style.margin, middle, line, size=style.small, colour=style.ink, bold=True)
        null = self.axis.null_line
        if null is not None and self.scale.shows(null):
            self.canvas.line([(self.left, self.y(null)), (right, self.y(null))], colour=style.rule)
        for each in self.ordered:
            if each.is_the_run:
                y = self.y(each.estimate)
                self.canvas.line(
                    [(self.left, y), (right, y)], colour=style.random, width=0.8, dashes=(4.0, 2.5)
                )

    def _mark(self, at: int, each: Specification) -> None:
        style, x = self.style, self.x(at)
        colour = style.random if each.is_the_run else style.rule
        width = 2.2 if each.is_the_run else 1.0
        self.canvas.line([(x, self.y(each.low)), (x, self.y(each.high))], colour=colour, width=width)
        half = min(2.6, self.step * 0.42) if not each.is_the_run else 3.6
        self._diamond(x, self.y(each.estimate), half, style.random if each.is_the_run else style.square)

    def _diamond(self, x: float, y: float, half: float, colour: str) -> None:
        corners = [(x - half, y), (x, y - half), (x + half, y), (x, y + half)]
        self.canvas.polygon(corners, fill=colour)

    def _dots(self) -> None:
        style, top = self.style, self.bottom
        right = self.left + self.step * len(self.ordered)
        for question, answers in self.questions.items():
            self.canvas.text(
                style.margin, top + _LINE / 2, question, size=style.small, colour=style.ink, bold=True
            )
            top += _LINE
            for answer in answers:
                middle = top + _LINE / 2
                self.canvas.text(style.margin + 8, middle, answer, size=style.small, colour=style.ink)
                self.canvas.line([(self.left, middle), (right, middle)], colour=style.hairline, width=0.5)
                for at, each in enumerate(self.ordered):
                    if (question, answer) in each.choices:
                        half = 3.2 if each.is_the_run else min(2.2, self.step * 0.4)
                        colour = style.random if each.is_the_run else style.square
                        self._diamond(self.x(at), middle, half, colour)
                top += _LINE
            top += 0.15 * _LINE


def _questions(specifications: Sequence[Specification]) -> dict[str, list[str]]:
    """The answers to each question, in the order in which they come; a question with one answer is none."""
    found: dict[str, list[str]] = {}
    for each in specifications:
        for question, answer in each.choices:
            answers = found.setdefault(question, [])
            if answer not in answers:
                answers.append(answer)
    return {
        question: sorted(answers, key=lambda answer: (not answer.startswith("Common"), answer))
        for question, answers in found.items()
        if len(answers) > 1
    }
