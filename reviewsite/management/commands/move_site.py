"""`manage.py move_site`: the rows of another database into this one, recounted. For SQLite to PostgreSQL."""

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from reviewsite.operations.archive import ArchiveProblem
from reviewsite.operations.backups import BackupProblem, restore, write_archive
from reviewsite.operations.dump import DumpProblem

SOURCE = "source"


class Command(BaseCommand):
    help = (
        "Copy all rows of another database (--from sqlite:////path/winnow.sqlite3) into the empty one that "
        "DATABASE_URL names. Uploaded files stay where they are: keep WINNOW_DATA_DIR."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="source", required=True, help="Address of the other database.")

    def handle(self, *args: Any, source: str, **options: Any) -> None:
        connections.databases[SOURCE] = connections.configure_settings(
            {"default": connections.databases["default"], SOURCE: dj_database_url.parse(source)}
        )[SOURCE]
        try:
            with tempfile.TemporaryDirectory(prefix="winnow-move-") as room:
                path = Path(room) / "site.tar"
                manifest = write_archive(path, SOURCE, with_files=False)
                told = restore(path, with_files=False)
        except (BackupProblem, ArchiveProblem, DumpProblem) as problem:
            raise CommandError(str(problem)) from problem
        finally:
            connections[SOURCE].close()
            del connections.databases[SOURCE]
        for line in told:
            self.stdout.write(line)
        if not all(line.endswith(" ok") for line in told):
            raise SystemExit(1)
        self.stdout.write(f"{sum(table.rows for table in manifest.tables)} rows moved and recounted.")
