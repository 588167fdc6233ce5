"""Two extractions side by side: items aligned by what they are about, numbers compared by value."""

from collections.abc import Mapping
from dataclasses import dataclass

from .numbers import NotANumber, number_from

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing extracted by either person: an answer, an arm, a result row. A side is None where absent."""

    key: tuple[str, ...]
    label: str
    left: Values | None
    right: Values | None

    @property
    def differing(self) -> tuple[str, ...]:
        """The names of the values that differ; of an item on one side only, all that it has."""
        if self.left is None or self.right is None:
            return tuple(
                name for name, value in (self.left or self.right or {}).items() if value not in (None, "")
            )
        return tuple(name for name in self.left if not same_value(self.left[name], self.right.get(name)))

    @property
    def is_equal(self) -> bool:
        return self.left is not None and self.right is not None and not self.differing


def compare_items(
    left: Mapping[tuple[str, ...], tuple[str, Values]], right: Mapping[tuple[str, ...], tuple[str, Values]]
) -> list[Item]:
    """Items of both sides aligned by key, in the left one's order, then what only the right one has.

    left, right: key to (label, values).
    """
    keys = [*left, *(key for key in right if key not in left)]
    return [
        Item(
            key,
            (left.get(key) or right[key])[0],
            left[key][1] if key in left else None,
            right[key][1] if key in right else None,
        )
        for key in keys
    ]


def same_value(left: object, right: object) -> bool:
    """Equal by value: 0.5 and "0.50" are the same number, "Adults" and "adults " the same text.

    Lists (several choices, tables) are equal when their parts are, one by one.
    """
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same_value, left, right))
    if left in (None, "", []) or right in (None, "", []):
        return left in (None, "", []) and right in (None, "", [])
    try:
        return number_from(str(left)) == number_from(str(right))
    except NotANumber:
        return " ".join(str(left).split()).casefold() == " ".join(str(right).split()).casefold()
