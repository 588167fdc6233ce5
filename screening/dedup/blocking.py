"""Which pairs are worth comparing: records that share a rare enough trait."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from .normalise import Normal

# A trait that more records than this share tells nothing, and its pairs would grow with its square.
COMMON = 60
STOP_WORDS = frozenset(
    {
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "of",
        "on",
        "or",
        "the",
        "to",
        "vs",
        "with",
    }
)


def candidate_pairs(records: Sequence[Normal], new: frozenset[int]) -> list[tuple[int, int]]:
    """Pairs of positions, the smaller first, that share a trait and of which one at least is new."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, record in enumerate(records):
        for trait in set(traits(record)):
            groups[trait].append(position)
    pairs: set[tuple[int, int]] = set()
    for members in groups.values():
        if 1 < len(members) <= COMMON:
            pairs.update((a, b) for a, b in combinations(members, 2) if a in new or b in new)
    return sorted(pairs)


def traits(record: Normal) -> Iterator[tuple[str, str]]:
    """Identifiers; the title's beginning, end and rarest-looking words; where the article stands."""
    if record.doi:
        yield "doi", record.doi
    if record.pmid:
        yield "pmid", record.pmid
    words = [word for word in record.title.split() if word not in STOP_WORDS]
    if words:
        yield "title", " ".join(sorted(words))
        yield "start", " ".join(words[:5])
        yield "end", " ".join(words[-5:])
        yield "middle", " ".join(_longest(words, 4))
    if record.year and words:
        for word in _longest(words, 3):
            yield "word", f"{record.year} {word} {_first_author(record)}"
    if record.volume and record.first_page:
        yield "place", f"{record.volume} {record.first_page} {record.year}"
    if record.abstract:
        yield "abstract", record.abstract[:120]
    for identifier in record.registrations:
        yield "registration", identifier


def _longest(words: Iterable[str], count: int) -> list[str]:
    return sorted(sorted(set(words), key=lambda word: (-len(word), word))[:count])


def _first_author(record: Normal) -> str:
    return record.authors[0] if record.authors else ""
