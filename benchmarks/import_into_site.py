"""Time and memory to bring a file of 50,000 records into a site on SQLite, as its worker does it."""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.made_records import records
from screening.exporters import write_ris

RECORDS = 50_000


def peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "reviewsite.settings",
            "WINNOW_DATA_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        }
        # The upload is taken by the web process, so that what it needs does not count for the worker.
        if os.fork() == 0:
            upload()
            os._exit(0)
        os.wait()
        work()


def upload() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from reviewsite.reviews.models import Protocol, Review, User
    from screening.searches.imports import register_file

    call_command("migrate", verbosity=0)
    person = User.objects.create_user("librarian@example.org", "a long enough secret")
    review = Review.objects.create(slug="large", title="A large review", created_by=person)
    Protocol.objects.create(review=review)
    content = write_ris(records(RECORDS)).encode()
    register_file(review=review, content=content, file_name="export.ris", database="Embase", by=person)


def work() -> None:
    import django

    django.setup()
    from screening.models import SearchRun
    from screening.tasks import read_file

    run = SearchRun.objects.get()
    before, begin = peak_megabytes(), time.monotonic()
    read_file.call(run.pk)
    run.refresh_from_db()
    stored = (run.imported_at - run.job.requested_at).total_seconds()
    print(
        f"{run.records.count():,} records ({run.file.size // 1_000_000} MB): read, stored and compared in "
        f"{time.monotonic() - begin:.0f} s; stored {stored:.0f} s after the upload; "
        f"peak memory {peak_megabytes()} MB, {peak_megabytes() - before} MB of it for the import"
    )
    print(run.job.outcome)


if __name__ == "__main__":
    main()
