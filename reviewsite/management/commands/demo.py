"""`manage.py demo`: the worked example in a running site, in one process group that ends together."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from reviewsite.example.sources import STANDIN_RECORDS, read_sources

MANAGE = str(settings.BASE_DIR / "manage.py")


class Command(BaseCommand):
    help = "Start a site with the worked example: migrate, load, serve, and open the browser."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", type=int, default=8000, help="The next free port is taken when it is in use."
        )
        parser.add_argument("--no-browser", action="store_true", help="Do not open a browser.")

    def handle(self, *args: Any, port: int, no_browser: bool, **options: Any) -> None:
        # Ctrl-C too: a shell that starts a command in the background has it ignored.
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), _as_interrupt)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_example", stdout=self.stdout)
        self.collect_static()
        from screening.eutils_standin import serve

        stand_in = serve(STANDIN_RECORDS)
        # Web and worker read the same setting; it is taken over by this process and by its child.
        os.environ["WINNOW_ENTREZ_URL"] = settings.ENTREZ_URL = stand_in.base_url
        listening = _free_socket(port)
        worker = self.start_worker()
        try:
            self.serve(listening, no_browser)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping.")
        finally:
            _end(worker)
            stand_in.close()

    def collect_static(self) -> None:
        """Gather the static files unless what is installed and what is ours is gathered already."""
        from reviewsite import bootstrap

        stamp = Path(settings.STATIC_ROOT) / ".gathered"
        own = max(
            path.stat().st_mtime for path in settings.BASE_DIR.glob("*/**/static/**/*") if path.is_file()
        )
        wanted = f"{bootstrap.fingerprint('requirements.txt')} {own}"
        if not stamp.exists() or stamp.read_text() != wanted:
            call_command("collectstatic", verbosity=0, interactive=False)
            stamp.write_text(wanted)

    def start_worker(self) -> subprocess.Popen[bytes]:
        """The background worker. It ends when the pipe to this process closes, even if this one is killed."""
        command = [sys.executable, MANAGE, "demo_worker"]
        return subprocess.Popen(command, stdin=subprocess.PIPE)

    def serve(self, listening: socket.socket, no_browser: bool) -> None:
        from waitress import create_server

        from reviewsite.wsgi import application

        url = f"http://localhost:{listening.getsockname()[1]}/"
        server = create_server(application, sockets=[listening], threads=8)
        threading.Thread(target=self.announce, args=(url, no_browser), daemon=True).start()
        server.run()

    def announce(self, url: str, no_browser: bool) -> None:
        from reviewsite.example.loader import DEMO_PASSWORD

        people = read_sources().review["people"]
        lines = [f"  {person['email']:28} {person['name']}" for person in people]
        self.stdout.write(
            f"\nWinnow is running at {url}\n\nSign in as one of these, password {DEMO_PASSWORD}:\n"
            + "\n".join(lines)
            + "\n\nCtrl-C stops it.\n"
        )
        self.stdout.flush()
        has_screen = os.name == "nt" or sys.platform == "darwin" or os.environ.get("DISPLAY")
        if has_screen and not no_browser:
            time.sleep(0.2)
            webbrowser.open(url)


def _as_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _free_socket(port: int) -> socket.socket:
    """A bound socket on the port, or on the next free one; two demos at once do not collide."""
    for candidate in [port] if port == 0 else range(port, port + 50):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name != "nt":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", candidate))
        except OSError:
            listening.close()
            continue
        return listening
    raise CommandError(f"No port from {port} to {port + 49} is free. Choose another with --port.")


def _end(worker: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        worker.stdin.close()
    worker.terminate()
    try:
        worker.wait(timeout=10)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
