"""Which pairs are worth comparing: records that share a telling trait.

Records are sorted by each trait, and a record is compared with those next to it that have the same one.
Where many share a trait, only neighbours are compared, so that the number of pairs grows with the number of
records and not with its square.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .normalise import Normal
from .text import content_words

# With how many neighbours of the same trait a record is compared: many where the trait tells much.
TELLING, COMMON = 16, 5
# Traits that unlike records often share, by their first word.
COMMON_TRAITS = ("start", "end", "longest", "word", "name", "page", "place")
Positions = npt.NDArray[np.int64]


def candidate_pairs(records: Sequence[Normal], new: int) -> tuple[Positions, Positions]:
    """Pairs of positions, the smaller first, each once, that share a trait; the smaller is below `new`.

    new: how many of the records, from the first, are to be compared; pairs of the others are left out.
    """
    count = len(records)
    sorted_traits = _sorted(records)
    found = []
    place = np.arange(len(sorted_traits.trait))
    for step in range(1, TELLING + 1):
        if step > COMMON:
            place = place[sorted_traits.is_telling[place]]
        place = place[place + step < len(sorted_traits.trait)]
        place = place[sorted_traits.trait[place] == sorted_traits.trait[place + step]]
        if not len(place):
            break
        a, b = sorted_traits.holder[place], sorted_traits.holder[place + step]
        low, high = np.minimum(a, b), np.maximum(a, b)
        wanted = (low < new) & (low != high)
        found.append(low[wanted] * count + high[wanted])
    codes = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
    return codes // max(count, 1), codes % max(count, 1)


@dataclass(frozen=True, slots=True)
class SortedTraits:
    """Traits as numbers, equal ones side by side in the order of titles; who holds each; which tell much."""

    trait: Positions
    holder: Positions
    is_telling: npt.NDArray[np.bool_]


def _sorted(records: Sequence[Normal]) -> SortedTraits:
    # A trait is kept as its hash: two that share one by chance cost a comparison, and the texts much memory.
    traits, holders, tells = array("q"), array("q"), bytearray()
    for position, record in enumerate(records):
        for each in set(traits_of(record)):
            traits.append(hash(each))
            holders.append(position)
            tells.append(not each.startswith(COMMON_TRAITS))
    trait, holder = np.frombuffer(traits, np.int64), np.frombuffer(holders, np.int64)
    is_telling = np.frombuffer(tells, np.bool_)
    by_title = sorted(range(len(records)), key=lambda n: (records[n].title, records[n].year))
    rank = np.empty(len(records), np.int64)
    rank[by_title] = np.arange(len(records))
    order = np.lexsort((rank[holder], trait))
    return SortedTraits(trait[order], holder[order], is_telling[order])


def traits_of(record: Normal) -> Iterator[str]:
    """Identifiers; the title's words, beginning and end; author, year and a rare word; where it stands."""
    if record.doi:
        yield f"doi {record.doi}"
    if record.pmid:
        yield f"pmid {record.pmid}"
    for identifier in record.registrations:
        yield f"registration {identifier}"
    if record.title:
        yield from _title_traits(record.title)
    for tongue in record.tongues:
        yield from _title_traits(tongue)
    if record.title:
        yield from _title_with_author(record)
    pages = record.pages
    if pages.first and (record.volume or record.year):
        yield f"place {record.volume} {pages.letters} {pages.first} {record.year}"
        if record.names:
            yield f"page {pages.first} {record.names[0]}"
        if record.volume and pages.last > pages.first:
            yield f"range {record.volume} {pages.first} {pages.last}"
    if record.abstract:
        yield f"abstract {record.abstract[:60]}"
        yield f"within {record.abstract[-60:]}"


def _title_traits(title: str) -> Iterator[str]:
    words = content_words(title) or title.split()
    yield "title " + "".join(sorted(set(words)))
    yield "letters " + title.replace(" ", "")[:40]
    yield "start " + " ".join(words[:4])
    yield "end " + " ".join(words[-4:])
    yield "longest " + " ".join(_longest(words, 4))


def _title_with_author(record: Normal) -> Iterator[str]:
    words = _longest(content_words(record.title), 4)
    for word in words:
        yield f"word {record.year} {word} {record.names[0] if record.names else ''}"
    # Swapped names: any of the first three with the two longest words.
    for name in record.names[:3]:
        yield f"name {name} " + " ".join(words[:2])


def _longest(words: Sequence[str], count: int) -> list[str]:
    return sorted(sorted(set(words), key=lambda word: (-len(word), word))[:count])
