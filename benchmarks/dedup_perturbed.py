"""Deduplicates works that never were, perturbed as databases do, where every copy is known.

    python benchmarks/dedup_perturbed.py [--large]

Prints what becomes of each kind of copy and of false friend. With --large: 10,000 to 100,000 records at once,
with seconds, memory, pairs compared, copies found and documents lost.
"""

import resource
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import random
from dataclasses import replace
from itertools import islice

from benchmarks.dedup_works import COPIES, FRIENDS, Change, labelled, works
from screening.dedup import Verdict, compare, deduplicate

EACH = 500
SIZES = (10_000, 25_000, 50_000, 100_000)


def by_kind(kinds: dict[str, Change]) -> None:
    """What the rules make of a work and its changed record."""
    for name, change in kinds.items():
        dice = random.Random(name)
        told = Counter(
            compare(work, replace(change(dice, work), key=-1)).verdict for work in islice(works(7), EACH)
        )
        share = {verdict: told[verdict] / EACH for verdict in Verdict}
        print(f"  {name:32}" + "".join(f"{verdict} {share[verdict]:6.1%}   " for verdict in Verdict))


def whole(size: int) -> None:
    records = labelled(round(size / 2.34), seed=size)[:size]
    begin, processor = time.perf_counter(), time.process_time()
    result = deduplicate([each.record for each in records])
    taken, busy = time.perf_counter() - begin, time.process_time() - processor
    document = {each.record.key: each.document for each in records}
    copies = len(records) - len(set(document.values()))
    found = lost = 0
    for group in result.groups:
        kinds = {document[key] for key in group}
        found += len(group) - len(kinds)
        lost += len(kinds) - 1
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    unsure = sum(match.verdict is Verdict.UNSURE for match in result.matches)
    print(
        f"{len(records):7,} records: {taken:5.1f} s ({busy:.1f} s of processor), {memory:.2f} GB at most, "
        f"{result.pairs_compared / len(records):.1f} pairs a record; {found:,} of {copies:,} copies found "
        f"({found / copies:.1%}), {lost} documents lost, {unsure:,} pairs for a person",
        flush=True,
    )


def main() -> None:
    if "--large" in sys.argv:
        for size in SIZES:
            whole(size)
        return
    print("Copies, which should be the same:")
    by_kind(COPIES)
    print("False friends, which should never be the same:")
    by_kind(FRIENDS)
    whole(4_000)


if __name__ == "__main__":
    main()
