"""Compares what the importers read with the manifest of a set of real export files.

Needs the yardsticks: name their folder in WINNOW_YARDSTICKS, or put it at ../shared. Skips plainly without.
"""

import csv
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from screening.importers import ImportRefused, cleaning, read_records

FOLDER = Path(os.environ.get("WINNOW_YARDSTICKS", Path(__file__).resolve().parents[2] / "shared")) / "imports"


def letters(title: str) -> str:
    return re.sub(r"\W+", "", title).lower()[:60]


def difference(row: dict[str, str], content: bytes) -> str:
    """What was read otherwise than the manifest has it, or "" when nothing was.

    The manifest counts lines with a DOI or PMID in their own tag: several of them may belong to one record,
    and records may have theirs in other tags. So of the identifiers the first is compared.
    """
    try:
        records = read_records(content).records
    except ImportRefused as refusal:
        return f"refused: {refusal}"
    first, last = letters(row["first_title"]), letters(row["last_title"])
    doi, pmid = cleaning.doi(row["first_doi"]), row["first_pmid"]
    checks = {
        f"{len(records)} records, not {row['expected_record_count']}": str(len(records))
        == row["expected_record_count"],
        "first title": letters(records[0].title).startswith(first),
        "last title": letters(records[-1].title).startswith(last),
        f"first DOI {doi}": not doi or doi == next((r.doi for r in records if r.doi), ""),
        f"first PMID {pmid}": not pmid or pmid == next((r.pmid for r in records if r.pmid), ""),
    }
    return ", ".join(said for said, holds in checks.items() if not holds)


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
