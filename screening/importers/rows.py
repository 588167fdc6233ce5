"""A row of a table before anything is known of its columns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, the line that it begins on, and its text as it came."""

    line: int
    cells: list[str]
    raw: str
