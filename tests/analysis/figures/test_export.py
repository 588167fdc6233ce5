from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from analysis.figures.export import figure_bytes
from analysis.figures.forest import draw_forest

from .plots import RESPONSE, SVG, Drawing, with_row

ROOT = Path(__file__).parents[3]
DRAW = """
import hashlib, sys
from analysis.figures.export import figure_bytes
from analysis.figures.forest import draw_forest
from tests.analysis.figures.plots import RESPONSE
print(hashlib.sha256(figure_bytes(draw_forest(RESPONSE), sys.argv[1], 100)).hexdigest())
"""


@pytest.mark.parametrize("file_format", ["svg", "png", "pdf"])
def test_the_same_plot_gives_the_same_bytes_in_another_process(file_format):
    hashes = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", DRAW, file_format]
        hashes.add(subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True).stdout)

    assert len(hashes) == 1


def test_the_svg_has_one_group_for_each_study_named_by_its_key():
    drawing = Drawing(RESPONSE)

    ids = [each.get("id") for each in drawing.root.iter() if each.get("id")]
    assert ids == ["row-a", "row-b", "row-c", "summary-random"]


def test_the_svg_keeps_text_as_text_and_says_what_it_shows():
    drawing = Drawing(RESPONSE)

    assert "Beta 2019" in drawing.texts()
    assert drawing.root.findtext(f"{SVG}title") == "Overall response"
    assert drawing.root.get("role") == "img"


def test_the_svg_has_no_style_that_a_strict_content_security_policy_forbids():
    source = Drawing(RESPONSE).source

    assert " style=" not in source
    assert "<style" not in source
    assert "font-family=\"'DejaVu Sans'" in source
    assert 'font-weight="700"' in source


def test_a_label_cannot_become_markup():
    drawing = Drawing(with_row(RESPONSE, label="<script>alert(1)</script> & co", key='"><b id="x'))

    assert "<script>alert(1)</script> & co" in drawing.texts()
    assert {each.tag for each in drawing.root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "path", "g", "text")
    }


def test_control_characters_do_not_break_the_file():
    drawing = Drawing(replace(with_row(RESPONSE, label="Alpha\x00\x1f 2018"), title="A\x0btitle"))

    assert drawing.texts("row-a")[0] == "Alpha 2018"
    assert drawing.root.findtext(f"{SVG}title") == "Atitle"


def test_the_pdf_embeds_its_font_so_that_text_stays_text():
    pdf = figure_bytes(draw_forest(RESPONSE), "pdf")

    assert pdf.startswith(b"%PDF")
    assert b"/FontFile2" in pdf
    assert b"/Subtype /Type3" not in pdf
    assert b"CreationDate" not in pdf


def test_the_png_has_the_dots_it_is_asked_for():
    figure = draw_forest(RESPONSE)
    width = figure.get_size_inches()[0]

    png = figure_bytes(figure, "png", dpi=200)

    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == pytest.approx(width * 200, abs=1)


def test_the_svg_is_well_formed_without_a_declaration_so_that_a_page_can_hold_it():
    source = Drawing(RESPONSE).source

    assert source.startswith("<svg ")
    assert ElementTree.fromstring(source).tag == f"{SVG}svg"
