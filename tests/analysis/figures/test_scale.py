from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.model import Axis
from analysis.figures.scale import PlotScale, number_text, plot_scale, ticks
from analysis.figures.style import text_width

from .plots import RATIO, RESPONSE, many, with_row


@pytest.mark.parametrize(
    ("value", "axis", "shown"),
    [
        (0.826, Axis("percent"), "82.6"),
        (1.0, Axis("percent"), "100.0"),
        (0.4894, Axis("log"), "0.49"),
        (-0.5, Axis("linear"), "\u22120.50"),
        (-0.001, Axis("linear"), "0.00"),
        (0.82683, Axis("percent", digits=2), "82.68"),
    ],
)
def test_numbers_are_printed_as_journals_do(value, axis, shown):
    assert number_text(value, axis) == shown


def labels(low: float, high: float, scale: str, width: float = 230) -> list[str]:
    return [label for _, label in ticks(PlotScale(scale, low, high, 0, width), 8.0)]


def test_a_percent_axis_is_marked_at_round_percentages():
    assert labels(0, 1, "percent") == ["0%", "20%", "40%", "60%", "80%", "100%"]


def test_a_log_axis_is_marked_at_ones_twos_and_fives():
    assert labels(0.08, 12, "log") == ["0.1", "0.2", "0.5", "1", "2", "5", "10"]


def test_a_wide_log_axis_is_marked_at_powers_of_ten():
    assert labels(1e-3, 1e3, "log") == ["0.001", "0.01", "0.1", "1", "10", "100", "1000"]
    assert labels(1e-3, 1e3, "log", width=120) == ["0.01", "1", "100"]


def test_a_narrow_log_axis_is_marked_as_a_linear_one():
    assert labels(0.85, 1.3, "log") == ["0.9", "1", "1.1", "1.2", "1.3"]


@given(
    st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.sampled_from(["linear", "percent"]), st.floats(100, 400)
)
def test_tick_labels_never_touch_and_stay_within_the_axis(low, extent, scale, width):
    axis = PlotScale(scale, low, low + extent, 0, width)

    shown = ticks(axis, 8.0)

    assert all(-0.01 <= axis.x(value) <= width + 0.01 for value, _ in shown)
    for (one, left), (other, right) in zip(shown, shown[1:], strict=False):
        gap = axis.x(other) - axis.x(one) - text_width(left, 8.0) / 2 - text_width(right, 8.0) / 2
        assert gap > 0


@given(st.floats(1e-6, 1e3), st.floats(1.05, 1e8))
def test_a_log_axis_has_ticks_whatever_its_limits(low, ratio):
    axis = PlotScale("log", low, low * ratio, 0, 230)

    shown = ticks(axis, 8.0)

    assert shown
    assert all(low * 0.999 <= value <= low * ratio * 1.001 for value, _ in shown)


def test_proportions_are_shown_on_the_whole_axis_unless_asked_otherwise():
    assert (plot_scale(RESPONSE, 0, 230).low, plot_scale(RESPONSE, 0, 230).high) == (0, 1)

    asked = replace(RESPONSE, axis=replace(RESPONSE.axis, limits=(0.4, 1.0)))
    assert plot_scale(asked, 0, 230).low == 0.4


def test_chosen_limits_hold_every_interval_and_the_line_of_no_effect():
    scale = plot_scale(RATIO, 0, 230)

    assert scale.low < 0.1
    assert scale.high > 8.0


def test_one_very_uncertain_study_does_not_dwarf_the_others():
    scale = plot_scale(with_row(RATIO, low=1e-9, high=1e9), 0, 230)

    assert scale.low > 1e-3
    assert scale.high < 1e3
    assert scale.shows(0.4)


def test_equal_values_still_give_an_axis_with_an_extent():
    row = replace(many(1, "Study").rows[0], estimate=2.0, low=2.0, high=2.0)
    plot = replace(many(1, "Study"), rows=(row,), summaries=(), axis=Axis("linear"))

    scale = plot_scale(plot, 0, 230)

    assert scale.low < 2.0 < scale.high
