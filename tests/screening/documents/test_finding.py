"""Finding words and quotes in pages, and showing where they stand."""

from xml.etree import ElementTree

import pytest

from screening.documents import Line, PageText, Word, closest, find, text_layer


def page_of(*lines: str, number: int = 1) -> PageText:
    """A page on which every character is ten points wide."""
    return PageText(
        number, 600, 800, "", tuple(_line(text, 20.0 * place, 0) for place, text in enumerate(lines))
    )


def _line(text: str, top: float, turn: int) -> Line:
    words, at = [], 0.0
    for word in text.split(" "):
        words.append(Word(at, at + 10 * len(word), word))
        at += 10 * (len(word) + 1)
    return Line(turn, top, top + 15, tuple(words))


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        ("complete remission", ["a Complete", "remission rate"]),
        ("treatment", ["the treat-", "ment was"]),
        ("follow-up", ["long follow\u2010up of"]),
        ("follow up", ["long follow-up of"]),
        ("efficacy", ["its ef\ufb01cacy".replace("f\ufb01", "\ufb03")]),
        ("80.7%", ["was 80\u00b77% here"]),
        ("patient's", ["the patient\u2019s arm"]),
        ("Sjogren", ["in Sjögren disease"]),
        ("0-5", ["from 0\u20135 points"]),
    ],
)
def test_words_are_found_as_a_reader_means_them(wanted, lines):
    assert len(find([page_of(*lines)], wanted)) == 1


@pytest.mark.parametrize(
    ("wanted", "line"),
    [("the rapist", "the therapist came"), ("therapist", "the rapist fled"), ("807", "80.7%")],
)
def test_what_only_looks_alike_is_not_found(wanted, line):
    assert find([page_of(line)], wanted) == []


def test_every_place_is_found_with_the_words_around_it():
    hits = find([page_of("one dose two dose"), page_of("last dose.", number=2)], "dose")

    assert [(hit.page, hit.before, hit.after) for hit in hits] == [
        (1, "one", "two dose"),
        (1, "one dose two", ""),
        (2, "last", ""),
    ]


def test_a_hit_knows_the_sentence_it_stands_in():
    [hit] = find([page_of("They were ill. All 88 got", "better soon. Then they left.")], "88")

    assert hit.sentence == "All 88 got better soon."


def test_a_quote_is_found_on_another_page_than_the_one_noted():
    pages = [page_of("nothing here"), page_of("the median was 29.6 months", number=2)]

    assert closest(pages, "median was 29.6 months", page_first=1).page == 2


def test_a_quote_that_stands_twice_is_shown_on_the_page_noted():
    pages = [page_of("88 of 109 patients", number=n) for n in (1, 2, 3)]

    assert closest(pages, "88 of 109 patients", page_first=2).page == 2


def test_a_quote_typed_with_slips_leads_to_what_is_most_like_it():
    found = closest(
        [page_of("so a complete remission was seen in 88 patients today")],
        "complete remision was seen in 88 pateints",
    )

    assert found.text == "complete remission was seen in 88 patients"
    assert 82 < found.likeness < 100


def test_a_quote_of_another_text_is_not_found():
    assert (
        closest(
            [page_of("so a complete remission was seen in 88 patients")], "itching stopped within two weeks"
        )
        is None
    )


def test_the_highlight_covers_the_words_and_no_more():
    page = page_of("aa bbbb cc", "dd ee")
    [hit] = find([page], "bbbb cc dd")

    assert [(line.text, start, end) for line, start, end in hit.stretches(page)] == [
        ("aa bbbb cc", 30.0, 100.0),
        ("dd ee", 0.0, 20.0),
    ]


def test_the_layer_holds_every_word_once_and_escapes_it():
    page = PageText(1, 600, 800, "", (_line("<script>alert(1)</script> & co", 0, 0), _line("up", 40, 3)))

    svg = ElementTree.fromstring(text_layer(page))

    assert [node.text for node in svg.iter("tspan")] == ["<script>alert(1)</script>", "&", "co", "up"]
    assert svg.findall("g")[1].get("transform") == "matrix(0 -1 1 0 0 800)"
