"""Write a whole review into one file that another installation can bring in."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviewsite.portability.errors import CarryingRefused
from reviewsite.portability.exporting import export_review
from reviewsite.reviews.models import Review


class Command(BaseCommand):
    help = "Write a review with all its rows, files and people into a ZIP file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("review", help="The review's short name in its address.")
        parser.add_argument("file", type=Path)
        parser.add_argument("--overwrite", action="store_true", help="Replace a file that is there already.")

    def handle(self, *args: Any, review: str, file: Path, overwrite: bool, **options: Any) -> None:
        found = Review.objects.select_related("protocol").filter(slug=review).first()
        if found is None:
            raise CommandError(f"There is no review called {review}.")
        if file.exists() and not overwrite:
            raise CommandError(f"{file} is there already; --overwrite replaces it.")
        try:
            manifest = export_review(review=found, target=file)
        except (CarryingRefused, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        rows = sum(member.rows for member in manifest.members.values())
        files = sum(name.startswith("files/") for name in manifest.members)
        self.stdout.write(f"{file}: {rows} rows, {files} files, {file.stat().st_size / 1e6:.1f} MB")
