"""Sorted, bare, summary-only, leave-one-out and cumulative forest plots."""

from dataclasses import replace

import pytest

from analysis.figures.forest import draw_forest
from analysis.figures.forest_variants import (
    Refit,
    caterpillar,
    chosen_columns,
    cumulative_forest,
    leave_one_out_forest,
    sorted_rows,
    summary_only,
    without_weights,
)
from analysis.figures.model import Axis, ColumnGroup, ForestRow, ForestSubgroup, ForestSummary, UndrawablePlot

from .plots import RATIO, RESPONSE, Drawing

REFITS = [
    Refit("Alpha 2018", 0.7, 0.5, 0.9, 40.0, 0.1, "a"),
    Refit("Beta 2019", 0.8, 0.6, 1.1, 0.0, 0.0, "b"),
]
WHOLE = ForestSummary("All studies", 0.75, 0.6, 0.95)
AXIS = Axis("log", "Risk ratio", null_line=1.0)


def labels(plot):
    return [row.label for row in plot.rows]


def test_studies_are_sorted_by_effect_and_those_without_one_come_last():
    unknown = ForestRow("Delta", ("0", "9"), float("nan"), float("nan"), float("nan"))
    plot = replace(RESPONSE, rows=(unknown, *RESPONSE.rows))

    assert labels(sorted_rows(plot, "effect")) == ["Alpha 2018", "Beta 2019", "Gamma 2020", "Delta"]
    assert labels(sorted_rows(plot, "effect", descending=True))[0] == "Gamma 2020"
    assert labels(sorted_rows(RESPONSE, "weight"))[0] == "Gamma 2020"
    assert labels(sorted_rows(RESPONSE, "label", descending=True))[0] == "Gamma 2020"


def test_a_column_can_be_left_out_with_its_cells():
    grouped = replace(RATIO, column_groups=(ColumnGroup("Vaccine", 0, 1), ColumnGroup("Control", 2, 3)))

    plot = chosen_columns(grouped, [0, 2])

    assert plot.rows[0].cells == ("4", "11")
    assert plot.column_groups == (ColumnGroup("Vaccine", 0, 0), ColumnGroup("Control", 1, 1))
    assert "123" not in Drawing(plot).texts()


def test_weights_can_be_left_out():
    assert "Weight" not in Drawing(without_weights(RESPONSE)).texts()


def test_a_caterpillar_has_labels_and_effects_only():
    assert caterpillar(RESPONSE).columns == ()
    assert draw_forest(caterpillar(RESPONSE))


def test_subgroups_alone_are_shown_by_their_summaries():
    group = ForestSubgroup("Adults", RESPONSE.rows, (ForestSummary("Subtotal", 0.7, 0.6, 0.8),))
    plot = summary_only(replace(RESPONSE, rows=(), subgroups=(group,)))

    assert labels(plot) == ["Adults"]
    assert "Alpha 2018" not in Drawing(plot).texts()
    with pytest.raises(UndrawablePlot, match="subgroups"):
        summary_only(RESPONSE)


def test_each_line_says_which_study_is_left_out():
    plot = leave_one_out_forest("Leave one out", REFITS, WHOLE, AXIS, "RR [95% CI]")

    assert labels(plot) == ["Without Alpha 2018", "Without Beta 2019"]
    assert plot.rows[0].cells == ("40%", "0.1")
    assert draw_forest(plot)


def test_each_line_says_which_study_came_in():
    plot = cumulative_forest("Over time", REFITS, WHOLE, AXIS, "RR [95% CI]")

    assert labels(plot) == ["Alpha 2018", "+ Beta 2019"]
