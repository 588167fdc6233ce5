"""The demo as a newcomer starts it: one command, an answering page, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings

pytestmark = [
    pytest.mark.xdist_group("example"),
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="Looks for left-over processes in /proc."),
]
STARTED = re.compile(r"running at (http://\S+)")


@pytest.fixture
def demo(tmp_path):
    environment = {
        **os.environ,
        "WINNOW_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "PYTHONUNBUFFERED": "1",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "manage.py", "demo", "--no-browser", "--port", "0"]
    process = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.stdout.close()


def started(process):
    """What the demo printed until it named its address, and the address."""
    printed = ""
    for line in process.stdout:
        printed += line
        if found := STARTED.search(line):
            return printed, found.group(1)
    raise AssertionError(f"The demo ended without an address:\n{printed}")


def members(session):
    """Processes of a session that are still alive."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(status.parent.name))
    return found


def gone(session, within=15):
    end = time.monotonic() + within
    while members(session) and time.monotonic() < end:
        time.sleep(0.1)
    return not members(session)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_demo_answers_and_leaves_no_process_behind(demo, how):
    printed, url = started(demo)
    assert "inotuzumab: loaded" in printed

    with urlopen(f"{url}accounts/login/", timeout=20) as answer:
        assert answer.status == 200
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    # Only the process that was started is told to end, as by Ctrl-C in a terminal or by a kill.
    demo.send_signal(how)

    demo.wait(timeout=20)
    assert gone(demo.pid)
