"""A site to be broken: its database cluster, its web server and its workers as processes of their own.

Used by `faults.py`. Started as the units of docs/deploy start them. A cluster of PostgreSQL writes through to
the disk (fsync on), since a killed one that did not would prove nothing.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def until(what, told: str, seconds: float = 180) -> float:
    """Wait for it; how long that took, in seconds."""
    began = time.monotonic()
    while not what():
        if time.monotonic() - began > seconds:
            raise SystemExit(f"never: {told}")
        time.sleep(0.05)
    return time.monotonic() - began


def children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


class Cluster:
    """A PostgreSQL of its own in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        self.run(f"initdb -D {folder}/data -U winnow --auth=trust --encoding=UTF8 --locale=C.UTF-8")
        self.start()
        self.run(f"createdb -h 127.0.0.1 -p {self.port} -U winnow winnow")

    @property
    def url(self) -> str:
        return f"postgres://winnow@127.0.0.1:{self.port}/winnow"

    def run(self, words: str, check: bool = True) -> None:
        command = f"{self.programs}/{words}"
        as_user = (
            ["su", "postgres", "-s", "/bin/sh", "-c", command] if os.geteuid() == 0 else ["sh", "-c", command]
        )
        subprocess.run(as_user, cwd="/", check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self) -> None:
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_wal_size=64MB "
            "-c shared_buffers=32MB -c max_connections=60"
        )
        self.run(f"pg_ctl -D {self.folder}/data -l {self.folder}/log -w -t 120 -o '{options}' start")

    def kill(self) -> None:
        """All of its processes at once, as when the machine loses its power."""
        with suppress(OSError, ValueError):
            chief = int((self.folder / "data/postmaster.pid").read_text().split()[0])
            killed = [chief, *children_of(chief)]
            for pid in killed:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in killed), "they are gone")

    def stop(self) -> None:
        self.run(f"pg_ctl -D {self.folder}/data -m immediate stop", check=False)


class Site:
    """Web server and workers, each of which can be killed and started again."""

    def __init__(self, folder: Path, database: str, workers: int = 2) -> None:
        self.folder, self.port, self.count = folder, free_port(), workers
        self.clock = folder.parent / "clock"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("WINNOW_")},
            "DATABASE_URL": database,
            "WINNOW_DATA_DIR": str(folder),
            "WINNOW_HOSTS": "127.0.0.1",
            "WINNOW_SECRET_KEY": os.environ["WINNOW_SECRET_KEY"],
            "WINNOW_LOG_LEVEL": "ERROR",
        }
        self.clock.write_text("+0")
        self.environment["WINNOW_CLOCK"] = str(self.clock)
        self.log = (folder.parent / "site.log").open("ab")
        self.web: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self.start_web()
        self.start_workers()

    def start_web(self) -> None:
        self.web = self._start(
            *(
                "-m",
                "gunicorn",
                "benchmarks.shifted_clock:application",
                "--bind",
                f"127.0.0.1:{self.port}",
                "--workers",
                "2",
            ),
            *("--threads", "8", "--timeout", "120", "--log-level", "critical"),
        )
        until(self.answers, "the web server answers")

    def start_workers(self) -> None:
        self.workers = [
            self._start("-m", "benchmarks.shifted_clock", "db_worker", "--interval", "0.2")
            for _ in range(self.count)
        ]

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def answers(self) -> bool:
        """Not only listens: gunicorn does that seconds before it has read the code."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with suppress(OSError, http.client.HTTPException), closing(asked):
            asked.request("GET", "/health/")
            asked.getresponse().read()
            return True
        return False

    def kill_web(self) -> None:
        kill(self.web)

    def kill_workers(self) -> None:
        for worker in self.workers:
            kill(worker)

    def end(self) -> None:
        self.kill_web()
        self.kill_workers()


def kill(process: subprocess.Popen[bytes] | None) -> None:
    if process is not None and process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Browser:
    """One person's requests, which may go unanswered."""

    def __init__(self, cookies: dict[str, str], port: int, patience: float = 60) -> None:
        self.cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.token, self.port, self.patience = cookies["csrftoken"], port, patience

    def ask(self, method: str, path: str, body: bytes | str | None = None, kind: str = "") -> tuple[int, str]:
        """Status and text; status 0 when nobody answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        headers = {"Cookie": self.cookie, "X-CSRFToken": self.token}
        if kind:
            headers["Content-Type"] = kind
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token})
        return self.ask("POST", path, body, "application/x-www-form-urlencoded")

    def upload(self, path: str, name: str, content: bytes, **fields: str) -> tuple[int, str]:
        edge = "edge-of-a-part-7f3a"
        head = f"--{edge}\r\nContent-Disposition: form-data; name="
        told = {**fields, "csrfmiddlewaretoken": self.token}
        parts = "".join(f'{head}"{key}"\r\n\r\n{value}\r\n' for key, value in told.items())
        parts += f'{head}"files"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
        body = parts.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self.ask("POST", path, body, f"multipart/form-data; boundary={edge}")
