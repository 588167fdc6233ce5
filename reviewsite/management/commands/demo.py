"""`manage.py demo`: the worked example in a running site, in one process group that ends together."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import webbrowser
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from reviewsite.example.loader import DEMO_PASSWORD
from reviewsite.example.sources import STANDIN_RECORDS, read_sources
from reviewsite.set_aside import DatabaseInUse, set_aside

MANAGE = str(settings.BASE_DIR / "manage.py")
# Ctrl-C, a kill, and the closing of the terminal, where the system has each.
ENDINGS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
PORTS_TRIED = 50


class Command(BaseCommand):
    help = "Start a site with the worked example: migrate, load, serve, and open the browser."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=port_number, default=8000, help="The next free port is taken when it is in use."
        )
        parser.add_argument("--no-browser", action="store_true", help="Do not open a browser.")
        parser.add_argument(
            "--fresh", action="store_true", help="Begin anew; what is there is kept in a folder beside it."
        )

    def handle(self, *args: Any, port: int, no_browser: bool, fresh: bool, **options: Any) -> None:
        for ending in ENDINGS:
            signal.signal(ending, _as_interrupt)
        with ExitStack() as running:
            with suppress(KeyboardInterrupt):
                self.prepare(fresh)
                self.run(running, port, no_browser)
            # Once it is ending, another Ctrl-C must not interrupt that.
            for ending in ENDINGS:
                signal.signal(ending, signal.SIG_IGN)
            with suppress(OSError):  # the terminal may be gone
                self.say("\nStopping.")

    def prepare(self, fresh: bool) -> None:
        """A database with the example in it, and the static files in their place."""
        if fresh:
            self.begin_anew()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_example", stdout=self.stdout)
        gather_static_files()

    def begin_anew(self) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("--fresh is for SQLite; name a new database in DATABASE_URL instead.")
        folder = settings.DATA_DIR / f"set-aside-{datetime.now():%Y%m%d-%H%M%S}"
        database = Path(connection.settings_dict["NAME"])
        try:
            if set_aside(database=database, files=Path(settings.MEDIA_ROOT), folder=folder):
                self.say(f"What was there is kept in {folder}")
        except DatabaseInUse as reason:
            raise CommandError(f"{reason}. Stop the other site first.") from reason

    def run(self, running: ExitStack, port: int, no_browser: bool) -> None:
        """Start the PubMed stand-in and the worker, then serve until something ends it."""
        from screening.eutils_standin import serve

        stand_in = serve(STANDIN_RECORDS)
        running.callback(stand_in.close)
        # Web and worker read the same setting; it is taken over by this process and by its child.
        os.environ["WINNOW_ENTREZ_URL"] = settings.ENTREZ_URL = stand_in.base_url
        listening = listen_on_free_port(port)
        if port not in (0, listening.getsockname()[1]):
            self.say(f"Port {port} is in use, so the next free one is taken.")
        worker = start_worker()
        running.callback(end_worker, worker)
        self.serve(listening, no_browser)

    def serve(self, listening: socket.socket, no_browser: bool) -> None:
        from waitress import create_server

        from reviewsite.wsgi import application

        server = create_server(application, sockets=[listening], threads=8)
        url = f"http://localhost:{listening.getsockname()[1]}/"
        self.announce(url)
        if has_screen() and not no_browser:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        server.run()

    def announce(self, url: str) -> None:
        people = read_sources().review["people"]
        self.say(
            f"\nWinnow is running at {url}\n\nSign in as one of these, password {DEMO_PASSWORD}:\n"
            + "\n".join(f"  {person['email']:28} {person['name']}" for person in people)
            + "\n\nCtrl-C stops it."
        )

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def gather_static_files() -> None:
    """Gather the static files unless these very files were gathered already, in this very way."""
    stamp = Path(settings.STATIC_ROOT) / ".gathered"
    wanted = _state_of_static_files()
    if not stamp.exists() or stamp.read_text() != wanted:
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(wanted)


def _state_of_static_files() -> str:
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = os.stat(storage.path(name))
            digest.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def port_number(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def listen_on_free_port(port: int) -> socket.socket:
    """A socket listening on the port, or on the next free one; 0 leaves the choice to the system."""
    last = min(port + PORTS_TRIED, 65536) - 1
    for candidate in [port] if port == 0 else range(port, last + 1):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name != "nt":
            # There it would let two sites share one port.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", candidate))
            # Two sites that start at once may both bind; only one of them can listen.
            listening.listen()
        except OSError:
            listening.close()
            continue
        return listening
    raise CommandError(f"No port from {port} to {last} can be had. Choose another with --port.")


def start_worker() -> subprocess.Popen[bytes]:
    """The background worker. It ends when the pipe to this process closes, even if this one is killed."""
    return subprocess.Popen([sys.executable, MANAGE, "demo_worker"], stdin=subprocess.PIPE)


def end_worker(worker: subprocess.Popen[bytes]) -> None:
    """Ask the worker to end, wait for the task it is at, and end it outright when that takes long."""
    worker.terminate()
    try:
        # The pipe stays open meanwhile: its closing would cut the task off.
        worker.wait(timeout=10)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def has_screen() -> bool:
    return os.name == "nt" or sys.platform == "darwin" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & {*os.environ})


def _as_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
