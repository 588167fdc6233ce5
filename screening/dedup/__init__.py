"""Finds copies of a record among others: normalise, block, compare, decide, cluster. Knows nothing of Django.

    matches = find_matches(records)
    groups = cluster(keys, [(m.first, m.second) for m in matches if m.verdict is Verdict.SAME])

A lost study is far worse than a missed copy, so what is not sure goes to a person.
"""

from collections.abc import Callable, Sequence

from .blocking import candidate_pairs
from .clustering import cluster
from .normalise import normal
from .records import DedupRecord, Evidence, Key, Match, Verdict
from .scoring import judge

Progress = Callable[[int, int], None] | None


def find_matches(
    records: Sequence[DedupRecord], earlier: Sequence[DedupRecord] = (), progress: Progress = None
) -> list[Match]:
    """Pairs that are the same or for a person to tell, the surest first.

    Compares the records with one another and with the earlier ones, never the earlier ones among themselves.
    progress: called with the number of pairs compared so far and in all.
    """
    everything = [normal(record) for record in (*records, *earlier)]
    pairs = candidate_pairs(everything, frozenset(range(len(records))))
    found = []
    for number, (a, b) in enumerate(pairs, 1):
        match = judge(everything[a], everything[b])
        if match.verdict is not Verdict.DIFFERENT:
            found.append(match)
        if progress:
            progress(number, len(pairs))
    return sorted(found, key=lambda match: (-match.score, str(match.first), str(match.second)))


def compare(first: DedupRecord, second: DedupRecord) -> Match:
    """The evidence on any one pair and what the rules make of it."""
    return judge(normal(first), normal(second))


__all__ = ["DedupRecord", "Evidence", "Key", "Match", "Verdict", "cluster", "compare", "find_matches"]
