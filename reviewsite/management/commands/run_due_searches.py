"""`manage.py run_due_searches`: queue the saved searches whose schedule asks for it. For cron or a timer."""

from typing import Any

from django.core.management.base import BaseCommand

from screening.searches.saved_searches import run_due


class Command(BaseCommand):
    help = "Queue every saved PubMed search that is due today; the background worker runs them."

    def handle(self, *args: Any, **options: Any) -> None:
        runs = run_due()
        for run in runs:
            self.stdout.write(f"{run.review.slug}: {run.saved_search}")
        self.stdout.write(f"{len(runs)} {'search' if len(runs) == 1 else 'searches'} queued.")
