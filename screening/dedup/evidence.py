"""The evidence on many pairs, and what each piece weighs.

Weights are points, added up and held against two thresholds (see `verdicts`). One is about the logarithm, to
base 2, of how much more often a sign is seen among copies than among other documents that share a trait
(Fellegi & Sunter 1969, J Am Stat Assoc 64:1183), rounded to halves, and held low where databases err.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .columns import Codes, Columns, Flags, Numbers
from .journals import Agreement
from .ledger import Detail, Ledger
from .likeness import (
    TitleLikeness,
    abstract_likeness,
    journal_likeness,
    looked_closer,
    name_likeness,
    title_likeness,
    words_sorted,
)
from .normalise import Normal
from .wording import NONE

# A title of nine or more telling words weighs this much; one of a single word tells next to nothing.
FULL_TITLE = 9.0
WORTH_OF_A_WORD = 0.9
LIKENESS_STEPS = ([0.75, 0.85, 0.90, 0.95, 1.0], [0.0, 0.40, 0.65, 0.88, 1.0])
UNLIKENESS_STEPS = ([0.45, 0.75], [-6.0, 0.0])
TRANSLATED = -1.0
# Titles of fewer telling words are shared by unlike records.
TELLING_TITLE = 4
# A letter-by-letter likeness of two English texts on different things is about a half.
SAME_ABSTRACT, LIKE_ABSTRACT, OTHER_ABSTRACT = 0.85, 0.72, 0.60
WORTH_COMPARING = 0.72
# Words in another order leave letters this much alike at least, and sorted words more.
REORDERED, REORDERED_WORDS = 0.45, 0.85


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of positions in the columns, with what the guards need to know of each."""

    columns: Columns
    a: Codes
    b: Codes
    titles: TitleLikeness
    ledger: Ledger

    @property
    def shorter_title(self) -> Numbers:
        size = self.columns.title_size
        return np.asarray(np.minimum(size[self.a], size[self.b]))


def worth_comparing(columns: Columns, a: Codes, b: Codes) -> Flags:
    """Pairs whose titles are somewhat alike, or that share an identifier or a place; others are no copies."""
    likeness = title_likeness(columns, a, b)
    between = np.flatnonzero((likeness >= REORDERED) & (likeness < WORTH_COMPARING))
    likeness[between] = np.maximum(
        likeness[between], words_sorted(columns, a[between], b[between]) * WORTH_COMPARING / REORDERED_WORDS
    )
    return (
        (likeness >= WORTH_COMPARING)
        | np.isnan(likeness)
        | _same(columns.title_start, a, b)
        | _same(columns.doi, a, b)
        | _same(columns.pmid, a, b)
        | (_same(columns.volume, a, b) & _same_page(columns, a, b))
        | columns.has_tongues[a]
        | columns.has_tongues[b]
    )


def weigh(columns: Columns, a: Codes, b: Codes) -> Pairs:
    """Everything that speaks for and against each pair, but for the guards."""
    ledger = Ledger(len(a))
    titles = looked_closer(columns, a, b, title_likeness(columns, a, b))
    _identifiers(ledger, columns, a, b)
    _titles(ledger, columns, a, b, titles)
    _names(ledger, columns, a, b)
    _place(ledger, columns, a, b)
    _abstracts(ledger, columns, a, b)
    _wholly_equal(ledger, columns, a, b)
    return Pairs(columns, a, b, titles, ledger)


def _of_both(columns: Columns, a: Codes, b: Codes, read: Callable[[Normal], object]) -> Detail:
    """What two records of a pair have, in words."""
    records = columns.records
    return lambda n: f"{read(records[a[n]])}, {read(records[b[n]])}"


def _same(values: Codes, a: Codes, b: Codes) -> Flags:
    return np.asarray((values[a] == values[b]) & (values[a] >= 0))


def _differ(values: Codes, a: Codes, b: Codes) -> Flags:
    return np.asarray((values[a] != values[b]) & (values[a] >= 0) & (values[b] >= 0))


def _same_page(columns: Columns, a: Codes, b: Codes) -> Flags:
    page = columns.first_page
    letters = columns.page_letters
    return np.asarray((page[a] == page[b]) & (page[a] > 0) & (letters[a] == letters[b]))


def _identifiers(ledger: Ledger, columns: Columns, a: Codes, b: Codes) -> None:
    records = columns.records
    ledger.add("same PMID", _same(columns.pmid, a, b), 12.0, lambda n: records[a[n]].pmid)
    ledger.add(
        "different PMIDs",
        _differ(columns.pmid, a, b),
        -10.0,
        _of_both(columns, a, b, lambda record: record.pmid),
    )
    ledger.add("same DOI", _same(columns.doi, a, b), 8.0, lambda n: records[a[n]].doi)
    differ = _differ(columns.doi, a, b)
    for n in np.flatnonzero(differ).tolist():
        short, long = sorted((records[a[n]].doi, records[b[n]].doi), key=len)
        differ[n] = not long.startswith(short)
    ledger.add("different DOIs", differ, -4.0, _of_both(columns, a, b, lambda record: record.doi))


def _titles(ledger: Ledger, columns: Columns, a: Codes, b: Codes, titles: TitleLikeness) -> None:
    alike = np.nan_to_num(titles.likeness, nan=0.75)
    full = np.minimum(
        FULL_TITLE, 1 + WORTH_OF_A_WORD * np.minimum(columns.title_size[a], columns.title_size[b])
    )
    worth = full * np.interp(alike, *LIKENESS_STEPS)
    ledger.add("title", alike > 0.75, worth, lambda n: f"{alike[n]:.2f}")
    against = np.interp(alike, *UNLIKENESS_STEPS)
    translated = (columns.is_translated[a] != columns.is_translated[b]) & (alike < 0.75)
    ledger.add("titles in different languages", translated, TRANSLATED)
    ledger.add("titles differ", (alike < 0.75) & ~translated, against, lambda n: f"{alike[n]:.2f}")
    substituted, inserted = np.zeros(len(a)), np.zeros(len(a))
    # Two translations of one title choose other words.
    chosen = columns.is_translated[a] | columns.is_translated[b]
    for n, each in titles.differences.items():
        if chosen[n]:
            continue
        substituted[n] = each.substituted
        extra = max(len(each.only_first), len(each.only_second)) - each.substituted
        inserted[n] = 0 if titles.is_cut[n] else extra
    ledger.add(
        "words differ",
        (substituted > 0) & (alike > 0.75),
        -np.minimum(1.5 * substituted + 0.5 * inserted, 5.0),
        lambda n: _words(titles, n),
    )
    ledger.add(
        "words added",
        (substituted == 0) & (inserted > 0) & (alike > 0.75),
        -np.minimum(0.5 * inserted, 2.0),
        lambda n: _words(titles, n),
    )


def _words(titles: TitleLikeness, n: int) -> str:
    each = titles.differences.get(n, NONE)
    return "; ".join(" ".join(side[:4]) for side in (each.only_first, each.only_second) if side)


def _names(ledger: Ledger, columns: Columns, a: Codes, b: Codes) -> None:
    names = name_likeness(columns, a, b)
    given = ~np.isnan(names.share)
    agree = given & (names.share >= 0.6)
    worth = np.interp(names.shared, [1, 2, 3], [1.5, 2.5, 3.0])
    ledger.add("authors agree", agree, worth)
    ledger.add("some authors agree", given & ~agree & (names.share >= 0.3), 0.5)
    ledger.add("few authors agree", given & (names.share < 0.3) & (names.shared > 0), -1.5)
    ledger.add("authors differ", given & (names.shared == 0), -4.0)


def _place(ledger: Ledger, columns: Columns, a: Codes, b: Codes) -> None:
    year = columns.year
    years = (year[a] > 0) & (year[b] > 0)
    apart = np.abs(year[a] - year[b])
    both_years = _of_both(columns, a, b, lambda record: record.year)
    ledger.add("same year", years & (apart == 0), 1.0, lambda n: str(year[a[n]]))
    ledger.add("neighbouring years", years & (apart == 1), -0.5, both_years)
    ledger.add("years differ", years & (apart > 1), np.where(apart == 2, -2.0, -4.0), both_years)
    journal = journal_likeness(columns, a, b)
    ledger.add("same journal", journal == Agreement.AGREE, 1.5)
    ledger.add("journals differ", journal == Agreement.DIFFER, -2.5)
    ledger.add("same volume", _same(columns.volume, a, b), 1.5, lambda n: columns.records[a[n]].volume)
    # Exports swap volume and issue.
    swapped = (columns.volume[a] == columns.issue_as_volume[b]) | (
        columns.volume[b] == columns.issue_as_volume[a]
    )
    ledger.add(
        "volumes differ",
        _differ(columns.volume, a, b) & ~swapped,
        -2.5,
        _of_both(columns, a, b, lambda record: record.volume),
    )
    _pages(ledger, columns, a, b)


def _pages(ledger: Ledger, columns: Columns, a: Codes, b: Codes) -> None:
    first, last = columns.first_page, columns.last_page
    given = (first[a] > 0) & (first[b] > 0)
    same = _same_page(columns, a, b)
    whole = same & (last[a] == last[b]) & (last[a] > first[a])
    # Every electronic article may begin at 1.
    from_one = first[a] == 1
    ledger.add("same pages", whole, np.where(from_one, 2.0, 4.0), lambda n: f"{first[a[n]]}-{last[a[n]]}")
    ledger.add("same first page", same & ~whole, np.where(from_one, 0.5, 2.5), lambda n: str(first[a[n]]))
    overlap = (first[a] <= last[b]) & (first[b] <= last[a])
    numbered = _numbered_otherwise(columns, a, b)
    differ = given & ~same & ~numbered
    pages = _of_both(columns, a, b, lambda record: f"{record.pages.letters}{record.pages.first}")
    ledger.add("pages differ", differ & ~overlap, -3.5, pages)
    ledger.add("pages overlap", differ & overlap, -1.0, pages)
    # That a first, electronic printing has another year as well is likely, but not the only reading.
    ahead = np.where(ledger.named["neighbouring years"], -3.5, -1.0)
    ledger.add("page styles differ", given & ~same & numbered, ahead, pages)
    supplement = columns.is_in_supplement[a] != columns.is_in_supplement[b]
    supplement &= columns.has_place[a] & columns.has_place[b] & ~same
    ledger.add("one is in a supplement", supplement, -1.5)


def _numbered_otherwise(columns: Columns, a: Codes, b: Codes) -> Flags:
    """Pages that cannot be compared: an article's number, or a count from 1, beside the printed pages."""
    first, letters = columns.first_page, columns.page_letters
    low, high = np.minimum(first[a], first[b]), np.maximum(first[a], first[b])
    electronic = columns.is_electronic[a] != columns.is_electronic[b]
    lettered = (letters[a] != letters[b]) & (low == high)
    return np.asarray((low == 1) | (high > 20 * low + 5000) | electronic | lettered)


def _abstracts(ledger: Ledger, columns: Columns, a: Codes, b: Codes) -> None:
    alike = np.nan_to_num(abstract_likeness(columns, a, b), nan=(LIKE_ABSTRACT + OTHER_ABSTRACT) / 2)

    def detail(n: int) -> str:
        return f"{alike[n]:.2f}"

    ledger.add("same abstract", alike >= SAME_ABSTRACT, 4.0, detail)
    ledger.add("similar abstract", (alike >= LIKE_ABSTRACT) & (alike < SAME_ABSTRACT), 1.5, detail)
    ledger.add("abstracts differ", alike < OTHER_ABSTRACT, -3.0, detail)


def _wholly_equal(ledger: Ledger, columns: Columns, a: Codes, b: Codes) -> None:
    """Records that agree in all they have, an author and a year at least, and miss the same fields."""
    equal = _same(columns.title, a, b) & (columns.title_size[a] >= TELLING_TITLE) & (columns.year[a] > 0)
    equal &= columns.has_names[a] & columns.has_names[b]
    fields = (columns.year, columns.journal, columns.volume, columns.first_page, columns.doi, columns.pmid)
    for values in fields:
        equal &= values[a] == values[b]
    for n in np.flatnonzero(equal).tolist():
        x, y = columns.records[a[n]], columns.records[b[n]]
        equal[n] = (x.names, x.abstract, x.pages) == (y.names, y.abstract, y.pages)
    ledger.add("equal in all that is given", equal, 2.0)
