from hypothesis import given
from hypothesis import strategies as st

from screening.highlighting import Segment, differing_words, highlight, sections


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
