"""What becomes of people's work when the machine fails: drills against a site of their own.

    python benchmarks/faults.py                        every drill, on a PostgreSQL cluster made for it
    python benchmarks/faults.py import screening       some of them, see DRILLS
    python benchmarks/faults.py --sqlite disk clock    on SQLite

In the first five, web server, workers and (PostgreSQL) the database with all its processes are killed
outright in turn, while the work goes on; whatever was not answered is posted again, as browsers do. `disk`
needs root, for a small file system of its own. After each drill everything is counted: nothing confirmed is
lost, nothing is there twice, no job hangs, each review comes to the same when recounted, and the audit log is
whole. Exit 1 when anything is not.
"""

import argparse
import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.fault_files import export_of, fill  # noqa: E402
from benchmarks.fault_site import Cluster, Site, until  # noqa: E402
from benchmarks.fault_stage import MINE, PAGE, PEOPLE, Killing, Stage  # noqa: E402

RECORDS = 1500


def imports(stage: Stage) -> None:
    """Import and comparing of copies."""
    from reviewsite.reviews.models import Job
    from screening.models import Citation, DuplicateLink, SearchRun

    files = 3
    with Killing(stage, 1, pause=6) as killing:
        for number in range(files):
            content = export_of(RECORDS, number * RECORDS)
            fields = {"database": "X", "kind": "database", "run_on": "2026-01-05"}
            # 422 says that the file is there: an answer was lost.
            stage.insist(
                lambda c=content, n=number, f=fields: stage.owner.upload(
                    f"{PAGE}searches/upload/", f"{n}.ris", c, **f
                ),
                (200, 302, 422),
            )
        time.sleep(40)
    stage.forget_connection()
    until(lambda: not Job.objects.unfinished().exists(), "the imports end")
    # Three interruptions in a row end a job with a sentence; a person starts it again.
    again = 0
    while given_up := SearchRun.objects.filter(job__state="failed").first():
        again += 1
        stage.insist(lambda run=given_up: stage.owner.post(f"{PAGE}searches/{run.pk}/start-again/"))
        until(lambda: not Job.objects.unfinished().exists(), "the import ends")
    print(
        f"    killed {dict(killing.killed)}, attempts {list(Job.objects.values_list('attempts', flat=True))}"
    )
    runs = SearchRun.objects.filter(review=stage.review, file_name__endswith=".ris")
    counts = [run.records.count() for run in runs]
    stage.check(counts == [RECORDS] * files, f"records {counts}, started again by hand {again}")
    live = Citation.objects.filter(founding_record__search_run__in=runs, merged_into=None).count()
    copies = RECORDS // 3 * files
    stage.check(live == RECORDS * files - copies, f"citations {live} of {RECORDS * files} records")
    links = DuplicateLink.objects.filter(review=stage.review, verdict="same").count()
    stage.check(links == copies, f"links {links}, expected {copies}")


def screening(stage: Stage) -> None:
    """Two people decide on each citation."""
    from screening.models import Citation, Decision

    confirmed: list[set[str]] = [set() for _ in stage.people]

    def decide(number: int) -> None:
        browser, dice = stage.browser(stage.people[number], patience=10), random.Random(number)
        half = number // 2 * MINE
        for citation in stage.citations[half : half + MINE]:
            act = {"uuid": str(uuid.uuid4()), "kind": "decide", "citation": citation, "verdict": "include"}
            if number % 2 and citation % 2:
                act["verdict"] = "exclude"
            body = json.dumps({"reviewer": stage.people[number].pk, "acts": [act]})
            for _ in range(1 + (dice.random() < 0.3)):  # sent twice, as after an answer that was lost
                _, text = stage.insist(
                    lambda b=body: browser.ask(
                        "POST", f"{PAGE}screen/title_abstract/acts/", b, "application/json"
                    ),
                    (200,),
                )
            if '"stored"' in text:
                confirmed[number].add(act["uuid"])
            time.sleep(dice.random() * 0.8)

    with Killing(stage, 2, pause=3) as killing:
        threads = [threading.Thread(target=decide, args=(number,)) for number in range(PEOPLE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    stage.forget_connection()
    kept = [
        str(key) for key in Decision.objects.filter(review=stage.review).values_list("client_uuid", flat=True)
    ]
    said = set().union(*confirmed)
    print(f"    killed {dict(killing.killed)}")
    stage.check(len(said) == PEOPLE * MINE, f"{len(said)} of {PEOPLE * MINE} decisions confirmed")
    stage.check(said <= set(kept), f"confirmed and lost: {len(said - set(kept))}")
    stage.check(len(kept) == len(said), f"decisions there: {len(kept)}")
    conflicts = Citation.objects.filter(review=stage.review, title_abstract_state="conflict").count()
    odd = sum(citation % 2 for citation in stage.citations)
    stage.check(conflicts == odd, f"conflicts {conflicts}, expected {odd}")


def settling(stage: Stage) -> None:
    """The owner settles the conflicts that `screening` has left."""
    from screening.models import Citation, Decision

    open_now = Citation.objects.filter(review=stage.review, title_abstract_state="conflict")
    keys = list(open_now.values_list("pk", flat=True))
    stage.forget_connection()
    with Killing(stage, 3, pause=2) as killing:
        for key in keys:
            told = {"verdict": "include", "client_uuid": str(uuid.uuid4())}
            for _ in range(2):
                stage.insist(
                    lambda k=key, t=told: stage.owner.post(f"{PAGE}conflicts/title_abstract/{k}/", **t)
                )
            time.sleep(0.15)
    stage.forget_connection()
    settled = Decision.objects.filter(review=stage.review).adjudications().count()
    print(f"    killed {dict(killing.killed)}")
    stage.check(settled == len(keys), f"settled {settled} of {len(keys)}")
    stage.check(not open_now.exists(), f"conflicts left {open_now.count()}")


def rerun(stage: Stage) -> None:
    """Analyses run again in the background."""
    from analysis.models import AnalysisRun
    from analysis.specs import create_spec
    from reviewsite.reviews.models import Job
    from tests.extraction.makers import make_agreed, make_outcome

    make_agreed(stage.review, stage.people[:2], "Arden 2019", 30, 40)
    outcome = make_outcome(stage.review)
    count = 60
    for number in range(count):
        create_spec(
            review=stage.review, by=stage.review.created_by, title=f"Response {number}", outcome=outcome
        )
    stage.forget_connection()
    with Killing(stage, 4, pause=1.5) as killing:
        stage.insist(lambda: stage.owner.post(f"{PAGE}analyses/rerun/"))
        time.sleep(12)
    stage.forget_connection()
    until(lambda: not Job.objects.unfinished().exists(), "the analyses end")
    if Job.objects.filter(kind="analysis").first().state == "failed":  # three interruptions in a row
        stage.insist(lambda: stage.owner.post(f"{PAGE}analyses/rerun/"))
        until(lambda: not Job.objects.unfinished().exists(), "the analyses end")
    job = Job.objects.filter(kind="analysis").first()
    print(f"    killed {dict(killing.killed)}, attempts {job.attempts}: {job.outcome}")
    runs = AnalysisRun.objects.filter(spec__review=stage.review)
    each = runs.values("spec").distinct().count()
    stage.check(
        (runs.count(), each) == (count, count), f"{runs.count()} runs of {each} analyses, expected {count}"
    )


def export(stage: Stage) -> None:
    """The review is written into a file, which comes to the same on another site."""
    from reviewsite.portability.models import Transfer

    kill_after = [0.3, 0.8, 1.5]
    for pause in kill_after:
        with Killing(stage, 5, pause=60) as killing:
            stage.insist(lambda: stage.owner.post(f"{PAGE}export/make/"))
            time.sleep(pause)
            for victim in ["workers", *(["database"] if stage.cluster else [])]:
                killing.kill(victim)
        stage.forget_connection()
        until(lambda: all(each.is_finished for each in Transfer.objects.all()), "the export ends")
    done = Transfer.objects.filter(direction="out").order_by("-pk").first()
    states = list(Transfer.objects.values_list("state", "attempts"))
    stage.check(all(state == "done" for state, _ in states), f"states and attempts {states}: {done.outcome}")
    left = [path.name for path in stage.site.folder.glob("winnow-export-*")]
    stage.check(not left, f"nothing half-written is left {left or ''}")
    other = stage.folder / "other"
    own = {"DATABASE_URL": f"sqlite:///{other}/db.sqlite3", "WINNOW_DATA_DIR": str(other)}
    other.mkdir()
    file = stage.site.folder / "files" / done.file.name
    for words in (["migrate", "-v0"], ["import_review", str(file)], ["check_review"], ["verify_audit"]):
        told = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env={**os.environ, **own},
            capture_output=True,
            text=True,
        )
        stage.check(
            told.returncode == 0, f"{words[0]} elsewhere: {(told.stdout + told.stderr).strip()[-200:]}"
        )


def away(stage: Stage, seconds: int = 60) -> None:
    """The database is away for a minute."""
    if not stage.cluster:
        print("    only on PostgreSQL")
        return
    stage.insist(lambda: stage.owner.ask("GET", PAGE))
    stage.cluster.stop()
    began, slowest = time.monotonic(), 0.0
    statuses, said = Counter[int](), Counter[bool]()
    while time.monotonic() - began < seconds:
        for path in (PAGE, f"{PAGE}screen/title_abstract/", "/health/"):
            asked = time.monotonic()
            status, text = stage.owner.ask("GET", path)
            slowest = max(slowest, time.monotonic() - asked)
            statuses[status] += 1
            said["The database does not answer just now" in text or path == "/health/"] += 1
        time.sleep(1)
    stage.check(set(statuses) == {503}, f"answers while it is away {dict(statuses)}, slowest {slowest:.1f} s")
    stage.check(not said[False], "each page says that the database does not answer")
    stage.cluster.start()
    taken = until(lambda: stage.owner.ask("GET", PAGE)[0] == 200, "pages are back", 60)
    stage.check(taken < 5, f"pages are back {taken:.1f} s after the database, without a restart")
    stage.insist(lambda: stage.owner.post(f"{PAGE}analyses/rerun/"))
    from reviewsite.reviews.models import Job

    taken = until(lambda: not Job.objects.unfinished().exists(), "workers go on", 90)
    stage.check(taken < 45, f"workers go on {taken:.1f} s after the database, without a restart")


def disk(stage: Stage) -> None:
    """The file store is full; on SQLite, the database with it. The site stands on a small file system."""
    from screening.models import Decision, SearchRun

    runs, ballast = SearchRun.objects.count(), stage.site.folder / "ballast"
    fill(ballast)
    page = f"{PAGE}searches/upload/"
    fields = {"database": "X", "kind": "database", "run_on": "2026-01-05"}
    big = export_of(20_000, 500_000)
    status, text = stage.owner.upload(page, "big.ris", big, **fields)
    stage.check(
        status == 503 and "The disk of this site is full" in text, f"upload onto a full disk: {status}"
    )
    answers = Counter[int]()
    confirmed = []
    for citation in stage.citations[:30]:
        act = {"uuid": str(uuid.uuid4()), "kind": "decide", "citation": citation, "verdict": "include"}
        body = json.dumps({"reviewer": stage.review.created_by_id, "acts": [act]})
        status, text = stage.owner.ask("POST", f"{PAGE}screen/title_abstract/acts/", body, "application/json")
        answers[status] += 1
        confirmed += [act["uuid"]] if '"stored"' in text else []
    wanted = {200} if stage.cluster else {200, 503}
    stage.check(
        set(answers) <= wanted, f"decisions on a full disk: {dict(answers)}, confirmed {len(confirmed)}"
    )
    stage.check(stage.owner.ask("GET", PAGE)[0] == 200, "pages can still be read")
    ballast.unlink()
    stage.forget_connection()
    stage.check(SearchRun.objects.count() == runs, "nothing of the upload was kept")
    kept = set(map(str, Decision.objects.values_list("client_uuid", flat=True)))
    stage.check(set(confirmed) <= kept, f"confirmed and lost: {len(set(confirmed) - kept)}")
    status, _ = stage.owner.upload(page, "small.ris", export_of(30, 900_000), **fields)
    stage.check(status == 302, f"once there is room again, an upload: {status}")
    until(lambda: SearchRun.objects.latest("pk").imported_at, "it is read")


def clock(stage: Stage) -> None:
    """The clock of web server and workers jumps by three hours, there and back, while people work."""
    from reviewsite.reviews.models import Job
    from screening.models import Decision, Lease, SearchRun

    fields = {"database": "X", "kind": "database", "run_on": "2026-01-05"}
    confirmed: dict[str, int] = {}
    refused = Counter[str]()

    def hand_out(person) -> list[int]:
        import re

        _, text = stage.browser(person).ask("GET", f"{PAGE}screen/title_abstract/cards/?held=")
        return [int(key) for key in re.findall(r'data-citation="(\d+)"', text)]

    def decide(person, citation: int) -> None:
        act = {"uuid": str(uuid.uuid4()), "kind": "decide", "citation": citation, "verdict": "include"}
        body = json.dumps({"reviewer": person.pk, "acts": [act]})
        status, text = stage.browser(person).ask(
            "POST", f"{PAGE}screen/title_abstract/acts/", body, "application/json"
        )
        if '"stored"' in text:
            confirmed[act["uuid"]] = citation
        else:
            refused[f"{status} {text[:80]}"] += 1

    last = None
    for number, shift in enumerate(("+0", "+10800", "-10800", "+0")):
        stage.site.clock.write_text(shift)
        time.sleep(1.5)
        stage.owner.upload(
            f"{PAGE}searches/upload/", f"{number}.ris", export_of(600, number * 600 + 10**6), **fields
        )
        given = [hand_out(person) for person in stage.people]
        stage.check(all(given), f"clock {shift}: cards for everybody {[len(each) for each in given]}")
        for person, cards in zip(stage.people, given, strict=True):
            for citation in cards[:3]:
                decide(person, citation)
                last = (person, citation)
    person, citation = last
    status, _ = stage.browser(person).post(f"{PAGE}screen/title_abstract/undo/")
    stage.forget_connection()
    head = Decision.objects.filter(reviewer=person).order_by("-pk").first()
    told = (
        f"undo takes back the last decision made: {head.verdict} of {head.citation_id}, asked of {citation}"
    )
    stage.check(status == 302 and (head.verdict, head.citation_id) == ("withdrawn", citation), told)
    kept = set(map(str, Decision.objects.values_list("client_uuid", flat=True)))
    stage.check(not refused, f"refused {dict(refused)}")
    stage.check(set(confirmed) <= kept, f"confirmed {len(confirmed)}, lost {len(set(confirmed) - kept)}")
    until(lambda: not Job.objects.unfinished().exists(), "the imports end", 240)
    runs = SearchRun.objects.filter(file_name__endswith=".ris")
    done = [run.records.count() for run in runs]
    stage.check(done == [600] * 4, f"imports while the clock jumped {done}")
    from django.utils import timezone

    late = Lease.objects.running().filter(expires_at__gt=timezone.now() + timedelta(minutes=31))
    stage.check(not late.exists(), f"leases from the future that still hold: {late.count()}")


DRILLS = {
    "import": imports,
    "screening": screening,
    "settling": settling,
    "rerun": rerun,
    "export": export,
    "away": away,
    "disk": disk,
    "clock": clock,
}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("drills", nargs="*", choices=[*DRILLS, []])
    words.add_argument("--sqlite", action="store_true")
    asked = words.parse_args()
    wanted = asked.drills or list(DRILLS)
    folder = Path(tempfile.mkdtemp(prefix="winnow-faults-"))
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    if "disk" in wanted:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", data], check=True)
    cluster = None if asked.sqlite else Cluster(folder / "cluster")
    os.environ |= {
        "DATABASE_URL": cluster.url if cluster else f"sqlite:///{data}/winnow.sqlite3",
        "WINNOW_DATA_DIR": str(data),
        "WINNOW_SECRET_KEY": secrets.token_hex(32),
        "DJANGO_SETTINGS_MODULE": "reviewsite.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    site = Site(data, os.environ["DATABASE_URL"])
    stage = Stage(folder, site, cluster)
    site.start()
    try:
        for name in wanted:
            print(f"{name}: {DRILLS[name].__doc__.splitlines()[0]}", flush=True)
            DRILLS[name](stage)
            stage.check_whole()
    finally:
        site.end()
        if cluster:
            cluster.stop()
        if "disk" in wanted:
            subprocess.run(["umount", data], check=False)
    print(f"{len(stage.wrong)} wrong" if stage.wrong else "nothing lost, nothing twice, nothing half-done")
    if not stage.wrong:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(bool(stage.wrong))


if __name__ == "__main__":
    main()
