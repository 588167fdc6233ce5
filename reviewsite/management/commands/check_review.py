"""Recount reviews from their rows and compare with what pages and exports say."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.recheck import differences as analysis_differences
from extraction.bias_recount import differences as bias_differences
from extraction.recheck import differences as extraction_differences
from reviewsite.reviews.models import Review
from screening.recount import differences as screening_differences

# Each counts or computes again what a part of the site says.
SECOND_OPINIONS = (
    screening_differences,
    extraction_differences,
    bias_differences,
    analysis_differences,
)


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
            differing = [told for differences in SECOND_OPINIONS for told in differences(each)]
            found = found or bool(differing)
            self.stdout.write(f"{each.slug} {'; '.join(differing) if differing else 'ok'}")
        if found:
            raise SystemExit(1)
