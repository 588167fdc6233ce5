"""Recount reviews from their rows and compare with what pages and exports say."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviewsite.portability.summaries import differing
from reviewsite.reviews.models import Review


class Command(BaseCommand):
    help = "Recount everything from the rows; one line a review, exit 1 when anything differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "review", nargs="?", help="The review's short name in its address; all when left out."
        )

    def handle(self, *args: Any, review: str | None, **options: Any) -> None:
        reviews = Review.objects.select_related("protocol").order_by("slug")
        if review:
            reviews = reviews.filter(slug=review)
            if not reviews:
                raise CommandError(f"There is no review called {review}.")
        found = False
        for each in reviews:
            told = differing(each)
            found = found or bool(told)
            self.stdout.write(f"{each.slug} {'; '.join(told) if told else 'ok'}")
        if found:
            raise SystemExit(1)
