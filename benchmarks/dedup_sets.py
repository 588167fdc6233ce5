"""Deduplicates labelled sets: copies found, studies lost, seconds, pairs compared and what blocking misses.

Needs the yardsticks: name their folder in WINNOW_YARDSTICKS, or put it at ../shared. Skips plainly without.
With WINNOW_BIB_DEDUPE=/path/to/python of an environment that has bib-dedupe, runs it in turn on the same
set and prints the ratio of the times. Each is run three times and its best time taken: machines are shared.

    python benchmarks/dedup_sets.py [--all-pairs]

--all-pairs compares every pair of a set (a minute each) and counts sure pairs that blocking did not propose.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from screening.dedup import DedupRecord, Key, Verdict, deduplicate
from screening.dedup.blocking import candidate_pairs
from screening.dedup.columns import columns
from screening.dedup.evidence import worth_comparing
from screening.dedup.normalise import normal
from screening.dedup.verdicts import Judged
from screening.importers import cleaning

FOLDER = Path(os.environ.get("WINNOW_YARDSTICKS", Path(__file__).resolve().parents[2] / "shared")) / "dedup"
SETS = ("asysd", "copper", "respiratory")
PEER = os.environ.get("WINNOW_BIB_DEDUPE", "")
RUNS = 3
PEER_PROGRAM = """
import sys, time
import pandas as pd
from bib_dedupe.bib_dedupe import block, cluster, match, prep
rows = pd.read_csv(sys.argv[1], dtype=str).fillna("")
rows = rows.rename(columns={"record_id": "ID", "authors": "author", "issue": "number"})
rows["ENTRYTYPE"], rows["search_set"] = "article", ""
begin = time.perf_counter()
pairs = block(prep(rows, cpu=2), cpu=2)
groups = cluster(match(pairs, cpu=2))
taken = time.perf_counter() - begin
with open(sys.argv[2], "w") as out:
    out.write("record_id,cluster_id\\n")
    known = set()
    for number, group in enumerate(groups):
        for key in group:
            known.add(key)
            out.write(f"{key},{number}\\n")
    for key in rows["ID"]:
        if key not in known:
            out.write(f"{key},alone:{key}\\n")
print(taken, len(pairs))
"""


def records(path: Path) -> list[DedupRecord]:
    csv.field_size_limit(10_000_000)
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [
            DedupRecord(
                key=row["record_id"],
                title=row["title"],
                authors=tuple(name for name in row["authors"].split("; ") if name),
                year=cleaning.year(row["year"]),
                journal=row["journal"],
                volume=row["volume"],
                issue=row["issue"],
                pages=row["pages"],
                doi=cleaning.doi(row["doi"]),
                pmid=row["pmid"],
                abstract=row["abstract"],
                publication_type=row.get("publication_type", ""),
            )
            for row in csv.DictReader(file)
        ]


def scored(gold: Path, predicted: Path) -> dict:
    score = [sys.executable, str(FOLDER / "score.py"), str(gold), str(predicted)]
    return json.loads(subprocess.run(score, capture_output=True, text=True, check=True).stdout)


def written(groups: list[list[Key]], path: Path) -> Path:
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["record_id", "cluster_id"])
        writer.writerows((key, number) for number, group in enumerate(groups) for key in group)
    return path


def missed_by_blocking(each: list[DedupRecord]) -> int:
    """Pairs that would be linked by rule if every pair were compared, and that share no trait."""
    everything = [normal(record) for record in each]
    table, count = columns(everything), len(everything)
    first, second = candidate_pairs(everything, count)
    proposed = set((first * count + second).tolist())
    missed = 0
    for a in range(count - 1):
        x, y = np.full(count - a - 1, a), np.arange(a + 1, count)
        worth = worth_comparing(table, x, y)
        judged = Judged(table, x[worth], y[worth])
        missed += sum(a * count + int(y[worth][n]) not in proposed for n in judged.where(Verdict.SAME))
    return missed


def measure(name: str, folder: Path, all_pairs: bool) -> None:
    gold = FOLDER / f"{name}.csv"
    each = records(gold)
    ours, theirs = [], []
    for _ in range(RUNS):
        begin = time.perf_counter()
        result = deduplicate(each)
        ours.append(time.perf_counter() - begin)
        if PEER:
            out = folder / f"{name}-peer.csv"
            run = subprocess.run(
                [PEER, "-c", PEER_PROGRAM, str(gold), str(out)], capture_output=True, text=True, check=True
            )
            taken, pairs = run.stdout.split()[-2:]
            theirs.append(float(taken))
    told = scored(gold, written(result.groups, folder / f"{name}.csv"))
    unsure = sum(match.verdict is Verdict.UNSURE for match in result.matches)
    print(
        f"{name}: {told['found']} of {told['duplicates']} found, {told['lost']} lost, {min(ours):.2f} s, "
        f"{result.pairs_compared / len(each):.1f} pairs a record, {unsure} pairs for a person"
    )
    if all_pairs:
        print(f"  sure pairs missed by blocking: {missed_by_blocking(each)}")
    if PEER:
        told = scored(gold, out)
        print(
            f"  bib-dedupe: {told['found']} found, {told['lost']} lost, {min(theirs):.2f} s, "
            f"{int(pairs) / len(each):.1f} pairs a record; {min(theirs) / min(ours):.1f} times our time"
        )


def main() -> None:
    if not FOLDER.exists():
        print("Skipped: the yardsticks are not here (set WINNOW_YARDSTICKS to their folder).")
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in SETS:
            measure(name, Path(folder), "--all-pairs" in sys.argv)


if __name__ == "__main__":
    main()
