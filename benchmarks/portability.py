"""Time and memory to write a whole review into a file, to bring it in elsewhere, and to write it again.

    python benchmarks/portability.py                                          20,000 records with 200 PDFs
    python benchmarks/portability.py 5000:50 20000:200 40000:400 40000:50     records:PDFs, one review each

Two votes a citation, each with its entry in the audit log; PDFs of 800 kB with ten pages, their text and
their pictures; extractions by two people and the agreed one. Every step is a process of its own, so that its
memory is its own; the last column says whether the file written from the copy holds the same bytes. `--where`
names the lines that hold most whenever memory has grown (tracemalloc, which slows everything down).
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SIZES = ("20000:200",)
SLUG = "many"
PDF_BYTES, PAGES, PICTURE_BYTES = 800_000, 10, 80_000
LINES, WORDS = 60, 11
ANSWERS = {
    f"question_{n}": {"value": f"Answer {n} in words", "page": str(n), "quote": "As it is printed. " * 8}
    for n in range(30)
}


def peak() -> float:
    """Megabytes that this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# Making the review, straight into the tables: rules would take hours


def make(records: int, pdfs: int) -> None:
    from django.core.management import call_command

    from benchmarks import flow as flows
    from reviewsite.reviews.models import Role, User
    from reviewsite.reviews.rules import add_member, create_review

    call_command("migrate", verbosity=0)
    people = [
        User.objects.create_user(f"{name}@example.org", None, name=name.title())
        for name in ("owner", "other")
    ]
    review = create_review(title="Many records", owner=people[0], slug=SLUG)
    add_member(review=review, email=people[1].email, role=Role.REVIEWER, by=people[0])
    make_records(review, records)
    flows._merge(review)
    flows._decide(review, people, review.created_at + timedelta(days=10))
    make_log(review)
    make_order(review)
    make_studies(review, people)
    make_pdfs(review, pdfs)


def make_records(review: Any, records: int) -> None:
    from benchmarks import made_records
    from screening.duplicates.deduplication import found_citations
    from screening.exporters import write_ris
    from screening.models import Record, SearchRun
    from screening.searches.intake import _record

    told = made_records.records(records)
    for database in ("PubMed", "Embase", "Scopus", "CENTRAL"):
        run = SearchRun.objects.create(
            review=review, database=database, created_by=review.created_by, imported_at=review.created_at
        )
        share = enumerate(islice(told, records // 4), 1)
        rows = (_record(run, position, each._replace(raw=write_ris([each]))) for position, each in share)
        Record.objects.bulk_create(rows, batch_size=1000)
        found_citations(run)


def make_log(review: Any) -> None:
    """An entry for every vote, in a chain as `record_act` makes it."""
    from reviewsite.reviews.models import AuditEntry

    last = review.audit_entries.order_by("-number").first()

    def entries() -> Iterator[AuditEntry]:
        number, previous = last.number, last.sha256
        rows = review.decisions.order_by("pk").select_related("reviewer", "reason")
        for vote in rows.iterator(chunk_size=1000):
            number += 1
            entry = AuditEntry(
                review=review,
                number=number,
                actor=vote.reviewer,
                actor_email=vote.reviewer.email,
                act="decided",
                details={
                    "stage": vote.stage,
                    "verdict": vote.verdict,
                    "citation": f"Trial {vote.citation_id}",
                },
                blind_kind=vote.stage,
                blind_key=vote.citation_id,
                previous=previous,
                salt="0" * 32,
            )
            previous = entry.sha256 = entry.computed_hash()
            yield entry

    AuditEntry.objects.bulk_create(entries(), batch_size=1000)


def make_order(review: Any) -> None:
    from screening.models import Place, RankingRun

    open_now = list(review.citations.live().order_by("pk").values_list("pk", flat=True))
    run = RankingRun.objects.create(review=review, finished_at=review.created_at, ordered=len(open_now))
    Place.objects.bulk_create(
        (
            Place(review=review, run=run, citation_id=pk, position=n, score=1 - n / len(open_now))
            for n, pk in enumerate(open_now, 1)
        ),
        batch_size=1000,
    )


def make_studies(review: Any, people: list[Any]) -> None:
    from extraction.models import Arm, ArmResult, Extraction, FormVersion, Outcome
    from screening.models import Report, RetrievalEvent, Study

    RetrievalEvent.objects.bulk_create(
        RetrievalEvent(report=report, state="obtained", recorded_by=people[0])
        for report in Report.objects.filter(review=review).order_by("pk")
    )
    form = FormVersion.objects.create(
        review=review, number=1, definition=[], created_by=people[0], published_at=review.created_at
    )
    outcome = Outcome.objects.create(review=review, name="Remission")
    for n, report in enumerate(Report.objects.filter(review=review).included().order_by("pk"), 1):
        report.study = Study.objects.create(review=review, label=f"Study {n}", created_by=people[0])
        report.is_primary = True
        report.save()
        shared = {"review": review, "study": report.study, "form_version": form, "answers": ANSWERS}
        two = [
            Extraction.objects.create(extractor=person, submitted_at=review.created_at, **shared)
            for person in people
        ]
        agreed = Extraction.objects.create(
            kind="agreed",
            extractor=people[0],
            left=two[0],
            right=two[1],
            submitted_at=review.created_at,
            **shared,
        )
        for extraction in (*two, agreed):
            for place, label in enumerate(("Drug", "Placebo")):
                arm = Arm.objects.create(extraction=extraction, label=label, n=100, position=place)
                cells = {"events": {"page": "4", "quote": "Remission was seen in 40 of 100. " * 3}}
                ArmResult.objects.create(arm=arm, outcome=outcome, events=40, n=100, cells=cells)


def make_pdfs(review: Any, pdfs: int) -> None:
    """Files of random bytes: what a PDF holds does not pack either, and nothing here reads them."""
    from django.core.files.base import ContentFile

    from screening.full_text.document_files import folder_of
    from screening.models import Document, DocumentPage, Report

    dice = random.Random(1)
    reports = Report.objects.filter(review=review).order_by("pk")[:pdfs]
    for n, report in enumerate(reports, 1):
        content = b"%PDF-1.7\n" + dice.randbytes(PDF_BYTES)
        document = Document(
            review=review,
            report=report,
            file_name=f"paper {n}.pdf",
            file_sha256=sha256(content).hexdigest(),
            size=len(content),
            state=Document.State.READ,
            page_count=PAGES,
            uploaded_by=review.created_by,
        )
        document.file.save("whole.pdf", ContentFile(content))
        pages = []
        for number in range(1, PAGES + 1):
            name = f"{number}.png"
            place = f"{folder_of(document)}/pages/{name}"
            document.file.storage.save(place, ContentFile(dice.randbytes(PICTURE_BYTES)))
            pages.append(
                DocumentPage(
                    document=document, number=number, width=595, height=842, picture=name, lines=_lines(dice)
                )
            )
        DocumentPage.objects.bulk_create(pages)


def _lines(dice: random.Random) -> list[Any]:
    return [
        [
            0,
            70 + 12.5 * line,
            81 + 12.5 * line,
            [
                [60 + 43.25 * word, 99.5 + 43.25 * word, f"word{dice.randint(1, 999)}"]
                for word in range(WORDS)
            ],
        ]
        for line in range(LINES)
    ]


# The steps, each in a process of its own


def write(target: str) -> None:
    from reviewsite.portability.exporting import export_review
    from reviewsite.reviews.models import Review

    review = Review.objects.select_related("protocol").get(slug=SLUG)
    steps: list[int] = []
    export_review(review=review, target=Path(target), progress=lambda done, total: steps.append(done))
    print(f"{len(steps)} steps of progress", file=sys.stderr)


def bring_in(source: str) -> None:
    from reviewsite.portability.importing import import_review

    import_review(path=Path(source))


def migrated() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def beside() -> None:
    """What a process holds that has read all the code and done nothing: imports what an export needs."""
    import reviewsite.portability.exporting
    import reviewsite.portability.importing  # noqa: F401


STEPS: dict[str, Callable[..., None]] = {
    "make": lambda records, pdfs: make(int(records), int(pdfs)),
    "write": write,
    "bring_in": bring_in,
    "migrate": migrated,
    "beside": beside,
}


def run_step(name: str, given: list[str], is_traced: bool) -> None:
    import django

    django.setup()
    if is_traced:
        tracemalloc.start(25)
        _watch()
    begin = time.monotonic()
    STEPS[name](*given)
    print(json.dumps({"seconds": round(time.monotonic() - begin, 1), "megabytes": round(peak())}))


def _watch() -> None:
    """Prints the lines that hold most, whenever memory has reached another 30 MB."""
    import threading

    def look() -> None:
        highest = 30 << 20
        while True:
            time.sleep(0.2)
            now, _ = tracemalloc.get_traced_memory()
            if now > highest:
                highest = now + (30 << 20)
                told = tracemalloc.take_snapshot().statistics("traceback")[:8]
                print(f"--- {now >> 20} MB", file=sys.stderr)
                for each in told:
                    frames = [f for f in each.traceback if str(ROOT) in f.filename][-4:]
                    where = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
                    print(f"{each.size >> 20:5} MB {each.count:8} {where}", file=sys.stderr)

    threading.Thread(target=look, daemon=True).start()


# The whole


def step(folder: Path, name: str, *given: str, is_traced: bool = False) -> dict[str, float]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "reviewsite.settings",
        "WINNOW_DATA_DIR": str(folder),
    }
    command = [sys.executable, __file__, "--step", name, *given, *(["--where"] if is_traced else [])]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def differing(one: Path, other: Path) -> list[str]:
    """The names of files that two archives do not hold alike; the manifest has the date of its writing."""
    with zipfile.ZipFile(one) as left, zipfile.ZipFile(other) as right:
        names = [name for name in left.namelist() if name != "manifest.json"]
        if names != [name for name in right.namelist() if name != "manifest.json"]:
            return ["the list of files"]
        return [name for name in names if left.read(name) != right.read(name)]


def measure(size: str, is_traced: bool, keep: Path | None) -> None:
    records, pdfs = size.split(":")
    with tempfile.TemporaryDirectory(prefix="winnow-carry-", dir=keep) as room:
        here, there = Path(room) / "here", Path(room) / "there"
        one, other = Path(room) / "one.zip", Path(room) / "other.zip"
        for folder in (here, there):
            folder.mkdir()
        made = step(here, "make", records, pdfs)
        print(f"{size}: made in {made['seconds']:.0f} s", file=sys.stderr)
        alone = step(here, "beside")
        out = step(here, "write", str(one), is_traced=is_traced)
        step(there, "migrate")
        came = step(there, "bring_in", str(one), is_traced=is_traced)
        step(there, "write", str(other))
        unlike = differing(one, other)
        print(
            f"{int(records):>7,} records, {int(pdfs):>4} PDFs, {one.stat().st_size / 1e6:5.0f} MB: "
            f"written in {out['seconds']:5.1f} s, {out['megabytes']:4.0f} MB at most; "
            f"brought in in {came['seconds']:5.1f} s, {came['megabytes']:4.0f} MB; "
            f"a process that does nothing {alone['megabytes']:.0f} MB; "
            f"{'written again alike' if not unlike else f'DIFFER: {unlike[:3]}'}",
            flush=True,
        )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("sizes", nargs="*")
    asked.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    asked.add_argument("--where", action="store_true", help="which lines hold most")
    asked.add_argument("--room", type=Path, help="a folder with room for the files, else the system's own")
    given = asked.parse_args()
    if given.step:
        run_step(given.step, list(given.sizes), given.where)
        return
    for size in given.sizes or SIZES:
        measure(size, given.where, given.room)


if __name__ == "__main__":
    main()
