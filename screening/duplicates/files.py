"""Deduplicates export files without a site: what `manage.py dedupe` reads and writes."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..dedup import Deduplicated, DedupRecord, Evidence, Match, Verdict
from ..importers import ImportProblem, ImportRefused, open_export, table_in
from ..importers import columns as table_columns

ID_COLUMN = "record id"
PAIR_HEADER = (
    "first", "second", "verdict", "score", "rule", "for", "against", "first_title", "second_title"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileOfRecords:
    """A file's records under the names that the result calls them by, and what could not be read in it."""

    path: Path
    records: list[DedupRecord]
    problems: list[ImportProblem]


def read_file(path: Path) -> FileOfRecords:
    """The records of one export file, each named by its record_id column, else FILE:NUMBER.

    Raises OSError, and ImportRefused when the file as a whole cannot be read.
    """
    content = path.read_bytes()
    table = table_in(content)
    fields: list[str] | None = None
    header = ""
    if table is not None:
        header = next((each for each in table.headers if table_columns.plain_name(each) == ID_COLUMN), "")
        fields = list(table.guess)
        if header:
            fields[table.headers.index(header)] = ""
    reading = open_export(content, fields)
    records = [
        DedupRecord.of(raw, next(iter(raw.extra.get(header, ())), "") or f"{path.name}:{number}")
        for number, raw in enumerate(reading.records, 1)
    ]
    return FileOfRecords(path, records, reading.problems)


def under_one_name_each(files: Sequence[FileOfRecords]) -> tuple[list[DedupRecord], list[str]]:
    """The records of all files, and the names that had to be changed because several records had them."""
    times = Counter(record.key for each in files for record in each.records)
    several = [str(key) for key, count in times.items() if count > 1]
    records = [
        replace(record, key=f"{each.path}:{number}") if times[record.key] > 1 else record
        for each in files
        for number, record in enumerate(each.records, 1)
    ]
    return records, several


def write_clusters(path: Path, result: Deduplicated) -> None:
    """record_id and cluster_id, a row a record; records of one cluster are copies of one another."""
    rows = ((key, number) for number, group in enumerate(result.groups, 1) for key in group)
    _write(path, ("record_id", "cluster_id"), rows)


def write_pairs(path: Path, records: Iterable[DedupRecord], matches: Iterable[Match]) -> None:
    """The pairs that a person must tell, and those held to be versions of one work, the surest first."""
    titles = {record.key: record.title for record in records}
    rows = (
        (
            match.first, match.second, match.verdict, match.score, match.rule,
            _told(each for each in match.evidence if each.supports),
            _told(each for each in match.evidence if not each.supports),
            titles[match.first], titles[match.second],
        )
        for match in matches
        if match.verdict in {Verdict.UNSURE, Verdict.VERSION}
    )  # fmt: skip
    _write(path, PAIR_HEADER, rows)


def summary(files: Sequence[FileOfRecords], result: Deduplicated) -> Iterator[str]:
    """Counts a line each, for a person."""
    for each in files:
        yield f"{each.path}: {len(each.records):,} records, {len(each.problems):,} notes on reading"
    total = sum(len(group) for group in result.groups)
    copies = total - len(result.groups)
    share = f" ({copies / total:.1%})" if total else ""
    counts = Counter(match.verdict for match in result.matches)
    yield f"{total:,} records, {copies:,} of them copies{share}: {len(result.groups):,} citations"
    yield f"{counts[Verdict.UNSURE]:,} pairs for a person to tell"
    yield f"{counts[Verdict.VERSION]:,} pairs are versions of one work, to be screened one by one"


def _told(evidence: Iterable[Evidence]) -> str:
    return "; ".join(f"{each.name} ({each.detail})" if each.detail else each.name for each in evidence)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)


__all__ = [
    "FileOfRecords",
    "ImportRefused",
    "read_file",
    "summary",
    "under_one_name_each",
    "write_clusters",
    "write_pairs",
]
