"""Bring in a review that another installation exported: all of it, or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from reviewsite.portability.errors import CarryingRefused
from reviewsite.portability.importing import import_review


class Command(BaseCommand):
    help = (
        "Bring in a review from the ZIP file that export_review wrote; people are mapped by e-mail address."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--slug", default="", help="Another short name than the one in the file.")

    def handle(self, *args: Any, file: Path, slug: str, **options: Any) -> None:
        try:
            review = import_review(path=file, slug=slug)
        except (CarryingRefused, DatabaseError, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        members = review.memberships.current().count()
        self.stdout.write(f"{review.slug}: “{review.title}” is here, with {members} members.")
