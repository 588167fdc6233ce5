"""How alike the titles, names, journals and abstracts of many pairs are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from .columns import CUT_TITLE, Codes, Columns, Flags, Numbers, Objects
from .journals import journals_agree
from .normalise import Normal
from .wording import NONE, Difference, difference

# What a match of less than the whole titles counts as at most.
CUT_LIKENESS = 0.93
SORTED_LIKENESS = 0.97
# Below it, two titles are not looked at word by word.
WORTH_READING = 0.75


@dataclass(frozen=True, slots=True)
class TitleLikeness:
    """likeness: shape (n,), from 0 to 1, NaN where a title is missing; differences by the pair's number."""

    likeness: Numbers
    is_cut: Flags
    differences: dict[int, Difference]


def distances(first: Objects, second: Objects, scorer: Any) -> Numbers:
    """Likeness from 0 to 1 of each pair of strings."""
    if not len(first):
        return np.zeros(0)
    return np.asarray(process.cpdist(first.tolist(), second.tolist(), scorer=scorer), float) / 100


def title_likeness(columns: Columns, a: Codes, b: Codes) -> Numbers:
    """Of the whole titles, letter by letter; NaN where one is missing."""
    likeness = np.full(len(a), np.nan)
    given = (columns.title[a] >= 0) & (columns.title[b] >= 0)
    equal = given & (columns.title[a] == columns.title[b])
    likeness[equal] = 1.0
    rest = np.flatnonzero(given & ~equal)
    likeness[rest] = distances(columns.title_text[a[rest]], columns.title_text[b[rest]], fuzz.ratio)
    return likeness


def words_sorted(columns: Columns, a: Codes, b: Codes) -> Numbers:
    """Likeness of the titles with their words in alphabetical order."""
    return distances(columns.title_text[a], columns.title_text[b], fuzz.token_sort_ratio)


def looked_closer(columns: Columns, a: Codes, b: Codes, likeness: Numbers) -> TitleLikeness:
    """Likeness that sees past word order, gaps, cut-off ends and a second tongue; the words that differ."""
    likeness, is_cut = likeness.copy(), np.zeros(len(a), np.bool_)
    unequal = np.flatnonzero(likeness < 1)
    swapped = unequal[likeness[unequal] < SORTED_LIKENESS]
    by_words = words_sorted(columns, a[swapped], b[swapped])
    likeness[swapped] = np.maximum(likeness[swapped], np.minimum(by_words, SORTED_LIKENESS))
    differences: dict[int, Difference] = {}
    for n in unequal.tolist():
        x, y = columns.title_text[a[n]], columns.title_text[b[n]]
        if x.replace(" ", "") == y.replace(" ", ""):
            likeness[n] = 1.0
            continue
        if columns.has_tongues[a[n]] or columns.has_tongues[b[n]]:
            alike, x, y = _best_tongue(columns.records[a[n]], columns.records[b[n]], likeness[n])
            likeness[n] = alike
        if _is_cut(x, y):
            is_cut[n] = True
            likeness[n] = max(likeness[n], CUT_LIKENESS)
        if likeness[n] >= WORTH_READING and (told := difference(x, y)) != NONE:
            differences[n] = told
    return TitleLikeness(likeness, is_cut, differences)


def _is_cut(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    return len(short) >= CUT_TITLE and long.startswith(short)


def _best_tongue(a: Normal, b: Normal, whole: float) -> tuple[float, str, str]:
    """The best likeness of a part of one with the whole of the other: two parts alike may be "a trial"."""
    best = (whole, a.title, b.title)
    for x, y in [(x, b.title) for x in a.tongues] + [(a.title, y) for y in b.tongues]:
        alike = min(fuzz.ratio(x, y) / 100, SORTED_LIKENESS)
        if alike > best[0]:
            best = (alike, x, y)
    return best


@dataclass(frozen=True, slots=True)
class NameLikeness:
    """shared: words the names have in common; share: of the shorter list; NaN where none are given."""

    shared: Numbers
    share: Numbers


def name_likeness(columns: Columns, a: Codes, b: Codes) -> NameLikeness:
    shared, share = np.zeros(len(a)), np.full(len(a), np.nan)
    for n in np.flatnonzero(columns.has_names[a] & columns.has_names[b]).tolist():
        x, y = columns.records[a[n]].names, columns.records[b[n]].names
        common = len(x) if x == y else len(set(x).intersection(y))
        if not common and _spelled_otherwise(x, y):
            common = 1
        shared[n], share[n] = common, common / min(len(x), len(y))
    return NameLikeness(shared, share)


def _spelled_otherwise(x: tuple[str, ...], y: tuple[str, ...]) -> bool:
    """The first names are one in two spellings, or written in two scripts, which tells nothing."""
    if "".join(x).isascii() != "".join(y).isascii():
        return True
    return any(fuzz.ratio(v, w) >= 75 for v in x[:2] for w in y[:2])


def journal_likeness(columns: Columns, a: Codes, b: Codes) -> Codes:
    """The Agreement of each pair's journals; each two names are compared once."""
    x, y = columns.journal[a], columns.journal[b]
    found = np.zeros(len(a), np.int64)
    given = np.flatnonzero((x >= 0) & (y >= 0))
    width = int(max(x.max(initial=0), y.max(initial=0))) + 1
    codes, where, inverse = np.unique(
        np.minimum(x, y)[given] * width + np.maximum(x, y)[given], return_index=True, return_inverse=True
    )
    agreed = [
        int(journals_agree(columns.records[a[n]].journals, columns.records[b[n]].journals))
        for n in given[where].tolist()
    ]
    found[given] = np.array(agreed, np.int64)[inverse] if len(codes) else 0
    return found


def abstract_likeness(columns: Columns, a: Codes, b: Codes) -> Numbers:
    """Of as much of the abstracts as both have, from 0 to 1; NaN where one is missing."""
    likeness = np.full(len(a), np.nan)
    first, second = [], []
    both = [n for n in range(len(a)) if columns.abstract_text[a[n]] and columns.abstract_text[b[n]]]
    for n in both:
        x, y = columns.abstract_text[a[n]], columns.abstract_text[b[n]]
        length = min(len(x), len(y))
        first.append(x[:length])
        second.append(y[:length])
    likeness[both] = distances(np.array(first, dtype=object), np.array(second, dtype=object), fuzz.ratio)
    return likeness
