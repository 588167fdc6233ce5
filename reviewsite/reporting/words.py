"""Small pieces of English that the text is made of."""

from collections.abc import Sequence

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def joined(parts: Sequence[str]) -> str:
    """One, two and three."""
    parts = list(parts)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def one_to_ten(number: int) -> str:
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else f"{number:,}"


def count_of(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def lower_first(text: str) -> str:
    """Lower case at the beginning of a word, but not of an abbreviation."""
    return text if text[1:2].isupper() or not text else text[:1].lower() + text[1:]
