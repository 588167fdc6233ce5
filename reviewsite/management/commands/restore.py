"""`manage.py restore`: a backup into an empty site, recounted afterwards."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviewsite.operations.archive import ArchiveProblem, read_manifest, verify
from reviewsite.operations.backups import BackupProblem, restore
from reviewsite.operations.dump import DumpProblem


class Command(BaseCommand):
    help = "Restore a backup into an empty site: checksums, rows, files, newer migrations, recount."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive")
        parser.add_argument("--check", action="store_true", help="Only read it and compare its checksums.")

    def handle(self, *args: Any, archive: str, check: bool, **options: Any) -> None:
        path = Path(archive)
        try:
            manifest = read_manifest(path)
            if check:
                verify(path, manifest)
                self.stdout.write(f"{path.name} of {manifest.made_at}: whole.")
                return
            told = restore(path)
        except (BackupProblem, ArchiveProblem, DumpProblem) as problem:
            raise CommandError(str(problem)) from problem
        for line in told:
            self.stdout.write(line)
        if not all(line.endswith(" ok") for line in told):
            raise SystemExit(1)
        self.stdout.write(
            "Restored. Everybody signs in again; run `manage.py db_worker` for what was queued."
        )
