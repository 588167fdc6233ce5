"""`manage.py dedupe FILE [FILE ...] --out clusters.csv`: which records are copies. Needs no site."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.dedup import deduplicate
from screening.duplicates import files as dedup_files
from screening.importers import ImportRefused


class Command(BaseCommand):
    help = (
        "Find the copies among the records of export files and write which record belongs to which cluster."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            nargs="+",
            type=Path,
            metavar="FILE",
            help="any format that an import takes; a table may name its records in a column record_id",
        )
        parser.add_argument(
            "--out", type=Path, required=True, help="a CSV of record_id and cluster_id is written here"
        )
        parser.add_argument(
            "--unsure",
            type=Path,
            help="a CSV of the pairs that a person must tell, with the evidence, is written here",
        )

    def handle(self, *, files: list[Path], out: Path, unsure: Path | None, **options: Any) -> None:
        _refuse_overwriting(files, out, unsure)
        read = [_read(file) for file in files]
        records, several = dedup_files.under_one_name_each(read)
        if several:
            self.stderr.write(
                f"{len(several):,} record_ids stand on several records ({', '.join(several[:3])}, ...); "
                "those records are named FILE:NUMBER instead."
            )
        begin = time.perf_counter()
        result = deduplicate(records)
        taken = time.perf_counter() - begin
        try:
            dedup_files.write_clusters(out, result)
            if unsure:
                dedup_files.write_pairs(unsure, records, result.matches)
        except OSError as problem:
            raise CommandError(f"{problem.filename} cannot be written: {problem.strerror}.") from problem
        for line in dedup_files.summary(read, result):
            self.stdout.write(line)
        self.stdout.write(
            f"Compared {result.pairs_compared:,} pairs in {taken:.1f} s. Clusters are in {out}."
        )


def _read(path: Path) -> dedup_files.FileOfRecords:
    try:
        return dedup_files.read_file(path)
    except OSError as problem:
        raise CommandError(f"{path} cannot be read: {problem.strerror}.") from problem
    except ImportRefused as refusal:
        raise CommandError(f"{path}: {refusal}") from refusal


def _refuse_overwriting(files: list[Path], *written: Path | None) -> None:
    """What is read must not be written over."""
    read = {file.resolve() for file in files}
    for path in written:
        if path and path.resolve() in read:
            raise CommandError(f"{path} is one of the files to read; name another file to write.")
