from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.prisma.boxes import boxes
from screening.prisma.drawing import draw_svg
from screening.prisma.flow import FlowCounts, ReasonCount, SourceCount
from screening.prisma.layout import SIZE, WIDTH, Rectangle, arrange
from screening.prisma.lettering import text_width, wrap

from .flows import FINISHED, GOING_ON

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Intervention given only together with others, so that its own effect cannot be told apart " * 3
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120)


def texts(svg: str) -> list[str]:
    return [
        "".join(each.itertext()).replace("\u00a0", " ")
        for each in ElementTree.fromstring(svg).iter(f"{SVG}text")
    ]


def apart(one: Rectangle, other: Rectangle) -> bool:
    return one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y


def with_reasons(*reasons: str) -> FlowCounts:
    return replace(FINISHED, excluded_by_reason=tuple(ReasonCount(reason, 1) for reason in reasons))


def test_every_number_of_the_flow_is_in_the_picture_as_text():
    drawn = texts(draw_svg(GOING_ON))

    for box in boxes(GOING_ON):
        for line in box.lines:
            assert f"{line.label} (n = {line.count:,})" in drawn


def test_the_phases_and_the_header_are_named():
    drawn = texts(draw_svg(FINISHED))

    assert {"Identification", "Screening", "Included"} <= set(drawn)
    assert drawn[0] == "Identification of studies via databases and registers"


def test_each_number_links_to_its_rows_and_the_link_says_what_it_counts():
    links = {line.key: f"/rows?of={line.key}&stage=x" for box in boxes(GOING_ON) for line in box.lines}

    anchors = list(ElementTree.fromstring(draw_svg(GOING_ON, links)).iter(f"{SVG}a"))

    assert [anchor.get("href") for anchor in anchors] == list(links.values())
    screened = next(anchor for anchor in anchors if anchor.get("href") == links["screened"])
    assert screened.get("aria-label") == "Records screened: 1,486"
    assert "".join(screened.itertext()) == "n\u00a0=\u00a01,486"


def test_a_number_without_an_address_is_plain_text():
    assert len(re.findall("<a ", draw_svg(FINISHED, {"screened": "/screened"}))) == 1


def test_the_whole_flow_can_be_read_without_seeing_it():
    root = ElementTree.fromstring(draw_svg(FINISHED))

    assert root.findtext(f"{SVG}title") == "PRISMA 2020 flow diagram"
    description = root.findtext(f"{SVG}desc") or ""
    assert "Records removed before screening: Duplicate records removed 490" in description
    assert "Studies included in review 24, Reports of included studies 26." in description
    assert root.get("role") == "img"


def test_links_stay_reachable_because_a_linked_diagram_is_a_group_not_an_image():
    root = ElementTree.fromstring(draw_svg(FINISHED, {"screened": "/screened"}))

    assert root.get("role") == "group"


def test_work_still_to_be_done_is_told_apart_by_style_and_not_by_colour_alone():
    root = ElementTree.fromstring(draw_svg(GOING_ON))

    italic = [
        "".join(each.itertext()) for each in root.iter(f"{SVG}text") if each.get("font-style") == "italic"
    ]
    assert italic[0] == "Not yet screened (n\u00a0=\u00a012)"
    assert len(italic) == 5
    assert len(list(root.iter(f"{SVG}path"))) == 3
    assert "Review in progress" in draw_svg(GOING_ON)
    assert "Review in progress" not in draw_svg(FINISHED)


def test_a_download_has_its_own_background_and_a_page_shows_through():
    assert '<rect width="900" height="' in draw_svg(FINISHED)
    assert 'fill="#ffffff"' in draw_svg(FINISHED)
    assert "#" not in draw_svg(FINISHED, theme="page")


@pytest.mark.parametrize("theme", ["light", "dark", "page"])
def test_no_style_is_used_that_a_strict_content_security_policy_forbids(theme):
    svg = draw_svg(GOING_ON, {"screened": "/screened"}, theme=theme)

    assert " style=" not in svg
    assert "<style" not in svg


def test_text_from_people_cannot_become_markup():
    svg = draw_svg(with_reasons('<script>alert(1)</script> & "quotes"\x00'), {"screened": 'x" onclick="y'})

    root = ElementTree.fromstring(svg)
    assert not list(root.iter(f"{SVG}script"))
    assert any("<script>alert(1)</script>" in text for text in texts(svg))
    assert all(anchor.get("onclick") is None for anchor in root.iter(f"{SVG}a"))


@settings(max_examples=60, deadline=None)
@given(st.lists(names, max_size=25), st.lists(names, max_size=8))
def test_nothing_overlaps_whatever_the_reasons_and_sources_are_called(reasons, sources):
    identified = tuple(SourceCount(name, "database", 1_234_567) for name in sources)
    counts = replace(with_reasons(*reasons), identified=identified)

    layout = arrange(boxes(counts))

    for one, other in combinations([placed.frame for placed in layout.boxes], 2):
        assert apart(one, other)
    for placed in layout.boxes:
        baselines = [line.y for line in placed.text]
        assert all(lower - upper >= SIZE for upper, lower in zip(baselines, baselines[1:], strict=False))
        assert placed.frame.y < baselines[0] - 0.7 * SIZE
        assert baselines[-1] + 0.25 * SIZE < placed.frame.bottom <= layout.bottom
        for line in placed.text:
            assert line.x + text_width(line.text, SIZE, bold=line.bold) <= placed.frame.right
        assert placed.frame.right <= WIDTH
    ElementTree.fromstring(draw_svg(counts))


def test_a_count_is_never_torn_from_its_brackets():
    drawn = texts(draw_svg(with_reasons(LONG)))

    assert [text for text in drawn if "cannot be told apart (n = 1)" in text]


def test_wrapped_text_loses_no_word():
    lines = wrap(LONG.strip(), 200, SIZE)

    assert " ".join(lines) == LONG.strip()
    assert all(text_width(line, SIZE) <= 200 for line in lines)


def test_a_word_too_long_for_the_line_is_broken_inside():
    assert "".join(wrap("x" * 90, 100, SIZE)) == "x" * 90


@pytest.mark.parametrize(
    ("text", "bold", "thousandths"),
    # Adobe Font Metrics of Helvetica and Helvetica-Bold, version 002.000.
    [
        ("A", False, 667),
        ("A", True, 722),
        ("m", False, 833),
        (" ", True, 278),
        ("%", False, 889),
        ("é", False, 556),
    ],
)
def test_widths_are_those_of_helvetica(text, bold, thousandths):
    assert text_width(text, 1000, bold=bold) == thousandths
