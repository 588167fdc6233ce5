"""Measures the screening room with a browser: 20,000 citations, slowed four times, 150 ms of round trip.

    python benchmarks/screening_room.py                      every part, on SQLite in a folder of its own
    python benchmarks/screening_room.py keys memory          some parts: keys, memory, posts, pages, faults
    DATABASE_URL=postgres://user@host/name python benchmarks/screening_room.py --server gunicorn

The database that DATABASE_URL names must be empty: it is filled and left. Needs Chromium, like browser tests.
"""

import argparse
import atexit
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
if "WINNOW_DATA_DIR" not in os.environ:
    os.environ["WINNOW_DATA_DIR"] = tempfile.mkdtemp(prefix="winnow-room-")
os.environ["DJANGO_SETTINGS_MODULE"] = "reviewsite.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from benchmarks.room_faults import run_with_faults, until  # noqa: E402
from reviewsite.chromium import find_chromium  # noqa: E402
from reviewsite.reviews.models import Review, Role, User  # noqa: E402
from reviewsite.reviews.rules import add_member, create_review  # noqa: E402
from screening.duplicates.deduplication import found_citations  # noqa: E402
from screening.models import Citation, Decision, Record, SearchRun  # noqa: E402

CITATIONS = 20_000
DECIDED_BEFORE = 8_000
PEOPLE = 20
STAGE = "title_abstract"
SAID = """
adults acute blood bone cells children clinical cohort complete control daily dose effect event
failure first follow group high induction infection infusion leukaemia liver marrow median months
mortality outcome overall patients phase placebo primary random rate refractory relapse remission
response results risk safety salvage secondary serious survival therapy toxicity transplant
treatment trial weeks years
"""
WORDS = SAID.split()
HEADINGS = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")


# What is measured on


def make_review(dice: random.Random, citations: int) -> Review:
    owner = User.objects.create_user("owner@example.org", "a long enough secret", name="Owner")
    review = create_review(title=f"{citations:,} citations", owner=owner, slug="room")
    for number in range(PEOPLE + 3):
        user = User.objects.create_user(f"p{number}@example.org", None, name=f"Person {number}")
        add_member(review=review, email=user.email, role=Role.REVIEWER, by=owner)
    review.protocol.population = "Adults with relapsed or refractory acute leukaemia"
    review.protocol.include_words, review.protocol.exclude_words = "random*\ntrial", "children\ncohort"
    review.protocol.save()
    databases = ("PubMed", "Embase", "Scopus", "CENTRAL")
    for number, database in enumerate(databases):
        run = SearchRun.objects.create(
            review=review, database=database, created_by=owner, imported_at=timezone.now()
        )
        share = citations // len(databases)
        rows = (record(review, run, n, number * share + n, dice) for n in range(1, share + 1))
        Record.objects.bulk_create(rows, batch_size=1000)
        found_citations(run)
    decide_before(review, User.objects.get(email="p0@example.org"))
    return review


def record(review: Review, run: SearchRun, position: int, number: int, dice: random.Random) -> Record:
    def say(count: int) -> str:
        return " ".join(dice.choices(WORDS, k=count))

    abstract = " ".join(f"{heading}: {say(dice.randint(20, 70))}." for heading in HEADINGS)
    return Record(
        review=review,
        search_run=run,
        position=position,
        title=f"{number}: {say(12).capitalize()}",
        authors=["Arden, P.", "Birch, Q.", "Cole, R.", "Dahl, S."],
        year=dice.randint(1980, 2026),
        journal="Journal of Measured Things",
        doi=f"10.5555/room.{number}",
        abstract=abstract if dice.random() > 0.08 else "",
    )


def decide_before(review: Review, person: User) -> None:
    """A first vote on many citations, as a reviewer well into the work has cast; nothing is concluded."""
    wanted = review.citations.order_by("pk")[:DECIDED_BEFORE]
    Decision.objects.bulk_create(
        (
            Decision(review=review, citation=citation, stage=STAGE, reviewer=person, verdict="include")
            for citation in wanted
        ),
        batch_size=1000,
    )


def cookies_of(person: User) -> dict[str, str]:
    """A session as signing in makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return {"sessionid": session.session_key, "csrftoken": "a" * 32}


# The site, as it is served in earnest


class Site:
    """A server process on a port of its own, which can be killed and started again."""

    def __init__(self, kind: str, faults: float = 0.0) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.kind, self.faults = kind, faults
        self.start()
        atexit.register(self.kill)

    def start(self) -> None:
        commands = {
            "waitress": [__file__, "--serve", str(self.port)],
            "gunicorn": ["-m", "gunicorn", "reviewsite.wsgi", "-b", f"127.0.0.1:{self.port}", "-w", "2"]
            + ["--threads", "8", "--log-level", "error"],
        }
        environment = {**os.environ, "WINNOW_FAULTS": str(self.faults)}
        self.process = subprocess.Popen(
            [sys.executable, *commands[self.kind]], cwd=ROOT, env=environment, start_new_session=True
        )
        for _ in range(1800):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("The site did not start.")

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def serve(port: int) -> None:
    """Waitress as `demo` runs it; WINNOW_FAULTS is the share of acts lost before they are done, and after."""
    from waitress import serve as listen

    from reviewsite.wsgi import application

    share = float(os.environ.get("WINNOW_FAULTS", "0"))

    def faulty(environ, start_response):
        lot = random.random() if environ["PATH_INFO"].endswith("/acts/") else 1.0
        if lot < share:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return []
        answer = application(environ, start_response if lot > 2 * share else lambda *_: None)
        if lot > 2 * share:
            return answer
        list(answer)
        answer.close()
        start_response("502 Bad Gateway", [("Content-Length", "0")])
        return []

    listen(faulty, host="127.0.0.1", port=port, threads=8)


# Figures


def p95(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


def tell(what: str, value: float, goal: float, unit: str = "ms", digits: int = 0) -> None:
    verdict = "ok" if value <= goal else "MISSED"
    print(f"  {what:58} {value:9.{digits}f} {unit:3}  goal {goal:g}  {verdict}", flush=True)


MEASURE = """
window.painted = [];
window.eventTimes = [];
new PerformanceObserver(list => list.getEntries().forEach(
  event => event.name === "keydown" && eventTimes.push(event.duration)))
  .observe({type: "event", durationThreshold: 16, buffered: false});
// A key that changes one word and does nothing else: what this machine needs for any frame at all.
window.addEventListener("keydown", event => {
  if (event.key === "q") document.querySelector(".topbar-review").textContent += ".";
});
window.addEventListener("keydown", event => {
  const before = document.querySelector("#citation-title")?.textContent;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const changed = document.querySelector("#citation-title")?.textContent !== before;
      painted.push([performance.now() - event.timeStamp, changed, event.key === "q"]);
    };
    channel.port2.postMessage(0);
  });
}, {capture: true});
"""


def open_room(browser, site: Site, person: User, *, slow: bool, context=None):
    context = context or browser.new_context(viewport={"width": 1366, "height": 768})
    address = f"http://127.0.0.1:{site.port}"
    context.add_cookies([{"name": n, "value": v, "url": address} for n, v in cookies_of(person).items()])
    page = context.new_page()
    client = context.new_cdp_session(page)
    if slow:
        client.send("Network.enable")
        conditions = {"offline": False, "latency": 150, "downloadThroughput": -1, "uploadThroughput": -1}
        client.send("Network.emulateNetworkConditions", conditions)
        client.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"{address}/reviews/room/screen/{STAGE}/")
    until(page, "window.winnowRoom?.ahead.length > 5")
    return page, client


def keys(browser, site: Site, review: Review, count: int = 400) -> None:
    """From the key to the frame with the next abstract, at three decisions a second."""
    person = User.objects.get(email="p0@example.org")
    page, _ = open_room(browser, site, person, slow=True)
    page.evaluate(MEASURE)
    for number in range(count):
        page.keyboard.press("u" if number % 20 == 19 else random.choice("iem123"))
        page.wait_for_timeout(250)
        if number % 4 == 0:
            page.keyboard.press("q")
            page.wait_for_timeout(250)
    page.wait_for_timeout(1000)
    painted, events = page.evaluate("[painted, eventTimes]")
    times = [taken for taken, _, is_floor in painted if not is_floor]
    floor = [taken for taken, _, is_floor in painted if is_floor]
    print(f"keys: {count} decisions and undos, processor slowed 4 times, 150 ms round trip")
    tell("key to next abstract painted, p95", p95(times), 50)
    tell("  the same, median", median(times), 50)
    tell("  a key that changes one word only (what any frame needs), p95", p95(floor), float("inf"))
    tell("  the same, median", median(floor), float("inf"))
    # Those below 16 ms are not reported at all, so this is an upper bound.
    tell("  as the browser's Event Timing has it, p95", p95(events + [8] * (len(painted) - len(events))), 50)
    shown = sum(changed for _, changed, is_floor in painted if not is_floor)
    tell("keys after which that frame did not show the next", len(times) - shown, 0, "")
    page.context.close()


def memory(browser, site: Site, review: Review, count: int = 2000) -> None:
    """Growth of the page's own memory over many decisions."""
    person = User.objects.get(email="p1@example.org")
    page, client = open_room(browser, site, person, slow=False)

    def heap() -> tuple[float, int]:
        client.send("HeapProfiler.collectGarbage")
        found = {m["name"]: m["value"] for m in client.send("Performance.getMetrics")["metrics"]}
        return found["JSHeapUsedSize"] / 1e6, int(found["Nodes"])

    client.send("Performance.enable")
    press(page, 50)
    before, nodes_before = heap()
    press(page, count)
    after, nodes_after = heap()
    print(f"memory: {count} decisions")
    tell("growth of the page's heap", after - before, 50, "MB", 1)
    tell("growth of document nodes held", nodes_after - nodes_before, 20_000, "")
    page.context.close()


def press(page, count: int) -> None:
    for _ in range(count):
        until(page, "!window.winnowRoom.isEmpty")
        page.keyboard.press(random.choice("iem123"))


def posts(browser, site: Site, review: Review, seconds: int = 20) -> None:
    """Decisions of twenty people at once: one a second each, then each as fast as answers come."""
    people = list(User.objects.filter(email__startswith="p").order_by("pk")[2 : PEOPLE + 2])
    print(f"posts: {PEOPLE} people at once, {connection.vendor}, {site.kind}")
    for pause, what in ((1.0, "one decision a second each"), (0.0, "without a pause (stress, no goal set)")):
        times: list[float] = []
        barrier = threading.Barrier(PEOPLE)
        threads = [
            threading.Thread(target=decide_often, args=(site, person, n, pause, seconds, times, barrier))
            for n, person in enumerate(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tell(f"POST of a decision, p95 ({len(times)}; {what})", p95(times), 60 if pause else float("inf"))


def decide_often(site, person, number, pause, seconds, times, barrier) -> None:
    cookies = cookies_of(person)
    pks = Citation.objects.order_by("-pk").values_list("pk", flat=True)
    offset = number * 400 + (0 if pause else 200)
    # Pairs of people share their citations, so that half of the votes conclude one.
    mine = iter(list(pks[(number // 2) * 400 + offset % 2 * 200 :][:4000]))
    connections.close_all()
    http_client = http.client.HTTPConnection("127.0.0.1", site.port)
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": cookies["csrftoken"],
        "Content-Type": "application/json",
    }
    # Every thread of the server opens its database once; that is a start's cost, not a decision's.
    http_client.request("GET", "/health/", headers=headers)
    http_client.getresponse().read()
    barrier.wait()
    time.sleep(random.random() * pause)
    end = time.perf_counter() + seconds
    while (started := time.perf_counter()) < end:
        act = {"uuid": str(uuid.uuid4()), "kind": "decide", "citation": next(mine), "verdict": "include"}
        body = json.dumps({"reviewer": person.pk, "acts": [act]})
        http_client.request("POST", f"/reviews/room/screen/{STAGE}/acts/", body, headers)
        answer = http_client.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        taken = time.perf_counter() - started
        times.append(taken * 1000)
        time.sleep(max(0.0, pause - taken))


def pages(browser, site: Site, review: Review, repeats: int = 20) -> None:
    """Time and queries of the pages that many citations could slow down."""
    client = Client()
    client.force_login(User.objects.get(email="p0@example.org"))
    addresses = {
        "queue page": f"screen/{STAGE}/",
        "next cards": f"screen/{STAGE}/cards/",
        "list": "citations/",
        "list, last page": "citations/?page=400",
        "list, undecided": "citations/?title_abstract=undecided",
        "list, one database": "citations/?database=Scopus",
        "list, years": "citations/?year_from=2001&year_to=2005",
        "list, no abstract": "citations/?abstract=no",
        "list, my includes": "citations/?mine=title_abstract:include",
        "list, a word": "citations/?text=leukaemia",
        "list, three words": "citations/?text=leukaemia+marrow+salvage",
        "list, a word that nothing has": "citations/?text=xylophone",
        "dashboard": "",
    }
    print(f"pages: {review.citations.count()} citations, {connection.vendor}")
    for what, path in addresses.items():
        times = []
        client.get(f"/reviews/room/{path}")  # the first one in this process reads its templates
        for _ in range(repeats):
            started = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(f"/reviews/room/{path}")
            times.append((time.perf_counter() - started) * 1000)
            assert answer.status_code == 200, (path, answer.status_code)
        tell(f"{what}, p95", p95(times), 300)
        tell(f"{what}, queries", len(queries), 12, "")


def faults(browser_type, site: Site, review: Review, count: int = 10_000) -> None:
    """Decisions with lost posts and answers, killed servers, tabs and browsers; then a count."""
    run_with_faults(browser_type, site, review, count, tell=tell, cookies_of=cookies_of)


PARTS = {"keys": keys, "memory": memory, "posts": posts, "pages": pages}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("parts", nargs="*", choices=[*PARTS, "faults", []])
    options.add_argument("--server", choices=["waitress", "gunicorn"], default="waitress")
    options.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    options.add_argument("--decisions", type=int, default=10_000, help="how many in the part `faults`")
    options.add_argument("--citations", type=int, default=CITATIONS, help="how many, in a new database")
    chosen = options.parse_args()
    if chosen.serve:
        return serve(chosen.serve)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    review = Review.objects.filter(slug="room").first() or make_review(random.Random(1), chosen.citations)
    wanted = chosen.parts or [*PARTS, "faults"]
    with sync_playwright() as playwright:
        if path := find_chromium():
            launch = {"executable_path": path, "args": ["--no-sandbox", "--disable-gpu"]}
            browser = playwright.chromium.launch(**launch)
        else:
            return print("No Chromium found; nothing was measured.")
        site = Site(chosen.server)
        for name in wanted:
            if name in PARTS:
                PARTS[name](browser, site, review)
        site.kill()
        browser.close()
        if "faults" in wanted:
            faults((playwright.chromium, launch), Site("waitress", faults=0.1), review, chosen.decisions)
    return None


if __name__ == "__main__":
    main()
