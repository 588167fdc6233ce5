"""Decisions under faults: lost posts and answers, killed servers, closed tabs, killed browsers; then a count.

Part of benchmarks/screening_room.py. A decision counts as made once the page has shown the next citation. At
the end every one of them must stand in the database, once, and with the verdict that was given last.
"""

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Error

from reviewsite.reviews.models import User
from screening.models import Decision

VERDICTS = {"i": "include", "m": "maybe", "e": "exclude"}
# What happens, and after how many decisions on the average.
SERVER_KILLED, TAB_CLOSED, BROWSER_KILLED, RELOADED, OFFLINE = 400, 250, 700, 300, 150


@dataclass
class Made:
    """What the person has done, as they saw it."""

    verdicts: dict[int, str] = field(default_factory=dict)
    decisions: int = 0
    undone: int = 0
    faults: dict[str, int] = field(default_factory=dict)

    def happened(self, fault: str) -> None:
        self.faults[fault] = self.faults.get(fault, 0) + 1


def until(page: Any, condition: str) -> None:
    """Wait for it; the page's own way of waiting is forbidden by the site's policy."""
    end = time.perf_counter() + 60
    while not page.evaluate(condition):
        if time.perf_counter() > end:
            raise SystemExit(f"The page did not get there: {condition}")
        time.sleep(0.02)


class Window:
    """A browser with a profile that outlives it."""

    def __init__(self, chromium: Any, launch: dict[str, Any], site: Any, cookies: dict[str, str]) -> None:
        self.chromium, self.launch, self.site, self.cookies = chromium, launch, site, cookies
        self.profile = tempfile.mkdtemp(prefix="winnow-profile-")
        self.open()

    def open(self) -> None:
        self.context = self.chromium.launch_persistent_context(self.profile, **self.launch)
        address = f"http://127.0.0.1:{self.site.port}"
        self.context.add_cookies([{"name": n, "value": v, "url": address} for n, v in self.cookies.items()])
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.enter()

    def enter(self) -> None:
        address = f"http://127.0.0.1:{self.site.port}/reviews/room/screen/title_abstract/"
        for _ in range(50):
            try:
                self.page.goto(address)
                until(self.page, "window.winnowRoom?.outbox.store && !window.winnowRoom.isEmpty")
                return
            except Error:
                time.sleep(0.3)
        raise SystemExit("The page did not come back.")

    def close_tab(self) -> None:
        old, self.page = self.page, self.context.new_page()
        old.close()
        self.enter()

    def kill(self) -> None:
        """As when the machine is switched off: no page is asked, nothing is closed."""
        found = subprocess.run(["pgrep", "-f", self.profile], capture_output=True, text=True, check=False)
        for pid in map(int, found.stdout.split()):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        with suppress(Error):  # it is dead
            self.context.close()
        time.sleep(0.3)
        self.open()


def run_with_faults(browser_type, site, review, count: int, *, tell, cookies_of) -> None:
    chromium, launch = browser_type
    person = User.objects.get(email="p2@example.org")
    before = Decision.objects.filter(reviewer=person).count()
    window = Window(chromium, launch, site, cookies_of(person))
    made, dice = Made(), random.Random(7)
    started = time.perf_counter()
    # Ctrl-C ends the deciding early; what was made until then is counted all the same.
    with suppress(KeyboardInterrupt):
        while made.decisions < count:
            decide(window, made, dice)
            disturb(window, site, made, dice)
    send_the_rest(window)
    refused = window.page.evaluate("window.winnowRoom.outbox.refused")
    window.context.close()
    shutil.rmtree(window.profile, ignore_errors=True)
    report(person, before, made, refused, tell)
    print(f"  {made.decisions / (time.perf_counter() - started):.0f} decisions a second")


def decide(window: Window, made: Made, dice: random.Random) -> None:
    page = window.page
    until(page, "!window.winnowRoom.isEmpty")
    if made.decisions and dice.random() < 0.03 and page.evaluate("window.winnowRoom.past.length"):
        page.keyboard.press("u")
        until(page, "!window.winnowRoom.isEmpty")
        made.verdicts.pop(page.evaluate("window.winnowRoom.citation"), None)
        made.undone += 1
    key = dice.choice("ime")
    citation = page.evaluate("window.winnowRoom.citation")
    page.keyboard.press(key)
    if page.evaluate("window.winnowRoom.past.at(-1)?.act.citation") == citation:
        made.verdicts[citation] = VERDICTS[key]
        made.decisions += 1


def decide_alone(window: Window, made: Made, dice: random.Random) -> None:
    """A few decisions while nothing comes from the server: as many as the page has in store."""
    for _ in range(5):
        if not window.page.evaluate("window.winnowRoom.ahead.length"):
            return
        decide(window, made, dice)


def disturb(window: Window, site: Any, made: Made, dice: random.Random) -> None:
    if dice.random() < 1 / SERVER_KILLED:
        made.happened("server killed")
        site.kill()
        decide_alone(window, made, dice)
        site.start()
    if dice.random() < 1 / OFFLINE:
        made.happened("net gone")
        window.context.set_offline(True)
        decide_alone(window, made, dice)
        window.context.set_offline(False)
    for fault, often, act in (
        ("tab closed", TAB_CLOSED, window.close_tab),
        ("page reloaded", RELOADED, window.enter),
        ("browser killed", BROWSER_KILLED, window.kill),
    ):
        if dice.random() < 1 / often:
            made.happened(fault)
            act()


def send_the_rest(window: Window) -> None:
    for _ in range(60):
        window.page.evaluate("window.winnowRoom.outbox.post()")
        if not window.page.evaluate("window.winnowRoom.outbox.waiting.length"):
            return
        time.sleep(1)


def report(person: User, before: int, made: Made, refused: list[Any], tell) -> None:
    rows = Decision.objects.filter(reviewer=person, kind="screen")
    standing = dict(rows.standing().values_list("citation", "verdict"))
    lost = [pk for pk, verdict in made.verdicts.items() if standing.get(pk) != verdict]
    not_made = [pk for pk in standing if pk not in made.verdicts]
    stored = rows.exclude(verdict="withdrawn").count()
    print(
        f"faults: {made.decisions} decisions, {made.undone} undone; a fifth of the posts lost; {made.faults}"
    )
    if os.environ.get("WINNOW_SHOW"):
        for pk in lost:
            own = rows.filter(citation=pk).order_by("pk").values_list("verdict", "decided_at", "client_uuid")
            print(pk, made.verdicts[pk], list(own))
        print(refused)
    tell("decisions lost or other than they were made", len(lost), 0, "")
    tell("decisions that nobody made", len(not_made), 0, "")
    # One that was undone before it was posted is rightly never stored, so there may be fewer, never more.
    tell("decisions stored beyond those made", max(0, stored - before - made.decisions), 0, "")
