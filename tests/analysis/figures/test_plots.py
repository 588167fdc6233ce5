"""Funnel, radial, Doi, Baujat, influence, GOSH, drapery, L'Abbe, bubble and quantile plots."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from analysis.figures.comparisons import FittedLine, draw_bubble, draw_labbe
from analysis.figures.diagnostics import (
    draw_baujat,
    draw_drapery,
    draw_gosh,
    draw_influence,
    draw_normal_quantiles,
)
from analysis.figures.effect_axis import EffectScale, dress
from analysis.figures.export import figure_bytes
from analysis.figures.funnel import FilledIn, draw_doi, draw_funnel, draw_radial
from analysis.figures.model import UndrawablePlot
from analysis.figures.plain_axes import Studies
from analysis.figures.style import STYLES, shortened

RATIO = EffectScale("log", "Risk ratio", 0.0)


def studies(k=12, label="Study"):
    random = np.random.default_rng(k)
    ses = random.uniform(0.1, 0.8, k)
    effects = random.normal(-0.4, ses)
    return Studies(tuple(f"{label} {i + 1}" for i in range(k)), effects, ses, RATIO)


def figures(k, label="Study"):
    given = studies(k, label)
    share = np.linspace(0.1, 0.6, k)
    xs = np.linspace(0, 10, 20)
    line = FittedLine(xs, -0.05 * xs, -0.05 * xs - 0.2, -0.05 * xs + 0.2, -0.05 * xs - 1, -0.05 * xs + 1)
    yield draw_funnel(given, title="Funnel", pooled=-0.4)
    filled = FilledIn(np.array([0.3]), np.array([0.5]))
    yield draw_funnel(given, title="Contours", pooled=-0.4, contours=True, filled=filled)
    yield draw_funnel(given, title="By size", pooled=-0.4, sizes=np.linspace(10, 500, k))
    yield draw_radial(given, title="Radial", pooled=-0.4)
    if k > 2:
        yield draw_doi(given, title="Doi")
    yield draw_drapery(given, title="Drapery", pooled=-0.4, pooled_se=0.1, tau2=0.05)
    yield draw_labbe(given.labels, share, share[::-1], 1 / given.ses**2, title="L'Abbe", ratio=0.7, odds=True)
    yield draw_bubble(
        given, np.linspace(0, 10, k), 1 / given.ses**2, line, title="Bubble", moderator_label="Dose"
    )
    yield draw_gosh(given.effects, 100 * share, title="GOSH", highlighted=share > 0.3, highlight_label="it")
    yield draw_normal_quantiles(given.labels, given.effects, title="Quantiles")
    panels = {"rstudent": (given.effects, 1.96), "weight": (share, None)}
    yield draw_influence(given.labels, panels, title="Influence")
    if k > 1:
        yield draw_baujat(given.labels, share, share[::-1], title="Baujat")


@pytest.mark.parametrize(
    ("k", "label"), [(1, "Study"), (60, "A label of about sixty characters, as long trial names have")]
)
def test_every_plot_can_be_drawn_from_one_study_to_many(k, label):
    for figure in figures(k, label):
        assert figure_bytes(figure, "svg").startswith(b"<svg ")


@pytest.mark.parametrize(
    ("file_format", "start"),
    [("pdf", b"%PDF"), ("png", b"\x89PNG"), ("eps", b"%!PS"), ("tiff", b"II*\x00")],
)
def test_every_plot_becomes_a_file_of_every_kind(file_format, start):
    figure = next(figures(5))

    assert figure_bytes(figure, file_format, dpi=100).startswith(start)


def test_a_study_is_a_group_of_its_own_in_the_svg():
    given = Studies(("Alpha", "Beta"), np.array([0.1, 0.4]), np.array([0.1, 0.2]), RATIO, keys=("7", "9"))

    svg = figure_bytes(draw_funnel(given, title="Funnel", pooled=0.2), "svg").decode()

    assert 'id="row-7"' in svg
    assert 'id="row-9"' in svg


def test_axes_of_ratios_are_read_as_ratios():
    figure = draw_funnel(studies(), title="Funnel", pooled=-0.4)

    axis = figure.axes[0].xaxis
    labels = [axis.get_major_formatter()(value, 0) for value in axis.get_major_locator()()]
    assert "0.5" in labels
    assert "1" in labels


def test_log_odds_are_read_as_percent():
    assert EffectScale("logit").text(0.0) == "50%"
    assert EffectScale("tanh").text(np.arctanh(0.5)) == "0.5"


def test_only_the_furthest_studies_of_a_baujat_plot_are_named():
    figure = draw_baujat(tuple("abcdefghij"), np.arange(10.0), np.arange(10.0), title="Baujat")

    assert {text.get_text() for text in figure.axes[0].texts} == set("fghij")


def test_a_standard_error_of_zero_is_refused():
    with pytest.raises(UndrawablePlot, match="above zero"):
        Studies(("a",), np.array([0.1]), np.array([0.0]))


def test_no_study_is_refused():
    with pytest.raises(UndrawablePlot, match="at least one study"):
        Studies((), np.array([]), np.array([]))


def test_a_dollar_sign_in_a_label_is_no_formula():
    labels = ("cost $1 $", "b")
    figure = draw_baujat(labels, np.array([1.0, 2.0]), np.array([1.0, 2.0]), title="a $b$ c")

    assert "a $b$ c" in figure_bytes(figure, "svg").decode()


@pytest.mark.parametrize("name", list(STYLES))
def test_every_style_draws(name):
    assert figure_bytes(draw_funnel(studies(), title="Funnel", pooled=-0.4, style=STYLES[name]), "svg")


def test_names_cut_short_keep_the_end_that_tells_them_apart():
    names = [shortened(f"Multicentre Collaborative Group, trial {n}", 24) for n in (101, 102)]

    assert [name[-9:] for name in names] == ["trial 101", "trial 102"]
    assert all(len(name) <= 24 for name in names)
    assert shortened("Short 2020", 24) == "Short 2020"


@pytest.mark.parametrize(
    ("scale", "low", "high"),
    [
        (RATIO, -0.8, 0.05),
        (EffectScale("logit", "Proportion"), 0.1, 0.5),
        (EffectScale("tanh", "r"), 0.4, 0.6),
    ],
)
def test_a_short_axis_has_round_numbers_as_they_are_read(scale, low, high):
    figure = Figure()
    axes = figure.add_subplot()

    dress(axes.xaxis, scale, low, high)

    read = [label.get_text().rstrip("%") for label in axes.get_xticklabels()]
    assert len(read) >= 3
    assert all(len(number.lstrip("0.")) <= 2 for number in read)
