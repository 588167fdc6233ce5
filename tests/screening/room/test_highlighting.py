from hypothesis import given
from hypothesis import strategies as st

from screening.room.highlighting import Segment, differing_words, highlight, pico_terms, sections


def test_words_of_both_lists_are_marked_each_in_its_kind():
    assert highlight("Adults, not children.", ["adult*"], ["children"]) == [
        Segment("Adults", "include"),
        Segment(", not "),
        Segment("children", "exclude"),
        Segment("."),
    ]


def test_a_word_is_marked_only_where_it_stands_whole():
    assert highlight("inadults adulthood", ["adult"], []) == [Segment("inadults adulthood")]


def test_a_word_in_both_lists_speaks_against():
    assert highlight("review", ["review"], ["review"]) == [Segment("review", "exclude")]


@given(st.text(), st.lists(st.text(max_size=8), max_size=4), st.lists(st.text(max_size=8), max_size=4))
def test_marking_words_loses_no_character(text, include, exclude):
    assert "".join(segment.text for segment in highlight(text, include, exclude)) == text


def test_a_structured_abstract_is_cut_at_its_headings():
    found = sections("BACKGROUND: Itch is common. METHODS: We asked. RESULTS: They said so.")

    assert [part.heading for part in found] == ["Background", "Methods", "Results"]
    assert found[2].text == "They said so."


def test_an_abstract_without_headings_is_one_part():
    assert [part.heading for part in sections("We asked forty people.")] == [""]


def test_words_that_only_one_of_two_texts_has_are_marked_in_both():
    left, right = differing_words("A trial of forty weeks", "A trial of twelve weeks")

    assert [s.text.strip() for s in left if s.kind] == ["forty"]
    assert [s.text.strip() for s in right if s.kind] == ["twelve"]


def test_an_abbreviation_that_reads_like_a_common_word_is_not_marked():
    assert pico_terms("All adults with ALL or CML") == ("adults*", "CML")


def test_the_terms_of_the_question_are_phrases_and_their_longer_words():
    terms = pico_terms("Adults with acute lymphoblastic leukaemia (ALL)", "placebo", "", "overall survival")

    assert terms == (
        "adults*",
        "acute lymphoblastic leukaemia",
        "acute*",
        "lymphoblastic*",
        "leukaemia*",
        "overall survival",
        "overall*",
        "survival*",
    )


def test_terms_of_the_question_give_way_to_the_protocols_words():
    marked = highlight("Adults, survival", ["adult*"], [], ["adults*", "survival*"])

    assert [(s.text, s.kind) for s in marked if s.kind] == [("Adults", "include"), ("survival", "pico")]
