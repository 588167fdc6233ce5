"""One view of the database for as long as a review is being written, while the team goes on working."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection

Aside = Callable[[Callable[[], None]], None]


@contextmanager
def one_view() -> Iterator[Aside]:
    """Every read inside sees the database as it was at the first; gives a way to write outside of that view.

    SQLite: a plain BEGIN reads from one moment of the write-ahead log and holds no lock; Django's own
    transactions here begin with the write lock, which would keep everybody else waiting.
    """
    if connection.in_atomic_block:
        # Within a transaction already (a test): that is the one view.
        yield lambda write: write()
        return
    connection.ensure_connection()
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with ThreadPoolExecutor(max_workers=1) as elsewhere, connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            # A thread has a connection of its own, so what it writes is seen by others at once.
            yield lambda write: elsewhere.submit(write).result()
        finally:
            cursor.execute("ROLLBACK")
            elsewhere.submit(_close).result()


def _close() -> None:
    connection.close()
