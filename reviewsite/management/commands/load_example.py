"""Load the worked example into this site's database; running it again changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from reviewsite.example.loader import load_example


class Command(BaseCommand):
    help = "Load the worked example review through the real rules. It is left alone when it is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        review, is_new = load_example()
        self.stdout.write(f"{review.slug}: {'loaded' if is_new else 'already there, left as it is'}")
