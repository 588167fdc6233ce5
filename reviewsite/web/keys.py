"""Keys of rows as pages send them back: whatever else arrives in their place is none."""

from collections.abc import Iterable

# The largest key that a database holds has nineteen digits.
MOST_DIGITS = 18


def key_in(text: object) -> int | None:
    """The key that a text holds; None for anything but a few plain digits (`"²".isdigit()` is true)."""
    told = str(text)
    return int(told) if len(told) <= MOST_DIGITS and told.isascii() and told.isdigit() else None


def keys_in(texts: Iterable[object]) -> list[int]:
    """The keys among these texts."""
    return [key for text in texts if (key := key_in(text)) is not None]
