"""`manage.py db_worker`: the background worker. As many as wanted, on all machines that share the queue."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.crypto import get_random_string

from reviewsite.operations.worker import Worker


class Command(BaseCommand):
    help = (
        "Do what is queued, until a signal: the first ends after the task at hand, the second puts it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--interval", type=float, default=1.0, help="Seconds between looks into an empty queue."
        )
        parser.add_argument("--batch", action="store_true", help="End when the queue is empty.")

    def handle(self, *args: Any, interval: float, batch: bool, **options: Any) -> None:
        worker = Worker(worker_id=get_random_string(32), interval=interval, batch=batch)
        worker.listen_to_signals()
        worker.run()
