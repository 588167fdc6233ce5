"""Deduplicates labelled sets and prints copies found and studies lost, with the time taken.

Needs the yardsticks: name their folder in WINNOW_YARDSTICKS, or put it at ../shared. Skips plainly without.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from screening.dedup import DedupRecord, Verdict, cluster, find_matches
from screening.importers import cleaning

FOLDER = Path(os.environ.get("WINNOW_YARDSTICKS", Path(__file__).resolve().parents[2] / "shared")) / "dedup"
SETS = ("asysd", "copper", "respiratory")


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


def main() -> None:
    if not FOLDER.exists():
        print("Skipped: the yardsticks are not here (set WINNOW_YARDSTICKS to their folder).")
        return
    for name in SETS:
        each = records(FOLDER / f"{name}.csv")
        begin = time.perf_counter()
        matches = find_matches(each)
        taken = time.perf_counter() - begin
        same = [(m.first, m.second) for m in matches if m.verdict is Verdict.SAME]
        groups = cluster([r.key for r in each], same)
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["record_id", "cluster_id"])
            writer.writerows((key, number) for number, group in enumerate(groups) for key in group)
            out.flush()
            score = [sys.executable, str(FOLDER / "score.py"), str(FOLDER / f"{name}.csv"), out.name]
            told = subprocess.run(score, capture_output=True, text=True, check=True).stdout.strip()
        print(f"{name}: {taken:.2f} s, {len(matches) - len(same)} pairs for a person, {told}")


if __name__ == "__main__":
    main()
