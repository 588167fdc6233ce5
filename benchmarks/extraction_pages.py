"""Extraction as felt: a study typed without a mouse, 200 cells compared, 300 studies by 40 outcomes.

    python benchmarks/extraction_pages.py [--fast-typist KEYS_PER_SECOND]

Makes a site of its own in a temporary folder, measures over HTTP, and prints a table. Beside the table page
stands what pandas takes for the same table (pivot and HTML from rows already in memory), as a ratio that a
slow machine does not change much. The typing needs a Chromium and is left out, plainly, without one.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PORT = 8177
STUDIES, OUTCOMES, TIMES = 300, 40, 1
PASSWORD = "a long enough secret"


def prepare(folder: str) -> None:
    os.environ |= {
        "WINNOW_DATA_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "reviewsite.settings",
        "WINNOW_DEBUG": "0",
    }
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def make_table_review(people):
    """Agreed extractions of many studies, written directly: making them by the rules would take an hour."""
    from django.utils import timezone

    from extraction.models import Arm, ArmResult, Extraction, FormVersion, Outcome
    from reviewsite.reviews.rules import create_review
    from screening.models import Study

    review = create_review(title="Many studies", owner=people[0])
    form = FormVersion.objects.create(
        review=review, number=1, definition=[], created_by=people[0], published_at=timezone.now()
    )
    outcomes = [
        Outcome.objects.create(review=review, name=f"Outcome {n}", position=n) for n in range(OUTCOMES)
    ]
    results = []
    for number in range(STUDIES):
        study = Study.objects.create(review=review, label=f"Study {number:03}", created_by=people[0])
        shared = {"review": review, "study": study, "form_version": form, "submitted_at": timezone.now()}
        pair = [Extraction.objects.create(extractor=person, **shared) for person in people]
        agreed = Extraction.objects.create(
            kind="agreed", extractor=people[0], left=pair[0], right=pair[1], **shared
        )
        for position, label in enumerate(("Drug", "Placebo")):
            arm = Arm.objects.create(extraction=agreed, label=label, position=position)
            results += [
                ArmResult(arm=arm, outcome=o, events=(number + n) % 90, n=90 + n)
                for n, o in enumerate(outcomes)
            ]
    ArmResult.objects.bulk_create(results, batch_size=500)
    return review


def make_compared_study(people):
    """Two submitted extractions of 200 cells, half of which differ."""
    from extraction.building.vocabulary import add_outcome
    from extraction.entering.entry import save_rows, start_extraction, submit
    from extraction.models import ArmResult
    from reviewsite.reviews.rules import add_member, create_review
    from tests.extraction.makers import make_study

    review = create_review(title="Two hundred cells", owner=people[0])
    add_member(review=review, email=people[1].email, role="reviewer", by=people[0])
    study = make_study(review, people, "Arden 2019")
    outcomes = [add_outcome(review=review, by=people[0], name=f"Outcome {n}") for n in range(50)]
    for side, person in enumerate(people):
        own = start_extraction(study=study, extractor=person)
        rows = [
            ArmResult(
                arm=own.arms.get(), outcome=outcome, events=5 + side * (n % 2), n=40 + side, mean=3, sd=1.5
            )
            for n, outcome in enumerate(outcomes)
        ]
        save_rows(extraction=own, by=person, rows=rows)
        own.answers = {
            name: {"value": value}
            for name, value in (("design", "Other"), ("population", "A"), ("n", 40), ("regimen", "Z"))
        }
        own.save()
        submit(extraction=own, by=person)
    return study


def make_typed_study(people):
    from extraction.building.vocabulary import add_outcome, add_time_point
    from reviewsite.reviews.rules import add_member, create_review
    from tests.extraction.makers import make_study

    review = create_review(title="Typing", owner=people[0])
    add_member(review=review, email=people[1].email, role="reviewer", by=people[0])
    for name in ("Death", "Relapse", "Rash"):
        add_outcome(review=review, by=people[0], name=name)
    for name in ("Pain", "Itch", "Sleep"):
        add_outcome(review=review, by=people[0], name=name, kind="continuous")
    for label in ("Week 4", "Week 12"):
        add_time_point(review=review, by=people[0], label=label)
    return make_study(review, people, "Birch 2021")


def cookie_of(user) -> str:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"


def timed(path: str, cookie: str, times: int = 7) -> tuple[float, int]:
    """The median seconds of a page, after one to warm up, and its size."""
    taken, size = [], 0
    for _ in range(times + 1):
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", headers={"Cookie": cookie})
        start = time.perf_counter()
        with urllib.request.urlopen(request) as answer:
            size = len(answer.read())
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:]), size


def queries_of(path: str, user) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def pandas_seconds(review) -> float:
    """What pandas takes to pivot the same rows and to write the table as HTML."""
    import pandas

    from extraction.models import ArmResult

    names = ("arm__extraction__study__label", "outcome__name", "arm__label", "events", "n")
    rows = list(ArmResult.objects.agreed(review).values_list(*names))
    start = time.perf_counter()
    frame = pandas.DataFrame(rows, columns=["study", "outcome", "arm", "events", "n"])
    frame["text"] = frame["events"].astype(str) + "/" + frame["n"].astype(str)
    frame.pivot(index="study", columns=["outcome", "arm"], values="text").to_html()
    return time.perf_counter() - start


def type_a_study(study, cookie: str, speed: float) -> tuple[float, int, int] | None:
    """Seconds until all is saved, keys pressed, and cells stored; None without a Chromium."""
    from playwright.sync_api import sync_playwright

    from extraction.models import ArmResult
    from reviewsite.chromium import find_chromium

    path = find_chromium()
    if path is None:
        return None
    pause = 1000 / speed
    pressed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=f"http://127.0.0.1:{PORT}")
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{PORT}"}])
        page = context.new_page()
        page.goto(f"/reviews/{study.review.slug}/extraction/{study.pk}/")
        page.wait_for_selector("[data-submit]:not([disabled])")

        def key(text: str) -> None:
            nonlocal pressed
            if text == "Tab":
                page.keyboard.press(text)
                page.wait_for_timeout(pause)
                pressed += 1
            else:
                page.keyboard.type(text, delay=pause)
                pressed += len(text)

        page.get_by_label("A further arm").focus()
        start = time.perf_counter()
        key("Placebo")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-submit]:not([disabled])")
        page.get_by_label("Events, Death, Week 4, All participants").wait_for()
        page.get_by_label("Events, Death, Week 4, All participants").focus()
        for row in range(6):
            for arm in range(2):
                for text in (str(3 + row + arm), str(120 + arm)):
                    key(text)
                    key("Tab")
        for row in range(6):
            for arm in range(2):
                for text in (f"{41.2 + row + arm:.1f}", f"{11.3 + row:.1f}", str(118 + arm)):
                    key(text)
                    key("Tab")
        page.locator("[data-save-state][data-state=saved]").wait_for()
        taken = time.perf_counter() - start
        browser.close()
    rows = ArmResult.objects.filter(arm__extraction__study=study)
    cells = sum(value is not None for row in rows for value in (row.events, row.n, row.mean, row.sd))
    return taken, pressed, cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--fast-typist", type=float, default=8, help="keys per second; 8 is about 95 words a minute"
    )
    speed = parser.parse_args().fast_typist
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from reviewsite.reviews.models import User

        people = [User.objects.create_user(f"p{n}@example.org", PASSWORD, name=f"P{n}") for n in range(2)]
        many, compared, typed = (
            make_table_review(people),
            make_compared_study(people),
            make_typed_study(people),
        )
        cookie = cookie_of(people[0])
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "waitress",
                f"--listen=127.0.0.1:{PORT}",
                "--threads=4",
                "reviewsite.wsgi:application",
            ],
            cwd=ROOT,
        )
        try:
            report(many, compared, typed, people[0], cookie, speed)
        finally:
            server.terminate()
            server.wait()


def report(many, compared, typed, person, cookie: str, speed: float) -> None:
    wait_for_site()
    table = f"/reviews/{many.slug}/extraction/table/"
    seconds, _ = timed(table, cookie)
    print(f"first page of the table: {1000 * seconds:.0f} ms, {queries_of(table, person)} queries")
    table += "?all"
    seconds, size = timed(table, cookie)
    beside = statistics.median(pandas_seconds(many) for _ in range(5))
    found = f"{1000 * seconds:.0f} ms, {queries_of(table, person)} queries, {size / 1e6:.1f} MB"
    print(f"table {STUDIES} x {OUTCOMES}: {found}")
    print(f"  pandas, pivot and HTML of the same rows: {1000 * beside:.0f} ms; ratio {seconds / beside:.2f}")
    page = f"/reviews/{compared.review.slug}/extraction/{compared.pk}/compare/"
    seconds, _ = timed(page, cookie)
    print(f"comparison of 200 cells: {1000 * seconds:.0f} ms, {queries_of(page, person)} queries")
    found = type_a_study(typed, cookie, speed)
    if found is None:
        print("typing: left out, no Chromium found")
    else:
        taken, pressed, cells = found
        told = f"{cells} cells in {taken:.1f} s with {pressed} keys at {speed:g} a second"
        print(f"2 arms, 6 outcomes, 2 times: {told}")


def wait_for_site() -> None:
    for _ in range(60):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/accounts/login/")
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The site did not start.")


if __name__ == "__main__":
    main()
