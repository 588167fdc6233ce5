"""Which databases found which citations: the overlap, and what each database alone brought in."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from reviewsite.reviews.models import Review

from ..deciding.conclusions import Conclusion
from ..models import Citation, Record


@dataclass(frozen=True, slots=True)
class DatabaseYield:
    """records: as exported; citations: after copies were linked; alone: found in no other database."""

    database: str
    records: int
    citations: int
    alone: int
    included: int
    included_alone: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """databases: the largest first; combinations: databases, and how many citations just these have."""

    databases: tuple[DatabaseYield, ...]
    combinations: tuple[tuple[tuple[str, ...], int], ...]
    citations: int


def overlap_of(review: Review) -> Overlap:
    """Counted from the records behind each live citation. Included means included at full text."""
    rows = Record.objects.filter(review=review).identified()
    found: dict[int, set[str]] = defaultdict(set)
    records: Counter[str] = Counter()
    for citation, database in rows.values_list("citation", "search_run__database"):
        found[citation].add(database)
        records[database] += 1
    included = _included(review)
    yields = [_yield_of(database, count, found, included) for database, count in records.items()]
    yields.sort(key=lambda each: (-each.citations, each.database))
    names = [each.database for each in yields]
    shared = Counter(tuple(name for name in names if name in databases) for databases in found.values())
    return Overlap(
        tuple(yields),
        tuple(sorted(shared.items(), key=lambda item: (-item[1], len(item[0]), item[0]))),
        len(found),
    )


def _yield_of(
    database: str, records: int, found: Mapping[int, set[str]], included: set[int]
) -> DatabaseYield:
    its = {citation for citation, databases in found.items() if database in databases}
    alone = {citation for citation in its if len(found[citation]) == 1}
    return DatabaseYield(database, records, len(its), len(alone), len(its & included), len(alone & included))


def _included(review: Review) -> set[int]:
    live = Citation.objects.filter(review=review).live()
    return set(live.filter(full_text_state=Conclusion.INCLUDED).values_list("pk", flat=True))
