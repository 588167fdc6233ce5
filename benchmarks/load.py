"""Many reviewers at once on a live server over the loopback, while imports, reranking and reruns go on.

    python benchmarks/load.py                                      20 people on SQLite
    DATABASE_URL=postgres://user@host/name python benchmarks/load.py --people 100
    python benchmarks/load.py --people 20 --seconds 1800           for the memory over half an hour

Each person reads 20,000 citations in the screening page's own way: cards are fetched ahead, a decision is
posted every `--pause` seconds, over a connection of its own, as a proxy in front makes them. Reports p50,
p95 and p99, errors, and, counted in the database afterwards, decisions that were confirmed and are lost, and
decisions that stand twice. The database that DATABASE_URL names must be empty.
"""

import argparse
import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from pathlib import Path
from statistics import linear_regression
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# isort: off
from benchmarks import screening_room as room  # noqa: E402 - it sets Django up

# isort: on
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.models import Count  # noqa: E402

from reviewsite.portability.summaries import differing  # noqa: E402
from reviewsite.reviews.models import Job, Review, User  # noqa: E402
from screening.models import Decision  # noqa: E402

CITATIONS = 20_000
# p95 of a decision in milliseconds: with 20 people on either database, and with 100 on PostgreSQL.
GOALS = {20: 60, 100: 150}
DISTURBED_EVERY = 20
# People open the page one after the other, not all in one moment.
ARRIVING_SECONDS = 20
IMPORTED = 300


class Person(threading.Thread):
    """Reads and decides until the time is over."""

    def __init__(self, load: "Load", user: User, number: int) -> None:
        super().__init__(daemon=True)
        self.load, self.user, self.number = load, user, number
        self.cookies = room.cookies_of(user)
        self.dice = random.Random(number)
        self.confirmed: dict[str, int] = {}
        self.held: list[int] = []

    def run(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.load.port, timeout=60)
        time.sleep(self.dice.random() * ARRIVING_SECONDS)
        while time.monotonic() < self.load.end:
            started = time.monotonic()
            if len(self.held) < 2:
                self.refill()
            if self.held:
                self.decide(self.held.pop(0))
            time.sleep(max(0.0, self.load.pause - (time.monotonic() - started)))

    def refill(self) -> None:
        held = ",".join(map(str, self.held))
        answer = self.ask("cards", "GET", f"/reviews/room/screen/{room.STAGE}/cards/?held={held}")
        self.held += [int(pk) for pk in re.findall(rb'data-citation="(\d+)"', answer)]

    def decide(self, citation: int) -> None:
        act = {"uuid": str(uuid.uuid4()), "kind": "decide", "citation": citation, "verdict": "include"}
        body = json.dumps({"reviewer": self.user.pk, "acts": [act]})
        answer = self.ask("decision", "POST", f"/reviews/room/screen/{room.STAGE}/acts/", body)
        for told in json.loads(answer or b"{}").get("answers", []):
            if told["outcome"] == "stored":
                self.confirmed[act["uuid"]] = citation
            else:
                self.load.refused[told["sentence"][:60]] += 1

    def ask(self, what: str, method: str, path: str, body: str | None = None) -> bytes:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies["csrftoken"],
            "Content-Type": "application/json" if what == "decision" else "application/x-www-form-urlencoded",
        }
        started = time.perf_counter()
        try:
            self.connection.request(method, path, body, {**headers, "Connection": "close"})
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.load.errors[type(error).__name__] += 1
            self.connection.close()
            return b""
        self.load.times.setdefault(what, []).append((time.perf_counter() - started) * 1000)
        if answer.status >= 400:
            self.load.errors[f"{what} {answer.status}"] += 1
            return b""
        return content


class Disturber(Person):
    """An owner who imports a file, asks for a new order and runs the analyses, over and over."""

    def run(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.load.port, timeout=60)
        number = 0
        while time.monotonic() < self.load.end - DISTURBED_EVERY / 2:
            number += 1
            # The server has closed what was idle for so long.
            self.connection.close()
            self.upload()
            token = {"csrfmiddlewaretoken": self.cookies["csrftoken"]}
            self.ask("rerun", "POST", "/reviews/room/analyses/rerun/", urlencode(token))
            plan = {
                **token,
                "order": ("ranked", "random")[number % 2],
                "seed": "1",
                "random_percent": "10",
                "recall_percent": "95",
                "confidence_percent": "95",
                "reason": "Load.",
            }
            self.ask("new order", "POST", "/reviews/room/order/plan/", urlencode(plan))
            time.sleep(DISTURBED_EVERY)

    def upload(self) -> None:
        name = uuid.uuid4().hex[:6]
        lines = "".join(
            f"TY  - JOUR\nTI  - Imported {name}.{n} under load\nDO  - 10.5555/{name}.{n}\nER  - \n"
            for n in range(IMPORTED)
        )
        fields = {
            "database": "Late",
            "kind": "database",
            "run_on": "2026-01-05",
            "csrfmiddlewaretoken": "a" * 32,
        }
        edge = uuid.uuid4().hex
        head = f"--{edge}\r\nContent-Disposition: form-data; name="
        parts = [f'{head}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
        parts.append(f'{head}"files"; filename="l.ris"\r\n\r\n{lines}\r\n--{edge}--\r\n')
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        headers["Content-Type"] = f"multipart/form-data; boundary={edge}"
        started = time.perf_counter()
        self.connection.request("POST", "/reviews/room/searches/upload/", "".join(parts).encode(), headers)
        answer = self.connection.getresponse()
        answer.read()
        self.load.times.setdefault("upload", []).append((time.perf_counter() - started) * 1000)
        if answer.status >= 400:
            self.load.errors[f"upload {answer.status}"] += 1


class Load:
    """One run: who is there, what was measured, and the count afterwards."""

    def __init__(self, site: room.Site, worker: int, seconds: int, pause: float) -> None:
        self.port, self.pause = site.port, pause
        self.watched = {"web processes": site.process.pid, "worker": worker}
        self.seconds = seconds
        self.times: dict[str, list[float]] = {}
        self.errors, self.refused = Counter[str](), Counter[str]()
        self.memory: dict[str, list[tuple[float, int]]] = {what: [] for what in self.watched}

    def warm_up(self, people: list[Person]) -> None:
        """Every process has served a page before anything is measured."""
        for person in people[:12]:
            person.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            person.refill()
            person.connection.close()
        self.times.clear()

    def run(self, people: list[Person]) -> None:
        self.end = time.monotonic() + self.seconds
        for person in people:
            person.start()
        while time.monotonic() < self.end:
            for what, pid in self.watched.items():
                self.memory[what].append((time.monotonic(), resident(pid)))
            time.sleep(min(5.0, max(0.1, self.end - time.monotonic())))
        for person in people:
            person.join(90)

    def report(self, people: list[Person], review: Review) -> bool:
        goal = GOALS[20] if len(people) <= 21 else GOALS[100]
        for what, times in sorted(self.times.items()):
            ordered = sorted(times)
            at = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95, 0.99)]
            aim = f"goal p95 {goal} ms {'ok' if at[1] <= goal else 'MISSED'}" if what == "decision" else ""
            told = f"p50 {at[0]:6.0f}  p95 {at[1]:6.0f}  p99 {at[2]:6.0f} ms"
            print(f"  {what:10} {len(times):7} times  {told}  {aim}")
        lost, doubled = counted(people, review)
        print(f"  errors {sum(self.errors.values())} {dict(self.errors)}, refused {dict(self.refused)}")
        print(f"  confirmed {sum(len(p.confirmed) for p in people)}, lost {lost}, doubled {doubled}")
        for what, samples in self.memory.items():
            # What is read once, at the first of each request, is no growth.
            later = samples[len(samples) // 4 :]
            moments, sizes = [at for at, _ in later], [size / 1e6 for _, size in later]
            slope = linear_regression(moments, sizes).slope * 600 if len(later) > 1 else 0.0
            print(f"  {what}: {sizes[0]:.0f} MB after a quarter, {sizes[-1]:.0f} MB at the end, ", end="")
            print(f"{slope:+.1f} MB in 10 minutes")
        jobs = dict(Counter(Job.objects.values_list("state", flat=True)))
        print(f"  jobs {jobs}, recount {differing(review) or 'ok'}")
        return not (self.errors or lost or doubled)


def counted(people: list[Person], review: Review) -> tuple[int, int]:
    """How many confirmed decisions are not there, and how often somebody has two first ones on a citation."""
    kept = set(map(str, Decision.objects.filter(review=review).values_list("client_uuid", flat=True)))
    lost = sum(act not in kept for person in people for act in person.confirmed)
    first = Decision.objects.filter(review=review, supersedes=None, kind="screen")
    twice = first.values("citation", "reviewer", "stage").annotate(count=Count("pk")).filter(count__gt=1)
    return lost, twice.count()


def resident(pid: int) -> int:
    """Bytes of memory of a process and its children."""
    total = 0
    for found in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = found.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(found.parent.name) == pid or int(fields[1]) == pid:
            total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    return total


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--people", type=int, default=20)
    words.add_argument("--seconds", type=int, default=120)
    words.add_argument("--pause", type=float, default=2.0, help="seconds from decision to decision")
    words.add_argument("--quiet", action="store_true", help="no imports, reranking and reruns meanwhile")
    words.add_argument("--server", choices=["gunicorn", "waitress"], default="gunicorn")
    asked = words.parse_args()
    room.PEOPLE = asked.people
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    review = Review.objects.filter(slug="room").first() or room.make_review(random.Random(1), CITATIONS)
    site = room.Site(asked.server)
    worker = subprocess.Popen([sys.executable, "manage.py", "db_worker", "--interval", "0.5"], cwd=ROOT)
    try:
        load = Load(site, worker.pid, asked.seconds, asked.pause)
        users = list(User.objects.filter(email__startswith="p").order_by("pk")[1 : asked.people + 1])
        people = [Person(load, user, number) for number, user in enumerate(users)]
        others = [] if asked.quiet else [Disturber(load, review.created_by, 0)]
        connections.close_all()
        load.warm_up(people)
        load.run([*people, *others])
        print(
            f"{asked.people} people, a decision every {asked.pause:g} s, {connection.vendor}, {asked.server}"
        )
        well = load.report(people, review)
    finally:
        worker.terminate()
        worker.wait(60)
        site.kill()
    sys.exit(not well)


if __name__ == "__main__":
    main()
