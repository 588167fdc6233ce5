"""The demo's background worker: ends with the process that started it, however that one ends."""

import io
import os
import sys
import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run the background worker until standard input closes. Started by `demo`."

    def handle(self, *args: Any, **options: Any) -> None:
        threading.Thread(target=_end_with_parent, daemon=True).start()
        # One machine has no timer of its own: what came due while it was off runs when it is on again.
        call_command("run_due_searches", verbosity=0, stdout=io.StringIO())
        call_command("db_worker", verbosity=0)


def _end_with_parent() -> None:
    # The pipe's other end closes when the parent exits, also when it is killed outright. It is read without
    # Python's buffer, whose lock a waiting thread would hold: the interpreter cannot end cleanly then.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(0)
