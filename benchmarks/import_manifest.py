"""Compares what the importers read with the manifest of a set of real export files.

Needs the yardsticks: name their folder in WINNOW_YARDSTICKS, or put it at ../shared. Skips plainly without.
"""

import csv
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from screening.importers import ImportRefused, read_records

FOLDER = Path(os.environ.get("WINNOW_YARDSTICKS", Path(__file__).resolve().parents[2] / "shared")) / "imports"


def difference(row: dict[str, str], content: bytes) -> str:
    """What differs from the manifest, or "" when nothing does."""
    try:
        records = read_records(content).records
    except ImportRefused as refusal:
        return f"refused: {refusal}"
    found = {
        "expected_record_count": len(records),
        "n_title": sum(bool(r.title) for r in records),
        "n_doi": sum(bool(r.doi) for r in records),
        "n_pmid": sum(bool(r.pmid) for r in records),
    }
    return ", ".join(f"{k} {row[k]} got {v}" for k, v in found.items() if row[k] != "" and int(row[k]) != v)


def main() -> None:
    manifest = FOLDER / "manifest.csv"
    if not manifest.exists():
        print("Skipped: the yardsticks are not here (set WINNOW_YARDSTICKS to their folder).")
        return
    rows = [row for row in csv.DictReader(manifest.open()) if row["split"] == "visible"]
    told = {row["file"]: difference(row, (FOLDER / "visible" / row["file"]).read_bytes()) for row in rows}
    for row in rows:
        print(f"{row['format']:12} {row['file']:38} {told[row['file']] or 'ok'}")
    print(f"{sum(not each for each in told.values())} of {len(rows)} files as the manifest has them")


if __name__ == "__main__":
    main()
