"""Finds copies of a record among others: normalise, block, compare, decide, cluster. Knows nothing of Django.

    found = deduplicate(records)
    found.groups, found.matches

A lost study is far worse than a missed copy, so what is not sure goes to a person.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .blocking import candidate_pairs
from .clustering import cluster, components
from .columns import Codes, Columns, columns
from .evidence import worth_comparing
from .normalise import Normal, normal
from .records import DedupRecord, Evidence, Key, Match, Verdict
from .verdicts import GUARD_RULES, Judged

Progress = Callable[[int, int], None] | None
# So many pairs are compared at a time: enough to be quick, few enough to fit into memory.
CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """Pairs that are the same, versions of one work or unsure, the surest first; and the groups of copies.

    pairs_compared: how many pairs of records shared a trait and were looked at.
    """

    matches: list[Match]
    groups: list[list[Key]]
    pairs_compared: int


def deduplicate(records: Sequence[DedupRecord], progress: Progress = None) -> Deduplicated:
    """Everything about a set of records at once. Only sure pairs make groups.

    progress: called with the number of pairs compared so far and in all.
    """
    everything = [normal(record) for record in records]
    first, second = candidate_pairs(everything, len(records))
    matches = _matches(columns(everything), first, second, progress)
    same = _sure(matches)
    apart = _strongly_apart({each.key: each for each in everything}, same)
    groups = cluster([record.key for record in records], same, [(each.first, each.second) for each in apart])
    return Deduplicated(matches, groups, len(first))


def find_matches(
    records: Iterable[DedupRecord], earlier: Iterable[DedupRecord] = (), progress: Progress = None
) -> list[Match]:
    """Pairs that are the same, versions of one work, or for a person to tell; the surest first.

    Compares the records with one another and with the earlier ones, never the earlier ones among themselves.
    progress: called with the number of pairs compared so far and in all.
    """
    everything = [normal(record) for record in records]
    new = len(everything)
    everything.extend(normal(record) for record in earlier)
    first, second = candidate_pairs(everything, new)
    return _matches(columns(everything), first, second, progress)


def compare(first: DedupRecord, second: DedupRecord) -> Match:
    """The evidence on any one pair and what the rules make of it."""
    return Judged(columns([normal(first), normal(second)]), np.array([0]), np.array([1])).match(0)


def held_apart(records: Sequence[DedupRecord], same: Iterable[tuple[Key, Key]]) -> list[Match]:
    """Pairs that a chain of likenesses would bring into one cluster, with strong evidence against it.

    A record that tells little, say a title alone, can resemble two that plainly differ.
    """
    same = list(same)
    needed = {key for pair in same for key in pair}
    return _strongly_apart({record.key: normal(record) for record in records if record.key in needed}, same)


def _matches(table: Columns, first: Codes, second: Codes, progress: Progress) -> list[Match]:
    found: list[Match] = []
    for begin in range(0, len(first), CHUNK):
        a, b = first[begin : begin + CHUNK], second[begin : begin + CHUNK]
        worth = worth_comparing(table, a, b)
        judged = Judged(table, a[worth], b[worth])
        found.extend(judged.match(n) for n in judged.where(Verdict.SAME, Verdict.UNSURE, Verdict.VERSION))
        if progress:
            progress(min(begin + CHUNK, len(first)), len(first))
    return sorted(found, key=lambda match: (-match.score, str(match.first), str(match.second)))


def _sure(matches: Iterable[Match]) -> list[tuple[Key, Key]]:
    return [(match.first, match.second) for match in matches if match.verdict is Verdict.SAME]


def _strongly_apart(known: Mapping[Key, Normal], same: Iterable[tuple[Key, Key]]) -> list[Match]:
    groups = [group for group in components(same) if len(group) > 2]
    members = [known[key] for group in groups for key in group]
    place = {record.key: n for n, record in enumerate(members)}
    table = columns(members)
    pairs = [(place[a], place[b]) for group in groups for a, b in combinations(group, 2)]
    found: list[Match] = []
    for begin in range(0, len(pairs), CHUNK):
        chunk: Codes = np.array(pairs[begin : begin + CHUNK], np.int64)
        judged = Judged(table, chunk[:, 0], chunk[:, 1])
        found.extend(judged.match(n) for n in np.flatnonzero(judged.strongly_apart()).tolist())
    return found


__all__ = [
    "GUARD_RULES",
    "DedupRecord",
    "Deduplicated",
    "Evidence",
    "Key",
    "Match",
    "Verdict",
    "cluster",
    "compare",
    "deduplicate",
    "find_matches",
    "held_apart",
]
