"""`manage.py backup`: one file with all rows and all uploaded files, made while people work."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reviewsite.operations.archive import ArchiveProblem, read_manifest, verify
from reviewsite.operations.backups import BackupProblem, make_backup


class Command(BaseCommand):
    help = "Write a backup into a folder, read it again and compare its checksums."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", help="WINNOW_BACKUP_DIR when left out.")
        parser.add_argument("--keep", type=int, default=0, help="Remove older backups beyond this number.")

    def handle(self, *args: Any, folder: str | None, keep: int, **options: Any) -> None:
        chosen = folder or settings.BACKUP_DIR
        if not chosen:
            raise CommandError("Name a folder, or set WINNOW_BACKUP_DIR.")
        try:
            backup = make_backup(Path(chosen), keep=keep)
            manifest = read_manifest(Path(backup.file))
            verify(Path(backup.file), manifest)
        except (BackupProblem, ArchiveProblem) as problem:
            raise CommandError(str(problem)) from problem
        rows = sum(table.rows for table in manifest.tables)
        files = sum(name.startswith("files/") for name in manifest.members)
        self.stdout.write(
            f"{backup.file}: {rows} rows, {files} files, {backup.size} bytes, checksums compared."
        )
