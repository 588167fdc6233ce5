"""Forest plots for the tests, and what can be read off their SVG."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from analysis.figures.export import figure_bytes
from analysis.figures.forest import draw_forest
from analysis.figures.model import Axis, ForestPlot, ForestRow, ForestSummary

SVG = "{http://www.w3.org/2000/svg}"

RESPONSE = ForestPlot(
    title="Overall response",
    columns=("Events", "Total"),
    rows=(
        ForestRow("Alpha 2018", ("28", "49"), 0.571, 0.422, 0.712, 10.0, "a"),
        ForestRow("Beta 2019", ("121", "164"), 0.738, 0.664, 0.803, 40.0, "b"),
        ForestRow("Gamma 2020", ("43", "43"), 1.0, 0.918, 1.0, 2.5, "c"),
    ),
    summaries=(
        ForestSummary("Random effects", 0.8, 0.6, 0.9, (0.3, 0.98), cells=("192", "256"), key="random"),
    ),
    axis=Axis("percent", "Patients with a response"),
    effect_heading="Proportion [95% CI]",
    footer=("Heterogeneity: I² = 85%, p < 0.001",),
)

# Effect sizes on the ratio scale, so that a log axis has both sides of its line of no effect.
RATIO = ForestPlot(
    title="",
    columns=("Events", "Total", "Events", "Total"),
    rows=(
        ForestRow("Alpha 2018", ("4", "123", "11", "139"), 0.4, 0.1, 1.6, 1.0, "a"),
        ForestRow("Beta 2019", ("180", "1,541", "372", "1,451"), 0.5, 0.25, 1.0, 1.0, "b"),
        ForestRow("Gamma 2020", ("5", "2,498", "3", "2,341"), 2.0, 0.5, 8.0, 1.0, "c"),
    ),
    summaries=(ForestSummary("Random effects", 0.5, 0.3, 0.8, key="random"),),
    axis=Axis("log", "Risk ratio", null_line=1.0, directions=("Favours vaccine", "Favours control")),
    effect_heading="Risk ratio [95% CI]",
)


def with_row(plot: ForestPlot, **changes: object) -> ForestPlot:
    """The plot with its first row changed."""
    return replace(plot, rows=(replace(plot.rows[0], **changes), *plot.rows[1:]))


def many(count: int, label: str) -> ForestPlot:
    """Studies from -1 to 1 of every precision, most with decimals of their own."""
    rows = []
    for i in range(count):
        estimate, error = math.sin(i), 0.05 + (i % 17) / 10
        cells = (f"{i * 7.31 - 100:.{i % 3}f}", f"{i * i:,}")
        low, high = estimate - 1.96 * error, estimate + 1.96 * error
        rows.append(ForestRow(f"{label} {i}", cells, estimate, low, high, 1 / error**2, str(i)))
    return ForestPlot(
        "A title",
        ("Mean", "n"),
        tuple(rows),
        (ForestSummary("Random effects", 0.1, -0.1, 0.3, (-1.0, 1.2)),),
        Axis("linear", "Mean difference", (-1.5, 1.5), 0.0, ("Favours control", "Favours the drug")),
        "Difference [95% CI]",
        ("Heterogeneity: I² = 85%",),
    )


@dataclass(frozen=True)
class Shape:
    """A path: its corners, and how it is drawn."""

    points: tuple[tuple[float, float], ...]
    attributes: dict[str, str]

    @property
    def is_filled(self) -> bool:
        return self.attributes.get("fill", "none") != "none"

    @property
    def left(self) -> float:
        return min(x for x, _ in self.points)

    @property
    def right(self) -> float:
        return max(x for x, _ in self.points)

    @property
    def width(self) -> float:
        return self.right - self.left


class Drawing:
    """The SVG of a plot, asked for its texts and shapes, whole or group by group."""

    def __init__(self, plot: ForestPlot) -> None:
        self.source = figure_bytes(draw_forest(plot), "svg").decode()
        self.root = ElementTree.fromstring(self.source)

    def group(self, gid: str = "") -> ElementTree.Element:
        if not gid:
            return self.root
        return next(each for each in self.root.iter(f"{SVG}g") if each.get("id") == gid)

    def texts(self, gid: str = "") -> list[str]:
        return [each.text or "" for each in self.group(gid).iter(f"{SVG}text")]

    def text_x(self, text: str, gid: str = "") -> float:
        found = (each for each in self.group(gid).iter(f"{SVG}text") if each.text == text)
        return float(next(found).get("x", "nan"))

    def shapes(self, gid: str = "") -> list[Shape]:
        return [_shape(each) for each in self.group(gid).iter(f"{SVG}path")]

    def filled(self, gid: str) -> list[Shape]:
        return [shape for shape in self.shapes(gid) if shape.is_filled]

    def lines(self, gid: str) -> list[Shape]:
        return [shape for shape in self.shapes(gid) if not shape.is_filled]


def _shape(path: ElementTree.Element) -> Shape:
    numbers = [float(each) for each in path.get("d", "").split() if each[0] in "-.0123456789"]
    return Shape(tuple(zip(numbers[::2], numbers[1::2], strict=True)), dict(path.attrib))
