"""A review on a site that is about to be broken, and who breaks it. Used by `faults.py`."""

import random
import threading
import time
from collections import Counter
from pathlib import Path

from benchmarks.fault_site import Browser, Cluster, Site, until

PAGE = "/reviews/drill/"


PEOPLE = 8
# Citations that each person of a drill decides on.
MINE = 40


class Stage:
    """A review on a site that is about to be broken, with what the drills ask of it."""

    def __init__(self, folder: Path, site: Site, cluster: Cluster | None) -> None:
        from tests.makers import make_citation, make_member, make_review

        self.folder, self.site, self.cluster = folder, site, cluster
        self.review = make_review()
        type(self.review).objects.filter(pk=self.review.pk).update(slug="drill")
        self.review.slug = "drill"
        self.people = [make_member(self.review) for _ in range(PEOPLE)]
        self.citations = [
            make_citation(self.review, f"Trial {number}").pk for number in range(PEOPLE * MINE // 2)
        ]
        self.owner = self.browser(self.review.created_by)
        self.wrong: list[str] = []
        self.forget_connection()

    def browser(self, person, patience: float = 60) -> Browser:
        from benchmarks.screening_room import cookies_of

        return Browser(cookies_of(person), self.site.port, patience)

    def forget_connection(self) -> None:
        from django.db import connections

        connections.close_all()

    def insist(self, ask, accepted=(200, 302)) -> tuple[int, str]:
        """Ask again until it is answered well, as a page does that nobody answered."""
        for _ in range(600):
            status, text = ask()
            if status in accepted:
                return status, text
            time.sleep(0.3)
        self.wrong.append(f"never answered well, at last {status}")
        return status, text

    def check(self, holds: bool, told: str) -> None:
        print(f"    {'ok ' if holds else 'NOT'} {told}", flush=True)
        if not holds:
            self.wrong.append(told)

    def check_whole(self) -> None:
        """No job hangs, the recount agrees, the log is whole."""
        from django_tasks_db.models import DBTaskResult

        from reviewsite.portability.summaries import differing
        from reviewsite.reviews.models import Job
        from reviewsite.trail.verifying import verify

        self.forget_connection()
        unfinished = DBTaskResult.objects.filter(status__in=["READY", "RUNNING"])
        until(lambda: not unfinished.exists(), "the queue is empty")
        states = dict(Counter(Job.objects.values_list("state", flat=True)))
        self.check(not set(states) & {"queued", "running"}, f"no job hangs: {states}")
        self.check(not differing(self.review), f"recounted: {differing(self.review) or 'the same'}")
        told = verify(self.review)
        self.check(not told.problems, f"audit log whole, {told.entries} entries {told.problems[:3] or ''}")
        self.forget_connection()


class Killing(threading.Thread):
    """Kills and starts again, in turn, whatever is named, until it is told to stop."""

    def __init__(self, stage: Stage, seed: int, pause: float = 4.0) -> None:
        super().__init__(daemon=True)
        self.stage, self.dice, self.pause = stage, random.Random(seed), pause
        self.over = threading.Event()
        self.killed = Counter[str]()

    def __enter__(self) -> "Killing":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.join()

    def run(self) -> None:
        victims = ["workers", "web"] + (["database"] if self.stage.cluster else [])
        number = 0
        while not self.over.wait(self.pause * (0.5 + self.dice.random())):
            self.kill(victims[number % len(victims)])
            number += 1

    def kill(self, victim: str) -> None:
        site, cluster = self.stage.site, self.stage.cluster
        self.killed[victim] += 1
        if victim == "database":
            cluster.kill()
            time.sleep(self.dice.random() * 2)
            cluster.start()
        elif victim == "web":
            site.kill_web()
            site.start_web()
        else:
            site.kill_workers()
            site.start_workers()
