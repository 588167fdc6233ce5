"""Reading PDFs: the words of a page with their places, and files that cannot be read."""

import pytest

from screening.documents.pages import NotReadable, PageText, lines_from_json
from screening.documents.process import read_apart
from screening.documents.reading import read

from .pdfs import FIRST_LINE, HEIGHT, LEFT, SIZE, WIDTH, locked, make_pdf


@pytest.fixture
def read_pdf(tmp_path):
    """A function that reads a PDF's bytes: what is known of the file, and its pages."""

    def do(content: bytes):
        path = tmp_path / "paper.pdf"
        path.write_bytes(content)
        told, *pages = read(path, tmp_path)
        return told, [
            PageText(p["number"], p["width"], p["height"], p["label"], lines_from_json(p["lines"]))
            for p in pages
        ]

    return do


def test_words_come_with_their_places_on_the_page(read_pdf):
    _, [page] = read_pdf(make_pdf(["Complete remission in 88", "of 109 patients"]))

    assert page.text == "Complete remission in 88\nof 109 patients"
    assert (page.width, page.height) == (WIDTH, HEIGHT)
    first = page.lines[0].words[0]
    assert first.start == pytest.approx(LEFT, abs=1)
    # The baseline of the first line lies 700 points above the bottom, within the box of its letters.
    assert page.lines[0].top < HEIGHT - FIRST_LINE <= page.lines[0].bottom
    assert page.lines[0].bottom - page.lines[0].top == pytest.approx(SIZE, rel=0.3)


def test_helvetica_words_are_as_wide_as_the_font_says(read_pdf):
    """Adobe's Helvetica metrics: i and l are 222, m 833, a 556, n 556 thousandths of the size wide."""
    _, [page] = read_pdf(make_pdf(["mi an"]))

    mi, an = page.lines[0].words
    assert mi.end - mi.start == pytest.approx((833 + 222) * SIZE / 1000, rel=0.05)
    assert an.start - LEFT == pytest.approx((833 + 222 + 278) * SIZE / 1000, rel=0.05)


def test_a_page_shown_turned_has_level_text_where_it_is_shown(read_pdf):
    _, [page] = read_pdf(make_pdf(["wide table"], matrix="0 1 -1 0", rotate=90))

    assert (page.width, page.height) == (HEIGHT, WIDTH)
    assert page.lines[0].turn == 0
    # Turned a quarter clockwise, the point (72, 700) is shown 700 from the left and 72 from the top.
    assert page.lines[0].words[0].start == pytest.approx(FIRST_LINE, abs=1)
    assert page.lines[0].top < LEFT <= page.lines[0].bottom + 1


def test_text_that_runs_upwards_is_kept_as_turned(read_pdf):
    _, [page] = read_pdf(make_pdf(["upwards we go"], matrix="0 1 -1 0"))

    assert page.lines[0].turn == 3
    assert page.lines[0].text == "upwards we go"


def test_cells_far_apart_are_lines_of_their_own(read_pdf):
    _, [page] = read_pdf(make_pdf(["Outcome" + " " * 14 + "88/109"]))

    assert [line.text for line in page.lines] == ["Outcome", "88/109"]


def test_the_description_of_the_file_is_read(read_pdf):
    told, _ = read_pdf(make_pdf(["x"], Title="Zorifen for itch", doi="10.1000/itch.7"))

    assert told["pages"] == 1
    assert {"Zorifen for itch", "10.1000/itch.7"} <= set(told["said"])


def test_a_page_has_a_picture(read_pdf, tmp_path):
    read_pdf(make_pdf(["x"], ["y"]))

    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["0001.png", "0002.png"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (locked(make_pdf(["secret"])), "password"),
        (b"%PDF-1.7\nnothing of a PDF follows", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(read_pdf, content, said):
    with pytest.raises(NotReadable, match=said):
        read_pdf(content)


def test_reading_apart_gives_the_same_and_ends_in_time(tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(make_pdf(["apart"]))

    told, page = read_apart(path, tmp_path)
    assert told["pages"] == 1
    assert page["lines"][0][3][0][2] == "apart"
    with pytest.raises(NotReadable, match="longer than"):
        list(read_apart(path, tmp_path, seconds=0.01))
