import pytest

from extraction.schema import (
    SINGLE_ARM_TRIAL,
    Field,
    FieldKind,
    FormDefinition,
    WrongAnswer,
    compare_items,
    same_value,
)


def test_a_form_reads_back_as_it_was_written():
    assert FormDefinition.from_json(SINGLE_ARM_TRIAL.to_json()) == SINGLE_ARM_TRIAL


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("0.5", 0.50, True),
        (12, "12", True),
        ("Adults ", "adults", True),
        (None, "", True),
        (0, None, False),
        ("12", "21", False),
        ("1 of 2", "1 of 3", False),
    ],
)
def test_values_are_compared_as_numbers_where_they_are(left, right, same):
    assert same_value(left, right) is same


@pytest.mark.parametrize(
    ("answer", "told"), [("many", "not a number"), ("0", "At least 1"), ("101", "At most 100")]
)
def test_a_number_that_cannot_be_is_refused_in_words(answer, told):
    field = Field("n", "Participants", FieldKind.NUMBER, low=1, high=100)

    with pytest.raises(WrongAnswer, match=told):
        field.checked(answer)


def test_nothing_said_is_not_zero():
    assert Field("n", "Participants", FieldKind.NUMBER).checked("") is None


def test_items_are_aligned_by_what_they_are_about():
    left = {("a",): ("A", {"value": 1}), ("b",): ("B", {"value": 2})}
    right = {("a",): ("A", {"value": "1.0"}), ("c",): ("C", {"value": 3})}

    items = compare_items(left, right)

    assert [(item.label, item.is_equal) for item in items] == [("A", True), ("B", False), ("C", False)]
    assert items[1].right is None
