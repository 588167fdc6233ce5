"""English sentences that remember how they were put together, so that a page can say them otherwise.

Packages that know nothing of Django say `told("“{text}” is not a number", text=...)`. That is an English
string like any other; `extraction.wording.in_words` finds its pattern in the catalogue and fills the values
in again.
"""

from collections.abc import Mapping
from typing import Any


class Told(str):
    """A string with the pattern and the values it was made of."""

    pattern: str
    values: Mapping[str, Any]

    def __new__(cls, text: str, pattern: str = "", values: Mapping[str, Any] | None = None) -> "Told":
        made = super().__new__(cls, text)
        made.pattern, made.values = pattern or text, values or {}
        return made


def told(pattern: str, **values: Any) -> Told:
    """The pattern with its values, written as for `str.format`; braces of its own are doubled."""
    return Told(pattern.format_map(values), pattern, values)


def reason(problem: Exception) -> str:
    """What an exception says, still with its pattern (which `str(problem)` would lose)."""
    return problem.args[0] if problem.args and isinstance(problem.args[0], str) else str(problem)
