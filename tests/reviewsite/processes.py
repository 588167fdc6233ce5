"""Workers and web servers as processes of their own, on the database of the test, to be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import connection

PATIENCE = 120


def environment(folder) -> dict[str, str]:
    """The settings of a process that works on the very database and files of the test."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("WINNOW_")}
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{told['NAME']}"
    else:
        access = f"{told['USER']}:{told['PASSWORD']}".rstrip(":")
        address = f"postgres://{access}@{told['HOST'] or '127.0.0.1'}:{told['PORT'] or 5432}/{told['NAME']}"
    # No static files are gathered here; sessions are signed with the key of the process of the test.
    static = {"WINNOW_DEBUG": "1", "WINNOW_SECRET_KEY": settings.SECRET_KEY}
    return {
        **own,
        **static,
        "DATABASE_URL": address,
        "WINNOW_DATA_DIR": str(folder),
        "WINNOW_HOSTS": "127.0.0.1",
    }


def until(what: Callable[[], object], told: str) -> None:
    """Wait for it; fails when it does not come about."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, f"never: {told}"
        time.sleep(0.01)


class Processes:
    """Starts them in a folder, and ends all that is left."""

    def __init__(self, folder) -> None:
        self.folder, self.all = folder, []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        # A group of its own: what a process started is killed with it, as by the end of a machine.
        started = subprocess.Popen(
            [sys.executable, *words],
            env=environment(self.folder),
            cwd=settings.BASE_DIR,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.all.append(started)
        return started

    def worker(self, *words: str) -> subprocess.Popen[bytes]:
        return self.start("manage.py", "db_worker", "--interval", "0.1", *words)

    def work_all(self) -> None:
        assert self.worker("--batch").wait(PATIENCE) == 0

    def web(self, port: int) -> subprocess.Popen[bytes]:
        started = self.start("-m", "waitress", "--listen", f"127.0.0.1:{port}", "reviewsite.wsgi:application")
        until(lambda: answers(port), "the web server answers")
        return started

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for process in self.all:
            self.kill(process)


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
