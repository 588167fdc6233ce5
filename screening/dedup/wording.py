"""How two titles that are alike but not equal differ: in spelling, in a word, in a number, in a part."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from .text import content_words
from .titles import NUMBER_WORDS, REPORT_WORDS, numbers

# A phase or a stage is not among them: it is often in a subtitle that one database leaves out.
PART = re.compile(
    r"\b(?:part|study|trial|volume|chapter|paper|section|report|number|no|series|module|question)"
    r" (\d+|[ivx]+|[a-d])\b"
)
# A tail of so few words is a part's name rather than a subtitle that a database cut off.
SHORT_TAIL = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of either title that the other has in no spelling, and what they mean for being one document."""

    only_first: tuple[str, ...] = ()
    only_second: tuple[str, ...] = ()
    numbers: str = ""
    parts: str = ""
    report: str = ""

    @property
    def substituted(self) -> int:
        return min(len(self.only_first), len(self.only_second))


NONE = Difference()


def difference(first: str, second: str) -> Difference:
    """What tells two folded titles apart."""
    if first == second:
        return NONE
    x, y = _signs(first), _signs(second)
    only_first, only_second = _unpaired(x.words, y.words)
    return Difference(
        only_first=tuple(only_first),
        only_second=tuple(only_second),
        numbers=_numbers(x, y),
        parts=_parts(first, second, x, y),
        report=", ".join(sorted(x.reports ^ y.reports)),
    )


class Signs(NamedTuple):
    """What is read from one title to hold it against others."""

    words: tuple[str, ...]
    numbers: frozenset[str]
    parts: frozenset[str]
    reports: frozenset[str]


@lru_cache(maxsize=20_000)
def _signs(title: str) -> Signs:
    return Signs(
        tuple(content_words(title)),
        numbers(title),
        frozenset(PART.findall(title)),
        frozenset(REPORT_WORDS.findall(title)),
    )


def _unpaired(x: Sequence[str], y: Sequence[str]) -> tuple[list[str], list[str]]:
    """Words without a like in the other title. Numbers are left to `_numbers`."""
    rest = [word for word in y if word not in x and not _is_number(word)]
    left = []
    for word in x:
        if word in y or _is_number(word):
            continue
        like = next((other for other in rest if _is_spelling_of(word, other)), None)
        if like is None:
            left.append(word)
        else:
            rest.remove(like)
    # "double blind" against "doubleblind": the same letters with other gaps.
    if left and rest and "".join(left) == "".join(rest):
        return [], []
    return left, rest


def _is_number(word: str) -> bool:
    return word.isdigit() or word in NUMBER_WORDS


def _is_spelling_of(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    if len(short) >= 4 and long.startswith(short):
        return True
    return len(short) >= 4 and fuzz.ratio(word, other) >= 80 and not _are_opposites(word, other)


def _are_opposites(word: str, other: str) -> bool:
    """ "hypertension" and "hypotension", "inpatients" and "outpatients": alike in letters only."""
    pairs = (
        ("hyper", "hypo"),
        ("in", "out"),
        ("pre", "post"),
        ("intra", "inter"),
        ("intra", "extra"),
        ("mono", "bi"),
    )
    return any(
        (word.startswith(a) and other.startswith(b)) or (word.startswith(b) and other.startswith(a))
        for a, b in pairs
    )


def _numbers(first: Signs, second: Signs) -> str:
    """Numbers that each title has and the other has not; one that only one has may be cut off."""
    x, y = first.numbers, second.numbers
    if x - y and y - x:
        return f"{', '.join(sorted(x - y))}; {', '.join(sorted(y - x))}"
    return ""


def _parts(first: str, second: str, x: Signs, y: Signs) -> str:
    if x.parts != y.parts:
        return f"{', '.join(sorted(x.parts)) or 'none'}; {', '.join(sorted(y.parts)) or 'none'}"
    short, long = sorted((first, second), key=len)
    tail = long[len(short) :].split() if long.startswith(short + " ") else []
    if (
        tail
        and len(tail) <= SHORT_TAIL
        and (numbers(" ".join(tail)) or tail[-1] in {"i", "v", "x", "a", "b", "c"})
    ):
        return f"none; {' '.join(tail)}"
    return ""
