"""Figures as they are asked for: columns by group, pages, several formats, links; and nothing overlaps."""

import io
from dataclasses import replace

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image
from pypdf import PdfReader

from analysis.estimate.plan import Plan
from analysis.estimate.results import as_json
from analysis.estimate.rows import ArmNumbers, DatasetRow, ReportedEstimate
from analysis.figures.export import Link, figure_bytes, linked, pages_bytes
from analysis.figures.forest import draw_forest
from analysis.figures.look import Look, dressed, pages_of
from analysis.figures.model import ForestPlot, ForestSubgroup
from analysis.figures.run_forest import forest_of
from analysis.figures.run_pictures import ALL, Asked, NoPicture, pictures
from analysis.figures.style import STYLES

LONG = "A multicentre open-label randomised trial of the long name"  # with a number of two digits: 60 letters


def trials(count: int, *, label: str = "Trial") -> list[DatasetRow]:
    """Two groups each, of many sizes and effects, with a year and a moderator."""
    return [
        DatasetRow(
            study_pk=i + 1,
            study=f"{label} {i + 1}",
            outcome="Tuberculosis",
            experimental=ArmNumbers("BCG", events=3 + (i * 7) % 40, n=100 + 13 * i),
            comparator=ArmNumbers("Placebo", events=5 + (i * 11) % 45, n=104 + 12 * i),
            year=1950 + i,
            group=("North", "South", "Elsewhere")[i % 3],
            moderator=10.0 + (i * 17) % 45,
        )
        for i in range(count)
    ]


def drawn(name: str, rows: list[DatasetRow], plan: Plan, look: Look = Look()):  # noqa: B008 - frozen
    result = as_json(rows, plan)
    return pictures(
        name,
        title="Tuberculosis in the trials",
        rows=rows,
        plan=plan,
        result=result,
        stored=plan.as_stored,
        asked=Asked(look, direction="lower"),
    )


def forest(rows: list[DatasetRow], plan: Plan, **more: str) -> ForestPlot:
    return forest_of("TB", as_json(rows, plan), plan.as_stored, rows, **more)


def drawn_texts(figure, monkeypatch) -> list[tuple[str, object]]:
    """Each text that is really drawn, with its box; ticks beyond the axes exist but are not drawn."""
    canvas, found, draw = FigureCanvasAgg(figure), [], Text.draw

    def recorded(text, renderer, *args, **more):
        found.append(text)
        return draw(text, renderer, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Text, "draw", recorded)
        canvas.draw()
    shown = [text for text in dict.fromkeys(found) if text.get_visible() and text.get_text().strip()]
    return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in shown]


def overlapping(figure, monkeypatch) -> list[tuple[str, str]]:
    """Pairs of texts of which one is printed over the other."""
    boxes = drawn_texts(figure, monkeypatch)
    boxes = sorted(((name, box) for name, box in boxes if box.width > 0), key=lambda each: each[1].y0)
    found = []
    for at, (name, box) in enumerate(boxes):
        for other, second in boxes[at + 1 :]:
            if second.y0 > box.y1:
                break
            # Glyphs end inside their line's box: a point of shared box is no shared ink.
            wide = min(box.x1, second.x1) - max(box.x0, second.x0)
            high = min(box.y1, second.y1) - max(box.y0, second.y0)
            if wide > 1 and high > 0.35 * min(box.height, second.height):
                found.append((name, other))
    return found


def test_two_groups_have_their_counts_under_their_own_names():
    plot = forest(trials(3), Plan("RR"))

    assert plot.columns == ("Events", "Total", "Events", "Total")
    assert [group.heading for group in plot.column_groups] == ["BCG", "Placebo"]
    assert plot.rows[0].cells == ("3", "100", "5", "104")
    assert plot.summaries[0].cells == ("30", "339", "48", "348")


def test_means_have_mean_sd_and_number_for_each_group():
    rows = [
        DatasetRow(
            study_pk=i,
            study=f"S{i}",
            outcome="Pain",
            experimental=ArmNumbers("A", mean=3.25, sd=1.5, n=20),
            comparator=ArmNumbers(f"Control {i}", mean=4.0 + i, sd=2.0, n=22),
        )
        for i in range(2)
    ]

    plot = forest(rows, Plan("MD"), unit="points")

    assert plot.columns == ("Mean", "SD", "Total") * 2
    assert [group.heading for group in plot.column_groups] == ["A", "Comparator"]
    assert plot.rows[0].cells == ("3.25", "1.5", "20", "4", "2", "22")
    assert plot.summaries[0].cells == ("", "", "40", "", "", "44")
    assert plot.axis.label == "Mean difference (points)"


def test_reported_ratios_have_their_logarithm_and_standard_error():
    told = ReportedEstimate("HR", 0.8, 0.6, 1.0667)
    rows = [DatasetRow(study_pk=1, study="A", outcome="Death", estimate=told)]

    plot = forest(rows, Plan("HR"))

    assert plot.columns == ("log HR", "SE")
    assert plot.rows[0].cells == ("-0.223", "0.147")


@pytest.mark.parametrize(
    ("direction", "sides"),
    [
        ("lower", ("Favours BCG", "Favours Placebo")),
        ("higher", ("Favours Placebo", "Favours BCG")),
        ("neither", ("Lower with BCG", "Higher with BCG")),
    ],
)
def test_what_is_favoured_follows_which_values_are_better(direction, sides):
    assert forest(trials(3), Plan("RR"), direction=direction).axis.directions == sides


def test_the_test_for_the_overall_effect_stands_under_a_comparison_only():
    told = forest(trials(5), Plan("RR", interval="wald")).footer

    assert any(line.startswith("Test for overall effect: z = ") for line in told)
    single = forest(trials(5), Plan("PLO")).footer
    assert not any("overall effect" in line for line in single)


def test_a_look_hides_columns_and_weights_and_sets_the_axis():
    look = Look(hidden=frozenset({0, 2}), weights=False, limits=(0.1, 10.0), title="", order="effect")

    plot = dressed(forest(trials(4), Plan("RR")), look)

    assert plot.columns == ("Total", "Total")
    assert plot.axis.limits == (0.1, 10.0)
    assert plot.title == ""
    assert [row.estimate for row in plot.rows] == sorted(row.estimate for row in plot.rows)
    assert all(row.weight is None for row in plot.rows)


def test_150_studies_become_three_pages_with_one_axis_and_the_result_on_the_last():
    whole = forest(trials(150), Plan("RR"))

    pages = pages_of(whole, 60)

    assert [len(page.all_rows) for page in pages] == [60, 60, 30]
    assert len({page.axis.limits for page in pages}) == 1
    assert [len(page.summaries) for page in pages] == [0, 0, 1]
    shares = [row.weight / page.weight_of_all for page in pages for row in page.all_rows]
    assert sum(shares) == pytest.approx(1)


def test_a_subgroup_goes_on_over_the_page_and_has_its_diamond_at_its_end():
    plot = forest(trials(12), Plan("RR", group_by="region"))

    pages = pages_of(plot, 5)

    assert sum(len(page.all_rows) for page in pages) == 12
    titles = [group.title for page in pages for group in page.subgroups]
    assert titles == ["Elsewhere", "North", "North (continued)", "South", "South (continued)"]
    ends: list[ForestSubgroup] = [group for page in pages for group in page.subgroups if group.summaries]
    assert [group.title for group in ends] == ["Elsewhere", "North (continued)", "South (continued)"]


def test_few_studies_are_one_page():
    plot = forest(trials(5), Plan("RR"))

    assert pages_of(plot) == (plot,)


def test_pages_are_one_pdf_one_tiff_and_a_zip_of_pictures():
    pages = drawn("forest", trials(7), Plan("RR"), Look(studies_a_page=3))

    assert len(PdfReader(io.BytesIO(pages_bytes(pages, "pdf"))).pages) == 3
    assert Image.open(io.BytesIO(pages_bytes(pages, "tiff", 100))).n_frames == 3
    assert pages_bytes(pages, "png", 60).startswith(b"PK")
    assert pages_bytes(pages[:1], "eps").startswith(b"%!PS-Adobe-3.0 EPSF")


def test_dots_to_the_inch_are_as_many_as_asked_for():
    (figure,) = drawn("forest", trials(3), Plan("RR"))

    widths = [Image.open(io.BytesIO(pages_bytes([figure], "png", dpi))).width for dpi in (300, 600)]

    assert widths[1] == pytest.approx(2 * widths[0], abs=1)


def test_each_mark_can_be_a_link_that_says_its_row():
    (figure,) = drawn("forest", trials(3), Plan("RR"))

    svg = linked(figure_bytes(figure, "svg"), {"row-2": Link("/study/2/", 'Trial 2: "five" <of> nine')})

    assert b'<a href="/study/2/"' in svg
    assert b"<of>" not in svg
    assert b'role="img"' not in svg


@pytest.mark.parametrize("style", list(STYLES))
def test_every_style_has_inks_that_differ_in_lightness(style):
    (figure,) = drawn("forest", trials(3), Plan("RR"), Look(style=style))

    grey = Image.open(io.BytesIO(figure_bytes(figure, "png", 60))).convert("L")
    used = {value for _, value in grey.getcolors(256) if value < 235}
    assert max(used) - min(used) > 60


MANY = {"forest", "funnel", "baujat", "influence"}
RATIO, SHARE = Plan("RR", group_by="region", moderator="latitude"), Plan("PLO")


@pytest.mark.parametrize(
    ("k", "plan", "names"),
    [
        (1, RATIO, ALL),
        (3, RATIO, ALL),
        (3, Plan("RD"), {"forest", "summary", "funnel", "contours", "labbe"}),
        (9, SHARE, ALL),
        (9, RATIO, ALL),
        # Refitting 150 studies by every choice says nothing more of texts than refitting nine does.
        (150, RATIO, MANY),
    ],
    ids=["1", "3", "3 differences", "9 proportions", "9", "150"],
)
def test_no_text_lies_on_another_with_long_labels(k, plan, names, monkeypatch):
    rows = trials(k, label=LONG)
    overlaps = {}

    for name in names:
        try:
            figures = drawn(name, rows, plan)
        except NoPicture:
            continue
        overlaps[name] = [pair for figure in figures for pair in overlapping(figure, monkeypatch)][:3]

    assert {name: pairs for name, pairs in overlaps.items() if pairs} == {}


def test_the_check_for_overlaps_sees_one(monkeypatch):
    """Texts laid over one another by hand, so that the test above is known to be able to fail."""
    figure = draw_forest(replace(forest(trials(2), Plan("RR")), title="Over"))
    figure.text(0.1, 0.5, "One text")
    figure.text(0.1, 0.5, "Another text")

    assert ("One text", "Another text") in [
        tuple(sorted(pair, reverse=True)) for pair in overlapping(figure, monkeypatch)
    ]
