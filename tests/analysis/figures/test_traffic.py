"""Traffic-light and summary plots: what they hold, and that they say it without colour."""

from xml.etree import ElementTree

import pytest

from analysis.figures.export import figure_bytes
from analysis.figures.lights import COLOURS, Light
from analysis.figures.model import UndrawablePlot
from analysis.figures.traffic import TrafficPlot, draw_summary, draw_traffic, summary_of

LOW = Light("Low", "Low risk", "low", "+")
SOME = Light("Some concerns", "Some concerns", "some", "–")
HIGH = Light("High", "High risk", "high", "×")
PLOT = TrafficPlot(
    "Risk of bias: RoB 2",
    (("D1", "Randomisation"), ("D2", "Deviations"), ("Overall", "Overall")),
    (
        ("Arden 2019", (LOW, SOME, SOME)),
        ("Birch 2020", (LOW, HIGH, HIGH)),
        ("Cedar 2021", (LOW, None, LOW)),
    ),
    (LOW, SOME, HIGH),
)


def texts(figure):
    root = ElementTree.fromstring(figure_bytes(figure, "svg"))
    return ["".join(each.itertext()).strip() for each in root.iter("{http://www.w3.org/2000/svg}text")]


def test_every_judgement_carries_its_sign_beside_its_colour():
    found = texts(draw_traffic(PLOT))

    # One disc for each judgement, and one in the legend.
    assert found.count("+") == 4 + 1
    assert found.count("×") == 2 + 1
    assert {"Arden 2019", "Birch 2020", "D1", "Overall", "High risk"} <= set(found)


def test_the_colours_differ_in_lightness_too():
    def lightness(colour):
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2

    tones = sorted(lightness(COLOURS[tone]) for tone in ("low", "some", "critical"))
    assert all(after / before > 2 for before, after in zip(tones, tones[1:], strict=False))


def test_studies_count_alike_or_by_their_weight():
    alike = dict(summary_of(PLOT).bars)
    weighted = dict(summary_of(PLOT, {"Arden 2019": 75.0, "Birch 2020": 25.0}).bars)

    assert alike["Overall"] == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    # The missing judgement is left out of its domain.
    assert alike["Deviations"] == pytest.approx((0, 1 / 2, 1 / 2))
    # By weight, and Cedar has none.
    assert weighted["Overall"] == pytest.approx((0, 0.75, 0.25))


def test_the_share_is_written_into_its_bar():
    assert "× 25%" in texts(draw_summary(summary_of(PLOT, {"Arden 2019": 75.0, "Birch 2020": 25.0})))


def test_each_kind_of_file_can_be_made():
    assert figure_bytes(draw_traffic(PLOT), "pdf").startswith(b"%PDF")
    assert figure_bytes(draw_summary(summary_of(PLOT)), "png").startswith(b"\x89PNG")


def test_no_study_and_no_weight_are_refused_in_words():
    with pytest.raises(UndrawablePlot, match="No study has agreed"):
        TrafficPlot("Empty", PLOT.columns, (), PLOT.lights)
    with pytest.raises(UndrawablePlot, match="None of the studies has a weight"):
        summary_of(PLOT, {"Nobody": 3.0})
