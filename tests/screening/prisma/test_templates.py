"""The four templates of PRISMA 2020: which columns and boxes, nothing over anything, every kind of file."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from itertools import combinations

import pytest
from PIL import Image

from screening.prisma.boxes import boxes, headers
from screening.prisma.drawing import arranged, draw_svg
from screening.prisma.flow import imbalances
from screening.prisma.picture import draw_picture
from screening.prisma.template_csv import as_csv

from .flows import FINISHED, GOING_ON, TEMPLATES, UPDATED


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_template_adds_up_and_has_its_columns(name):
    counts = TEMPLATES[name]
    columns = {box.column for box in boxes(counts)}

    assert not imbalances(counts)
    assert ("previous" in columns) is name.startswith("update")
    assert ({"other", "other_aside"} <= columns) is name.endswith("other methods")
    assert set(headers(counts)) == columns - {"aside", "other_aside"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_box_lies_over_another_and_none_leaves_the_picture(name):
    layout = arranged(TEMPLATES[name], None)

    frames = [placed.frame for placed in layout.boxes]
    for one, other in combinations(frames, 2):
        is_apart = one.right <= other.x or other.right <= one.x
        assert is_apart or one.bottom <= other.y or other.bottom <= one.y
    assert all(frame.right <= layout.width for frame in frames)
    for arrow in layout.arrows:
        assert arrow.start[0] == arrow.end[0] or arrow.start[1] == arrow.end[1]


def test_an_update_leads_from_the_previous_studies_to_the_total():
    layout = arranged(UPDATED, None)
    frames = {placed.box.key: placed.frame for placed in layout.boxes}

    ends = [arrow.end for arrow in layout.arrows if arrow.has_head]

    assert any(end[0] == frames["total"].x and end[1] > frames["included"].bottom for end in ends)
    assert any(end[0] == frames["included"].right for end in ends)


def test_new_studies_are_called_new_in_an_update_only():
    assert "New studies included in review" in draw_svg(UPDATED)
    assert "New studies" not in draw_svg(FINISHED)


@pytest.mark.parametrize(
    ("changed", "broken"),
    [({"total_studies": 36}, "total"), ({"total_reports": 40}, "total"), ({"not_screened": 6}, "identified")],
)
def test_a_total_that_is_no_sum_is_found(changed, broken):
    assert [found.box for found in imbalances(replace(UPDATED, **changed))] == [broken]


def test_a_number_of_other_methods_that_is_off_is_found():
    broken = replace(UPDATED, other=replace(UPDATED.other, sought=15))

    assert [found.box for found in imbalances(broken)] == ["other_screened", "other_sought"]


def test_the_csv_has_the_numbers_of_every_column():
    rows = {row["data"]: row for row in csv.DictReader(io.StringIO(as_csv(UPDATED)))}

    told = {name: rows[name]["n"] for name in rows if name != "NA"}
    assert (told["previous_studies"], told["previous_reports"]) == ("12", "13")
    assert (told["website_results"], told["organisation_results"], told["citations_results"]) == (
        "7",
        "2",
        "40",
    )
    assert (told["other_sought_reports"], told["other_notretrieved_reports"]) == ("14", "2")
    assert (told["other_assessed"], told["other_excluded"]) == ("12", "Wrong population, 8")
    assert (told["new_studies"], told["new_reports"]) == ("24", "30")
    assert (told["total_studies"], told["total_reports"]) == ("35", "42")
    # Seven by tools and five by the stopping rule.
    assert told["excluded_automatic"] == "12"
    assert "stopping rule met: 5" in rows["duplicates"]["tooltips"]


def test_the_csv_has_the_teams_words():
    rows = {
        row["data"]: row for row in csv.DictReader(io.StringIO(as_csv(FINISHED, {"screened": "=Gesichtet"})))
    }

    assert rows["records_screened"]["boxtext"] == "Gesichtet"
    assert rows["records_screened"]["n"] == "1500"


def test_the_teams_words_and_a_note_are_in_the_picture():
    svg = draw_svg(FINISHED, words={"header:main": "Suche", "phase:included": "Am Ende"}, note="As of May.")

    for said in ("Suche", "Am Ende", "As of May."):
        assert f">{said}<" in svg


@pytest.mark.parametrize("counts", [GOING_ON, UPDATED])
def test_the_picture_for_word_is_as_wide_as_a_page_of_text_at_300_dots(counts):
    picture = Image.open(io.BytesIO(draw_picture(counts, "word")))

    assert round(picture.width / picture.info["dpi"][0], 1) == 6.3
    assert round(picture.info["dpi"][0]) == 300


def test_the_same_flow_gives_the_same_files():
    for file_format in ("pdf", "word"):
        assert draw_picture(FINISHED, file_format) == draw_picture(FINISHED, file_format)


def test_letters_stay_within_their_boxes_in_the_picture():
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from screening.prisma.picture import NARROWER

    figure = Figure()
    renderer = FigureCanvasAgg(figure).get_renderer()
    for placed in arranged(UPDATED, None).boxes:
        for line in placed.text:
            text = figure.text(0, 0, line.text, fontsize=14 * NARROWER * 0.75, family="DejaVu Sans",
                               weight="bold" if line.bold else "normal", parse_math=False)  # fmt: skip
            width = text.get_window_extent(renderer, dpi=96).width
            assert line.x + width <= placed.frame.right, line.text
