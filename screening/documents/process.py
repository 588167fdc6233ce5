"""Reading a PDF in a process of its own, so that no file can harm the site or the worker."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .pages import NotReadable

ROOT = Path(__file__).resolve().parents[2]
# A paper takes two seconds; a thesis of a thousand pages a few minutes.
SECONDS_A_FILE = 900


def read_apart(path: Path, folder: Path, seconds: float = SECONDS_A_FILE) -> Iterator[dict[str, Any]]:
    """What `reading.read` yields, from a child process. Raises NotReadable, also when the child dies."""
    command = [
        sys.executable,
        "-m",
        "screening.documents.reading",
        str(path.resolve()),
        str(folder.resolve()),
    ]
    child = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    alarm = threading.Timer(seconds, child.kill)
    alarm.start()
    try:
        assert child.stdout is not None
        for line in child.stdout:
            found = json.loads(line)
            if "refused" in found:
                raise NotReadable(found["refused"])
            yield found
        if child.wait() != 0:
            raise NotReadable(_why_it_ended(child.returncode, alarm.is_alive(), seconds))
    finally:
        alarm.cancel()
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


def _why_it_ended(code: int, in_time: bool, seconds: float) -> str:
    if not in_time:
        return f"Reading this PDF took longer than {seconds / 60:.0f} minutes and was stopped."
    return (
        f"This PDF could not be read to its end (the reader stopped with code {code}). "
        "Print it to a new PDF and upload that."
    )
