from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from analysis.figures.forest import draw_forest
from analysis.figures.model import (
    Axis,
    ColumnGroup,
    ForestPlot,
    ForestRow,
    ForestSubgroup,
    ForestSummary,
    UndrawablePlot,
)
from analysis.figures.style import text_width

from .plots import RATIO, RESPONSE, Drawing, many, with_row

LONG_LABEL = "Wolfeschlegelsteinhausen-Bergerdorff et al. (COHORT-12) 2021"
SUBGROUPS = replace(
    RESPONSE,
    rows=(),
    subgroups=(
        ForestSubgroup(
            "Relapsed", RESPONSE.rows[:2], RESPONSE.summaries, ("Heterogeneity: " + "I² = 85% " * 9,)
        ),
        ForestSubgroup("Newly diagnosed, with a title far longer than any label under it", RESPONSE.rows[2:]),
    ),
)
TWO_ARMS = replace(
    RATIO,
    column_groups=(ColumnGroup("A treatment with quite a long name", 0, 1), ColumnGroup("Control", 2, 3)),
)


def boxes(figure: Figure) -> tuple[list[Bbox], list[Bbox]]:
    """Extents, in pixels at 300 dpi, of the texts and of the filled marks that are drawn."""
    figure.set_dpi(300)
    renderer = FigureCanvasAgg(figure).get_renderer()
    # The axes have tick labels of their own, which are not drawn: only ours are never read as formulas.
    texts = [text for text in figure.findobj(Text) if text.get_text() and not text.get_parse_math()]
    marks = [mark.get_window_extent(renderer) for mark in figure.findobj(Polygon)]
    return [text.get_window_extent(renderer) for text in texts], marks


def overlaps(some: list[Bbox], others: list[Bbox]) -> np.ndarray:
    """Whether each of the first covers part of each of the others, as a matrix."""
    slack = 1.0  # a pixel, 0.24 pt: extents are rounded outwards
    a, b = (np.array([box.extents for box in boxes]).reshape(-1, 4) for boxes in (some, others))
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    return (high - low > slack).all(axis=2)


@pytest.mark.parametrize(
    "plot",
    [
        RESPONSE,
        RATIO,
        SUBGROUPS,
        TWO_ARMS,
        many(1, "Study"),
        many(13, LONG_LABEL),
        many(40, "A label of so many words that it has to be wrapped " * 3),
        many(150, LONG_LABEL),
        with_row(RESPONSE, label="x" * 200, note="A note. " * 40),
        replace(RESPONSE, title="A long title " * 20, footer=("A long footer " * 40,)),
        replace(
            RATIO, axis=replace(RATIO.axis, label="A long label " * 20, directions=("a " * 90, "b " * 90))
        ),
        replace(
            RESPONSE, columns=("Patients\nwith event", "All\npatients"), effect_heading="Share\n[95% CI]"
        ),
    ],
    ids=lambda plot: f"{len(plot.all_rows)} studies",
)
def test_nothing_overlaps_and_nothing_leaves_the_figure(plot):
    figure = draw_forest(plot)

    texts, marks = boxes(figure)

    width, height = figure.get_size_inches() * 300
    assert not np.triu(overlaps(texts, texts), k=1).any()
    assert not overlaps(texts, marks).any()
    assert all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height for box in texts)


def test_a_study_says_its_name_its_data_its_result_and_its_weight():
    drawing = Drawing(RESPONSE)

    assert drawing.texts("row-b") == ["Beta 2019", "121", "164", "73.8", "[66.4,", "80.3]", "76.2%"]


def test_the_headings_stand_over_the_columns():
    texts = Drawing(RESPONSE).texts()

    assert texts[:6] == ["Overall response", "Study", "Events", "Total", "Proportion [95% CI]", "Weight"]


def test_the_area_of_a_square_is_proportional_to_the_weight():
    drawing = Drawing(RESPONSE)

    sides = {key: drawing.filled(f"row-{key}")[0].width for key in "abc"}

    assert (sides["a"] / sides["b"]) ** 2 == pytest.approx(10 / 40)
    assert (sides["c"] / sides["b"]) ** 2 == pytest.approx(2.5 / 40)


def test_studies_without_weights_have_equal_squares_and_no_weight_column():
    rows = tuple(replace(row, weight=None) for row in RESPONSE.rows)
    drawing = Drawing(replace(RESPONSE, rows=rows))

    assert len({round(drawing.filled(f"row-{key}")[0].width, 3) for key in "abc"}) == 1
    assert "Weight" not in drawing.texts()


def test_marks_stand_where_the_axis_says_their_values_are():
    drawing = Drawing(RESPONSE)
    nought, whole = drawing.text_x("0%"), drawing.text_x("100%")

    def at(value: float) -> float:
        return nought + value * (whole - nought)

    (diamond,) = drawing.filled("summary-random")
    (whisker,) = drawing.lines("row-b")
    assert (diamond.left, diamond.right) == pytest.approx((at(0.6), at(0.9)), abs=0.01)
    assert diamond.points[1][0] == pytest.approx(at(0.8), abs=0.01)
    assert (whisker.left, whisker.right) == pytest.approx((at(0.664), at(0.803)), abs=0.01)


def test_a_log_axis_spaces_equal_ratios_equally():
    drawing = Drawing(RATIO)

    halves = drawing.text_x("0.5"), drawing.text_x("1"), drawing.text_x("2")

    assert halves[1] - halves[0] == pytest.approx(halves[2] - halves[1], abs=0.01)
    (whisker,) = drawing.lines("row-b")
    assert whisker.right == pytest.approx(halves[1], abs=0.01)


def test_a_broken_line_marks_the_pooled_estimate_and_a_solid_one_no_effect():
    drawing = Drawing(RATIO)

    upright = [shape for shape in drawing.shapes() if shape.width == 0 and len(shape.points) == 2]
    broken = [shape.left for shape in upright if "stroke-dasharray" in shape.attributes]
    assert broken == pytest.approx([drawing.text_x("0.5")], abs=0.01)
    tall = [shape for shape in upright if shape.points[1][1] - shape.points[0][1] > 50]
    solid = [shape.left for shape in tall if "stroke-dasharray" not in shape.attributes]
    assert solid == pytest.approx([drawing.text_x("1")], abs=0.01)


def test_an_interval_cut_by_the_axis_ends_in_an_arrow_head_on_that_side_only():
    drawing = Drawing(replace(RATIO, axis=replace(RATIO.axis, limits=(0.2, 5.0))))

    assert [len(shape.points) for shape in drawing.filled("row-a")] == [4, 3]
    (square, head) = drawing.filled("row-a")
    assert head.right < square.left
    (square, head) = drawing.filled("row-c")
    assert head.left > square.right
    assert [len(shape.points) for shape in drawing.filled("row-b")] == [4]


def test_a_study_wholly_beyond_the_axis_is_an_arrow_without_a_square():
    far = with_row(RATIO, estimate=900.0, low=300.0, high=2700.0)
    drawing = Drawing(replace(far, axis=replace(RATIO.axis, limits=(0.2, 5.0))))

    assert [len(shape.points) for shape in drawing.filled("row-a")] == [3]
    assert "900.00" in drawing.texts("row-a")


def test_the_prediction_interval_is_a_bar_with_caps_and_its_numbers_under_the_diamond():
    drawing = Drawing(RESPONSE)
    nought, whole = drawing.text_x("0%"), drawing.text_x("100%")

    bar = [shape for shape in drawing.shapes() if shape.attributes.get("stroke") == "#a4501f"]

    assert len(bar) == 3
    ends = (nought + 0.3 * (whole - nought), nought + 0.98 * (whole - nought))
    assert (bar[0].left, bar[0].right) == pytest.approx(ends, abs=0.01)
    assert {"Prediction interval", "[30.0,", "98.0]"} <= set(drawing.texts())


def test_a_study_without_an_estimate_is_listed_as_not_estimable_and_has_no_mark():
    drawing = Drawing(with_row(RATIO, estimate=math.nan, low=math.nan, high=math.nan, weight=None))

    assert drawing.texts("row-a")[-1] == "Not estimable"
    assert drawing.shapes("row-a") == []


def test_a_note_becomes_a_footnote_that_rows_with_the_same_note_share():
    rows = (
        replace(RESPONSE.rows[0], note="Counts read off a figure."),
        replace(RESPONSE.rows[1], note="Abstract only."),
        replace(RESPONSE.rows[2], note="Counts read off a figure."),
    )
    drawing = Drawing(replace(RESPONSE, rows=rows))

    assert [drawing.texts(f"row-{key}")[0][-1] for key in "abc"] == ["ᵃ", "ᵇ", "ᵃ"]
    assert drawing.texts()[-2:] == ["ᵃ Counts read off a figure.", "ᵇ Abstract only."]


def test_subgroups_have_a_heading_their_own_diamond_and_their_lines_of_text():
    drawing = Drawing(SUBGROUPS)

    texts = drawing.texts()
    order = ["Relapsed", "Alpha 2018", "Beta 2019", "Random effects", "Gamma 2020"]
    assert [text for text in texts if text in order] == [*order, "Random effects"]
    assert len(drawing.filled("summary-random")) == 1


def test_weights_of_subgroups_are_shares_of_the_whole_plot():
    drawing = Drawing(SUBGROUPS)

    shares = [float(drawing.texts(f"row-{key}")[-1].rstrip("%")) for key in "abc"]

    assert sum(shares) == pytest.approx(100, abs=0.1)


def test_a_heading_over_two_columns_is_centred_on_them():
    drawing = Drawing(TWO_ARMS)
    first, second = drawing.text_x("4", "row-a"), drawing.text_x("123", "row-a")

    assert drawing.text_x("A treatment with quite a long name") < second
    assert drawing.text_x("Control") > second > first


def test_numbers_with_different_decimals_stand_with_their_points_under_each_other():
    drawing = Drawing(many(4, "Study"))

    points = {
        round(drawing.text_x(text, f"row-{key}") - text_width(decimals, 9.0), 1)
        for key, text, decimals in [(0, "−100", ""), (1, "−92.7", ".7"), (2, "−85.38", ".38"), (3, "−78", "")]
    }

    assert len(points) == 1


def test_what_lies_on_either_side_of_no_effect_is_written_outwards_from_it():
    drawing = Drawing(RATIO)

    assert drawing.text_x("Favours vaccine") < drawing.text_x("1") < drawing.text_x("Favours control")


def test_a_dollar_sign_in_a_label_is_a_dollar_sign():
    assert "US$ 5 to $9" in Drawing(with_row(RESPONSE, label="US$ 5 to $9")).texts()


def test_a_line_does_not_end_inside_a_p_value():
    narrow = replace(SUBGROUPS.subgroups[0], lines=("Heterogeneity, as tested: p < 0.001",) * 2)
    drawing = Drawing(replace(SUBGROUPS, subgroups=(narrow,)))

    assert not [text for text in drawing.texts() if text.endswith(("p", "<"))]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rows": ()}, "at least one study"),
        ({"columns": ("Events",)}, "Alpha 2018: 2 cells for 1 columns"),
        ({"axis": Axis("log", limits=(0.0, 1.0))}, "above zero"),
        ({"axis": Axis("percent", limits=(0.9, 0.4))}, "end above where it begins"),
        ({"summaries": (ForestSummary("Pooled", 0.5, 0.4, math.inf),)}, "finite limits"),
    ],
)
def test_a_plot_that_cannot_be_drawn_says_why(changes, said):
    with pytest.raises(UndrawablePlot, match=said):
        replace(RESPONSE, **changes)


def test_one_study_alone_makes_a_plot():
    row = ForestRow("Alpha 2018", (), 0.0, -1.0, 1.0)
    plot = ForestPlot("", (), (row,), (), Axis("linear"), "Difference [95% CI]")

    assert Drawing(plot).texts()[2:6] == ["Alpha 2018", "0.00", "[−1.00,", "1.00]"]


def test_a_common_effect_is_told_apart_from_random_effects_without_colour():
    common = ForestSummary("Common effect", 0.7, 0.65, 0.75, kind="common", key="common")
    drawing = Drawing(replace(RESPONSE, summaries=(common, *RESPONSE.summaries)))

    patterns = {shape.attributes.get("stroke-dasharray") for shape in drawing.shapes()} - {None}
    assert len(patterns) == 2
    assert {"Common effect", "Random effects"} <= set(drawing.texts())
