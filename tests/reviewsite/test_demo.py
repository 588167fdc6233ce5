"""The demo as a newcomer starts it: one command, an answering page, and nothing left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from reviewsite.management.commands.demo import gather_static_files, listen_on_free_port

STARTED = re.compile(r"running at (http://\S+)")


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory):
    """One for all starts, so that the later ones are second starts."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def demo(data_folder):
    environment = {
        **os.environ,
        "WINNOW_DATA_DIR": str(data_folder),
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
    for each in members(process.pid):
        os.kill(each, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def started(process):
    """What the demo printed until it named its address, and the address."""
    printed = ""
    for line in process.stdout:
        printed += line
        if found := STARTED.search(line):
            return printed, found.group(1)
    raise AssertionError(f"The demo ended ({process.wait()}) without an address:\n{printed}")


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


@pytest.mark.xdist_group("example")
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="Looks for left-over processes in /proc.")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_the_demo_answers_and_leaves_no_process_behind(demo, how):
    printed, url = started(demo)
    assert re.search("inotuzumab: (loaded|already there)", printed)

    with urlopen(f"{url}accounts/login/", timeout=20) as answer:
        assert answer.status == 200
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert len(members(demo.pid)) == 2
    # Only the process that was started is told to end, as by a kill; Ctrl-C in a terminal reaches both.
    demo.send_signal(how)

    demo.wait(timeout=20)
    assert gone(demo.pid)
    if how != signal.SIGKILL:
        assert demo.returncode == 0
        assert "Traceback" not in demo.stdout.read()


def test_a_port_in_use_is_passed_over_for_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with listen_on_free_port(port) as listening:
            assert listening.getsockname()[1] > port


@pytest.mark.parametrize("text", ["70000", "-1", "http"])
def test_what_is_no_port_is_refused(text):
    with pytest.raises(CommandError, match="a port is a number from 0 to 65535"):
        call_command("demo", "--port", text)


def test_static_files_are_gathered_again_only_when_others_were_gathered_before(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    gather_static_files()
    ours = tmp_path / "web" / "winnow.css"
    ours.unlink()

    gather_static_files()
    assert not ours.exists()

    (tmp_path / ".gathered").write_text("other files")
    gather_static_files()
    assert ours.exists()
