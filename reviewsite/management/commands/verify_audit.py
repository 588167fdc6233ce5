"""Check the audit logs of reviews: one line each, exit 1 when an entry is not what it was."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviewsite.reviews.models import Review
from reviewsite.trail.verifying import MOST_TOLD, verify


class Command(BaseCommand):
    help = "Compute every hash of the audit log again and hold the decisions against it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("review", nargs="?", help="The review's short name; all when left out.")
        parser.add_argument("--expect", default="", metavar="HASH", help="A hash noted earlier.")

    def handle(self, *args: Any, review: str | None, expect: str, **options: Any) -> None:
        reviews = Review.objects.order_by("slug")
        if review:
            reviews = reviews.filter(slug=review)
            if not reviews:
                raise CommandError(f"There is no review called {review}.")
        elif expect:
            raise CommandError("Say which review the hash is of.")
        failed = False
        for each in reviews:
            found = verify(each, expected=expect)
            failed = failed or bool(found.problems)
            told = "; ".join(found.problems[:MOST_TOLD]) or f"ok, {found.entries} entries, {found.head}"
            self.stdout.write(f"{each.slug} {told}")
        if failed:
            raise SystemExit(1)
