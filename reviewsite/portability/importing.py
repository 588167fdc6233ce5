"""Brings a whole review in: all of it in one transaction, or nothing.

Keys are set aside for every row first, so that rows can name others that come later; the databases check that
when the transaction ends. Files wait in a folder of their own until every row is in.
"""

import tempfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError, OperationalError, connection, models, transaction

from reviewsite.reviews.models import Review, Role, User
from reviewsite.reviews.rules import free_slug
from screening.citations import word_index

from .columns import Column, Keys, columns_of, name_here
from .errors import CarryingRefused
from .manifest import PEOPLE
from .opening import DAMAGED, Carried, opened
from .summaries import summary_of
from .tables import TABLES, Table

Progress = Callable[[int, int, str], None]


def import_review(
    *,
    path: Path,
    slug: str = "",
    by: User | None = None,
    progress: Progress | None = None,
    at_last: Callable[[Review], None] | None = None,
) -> Review:
    """The review that a file holds, with its people mapped by e-mail address.

    slug: its address here; that of the file when empty. by: who asks in the browser, who must own it.
    at_last: called with the review within the transaction that brings it in.
    Raises CarryingRefused; nothing of the file is kept then, nor when `progress` raises.
    """
    told = progress or (lambda done, total, step: None)
    with opened(path, lambda done, total: told(done, total, "Checking the file")) as carried:
        if by is not None:
            _check_owner(carried, by)
        address = _address(carried, slug, by)
        with _files_waiting(carried, told) as place:
            try:
                return _bring_in(carried, address, told, place, at_last)
            except (OperationalError, InterfaceError):
                raise
            except DatabaseError as error:
                raise CarryingRefused(_why(error)) from error


def _why(error: DatabaseError) -> str:
    if "client_uuid" in str(error):
        return (
            "The decisions in this file are in this installation already: the review was brought in before. "
            "A second copy would count one person's decision twice."
        )
    return (
        f"The rows in this file do not fit together, so nothing was brought in ({str(error).strip():.200})."
    )


def _check_owner(carried: Carried, by: User) -> None:
    """In the browser, whoever brings a review in speaks for people who are not here: only its owner may."""
    for row in carried.rows("data/reviews.Membership.jsonl"):
        if row.get("user") == by.email and row.get("role") == Role.OWNER and row.get("left_at") is None:
            return
    raise CarryingRefused(
        f"No owner of the review in this file has your e-mail address ({by.email}). "
        "Ask an owner to bring it in, or whoever runs this server to do it with import_review."
    )


def _address(carried: Carried, slug: str, by: User | None) -> str:
    wanted = slug or carried.manifest.slug
    if len(wanted) > 60 or not all(part.isalnum() or part in "-_" for part in wanted) or not wanted.isascii():
        raise CarryingRefused(f"{wanted!r} cannot be a review's address: letters, digits and - only.")
    if not Review.objects.filter(slug=wanted).exists():
        return wanted
    if by is not None:
        return free_slug(wanted)
    raise CarryingRefused(f"There is a review called {wanted} here already. Give another name with --slug.")


def _bring_in(
    carried: Carried,
    slug: str,
    told: Progress,
    place: Callable[[int], None],
    at_last: Callable[[Review], None] | None,
) -> Review:
    with transaction.atomic():
        keys = _set_aside(carried)
        keys.people = _people(carried)
        total = sum(len(each) for each in keys.of.values())
        done = 0
        for table in TABLES:
            for rows in _in_chunks(carried, table, columns_of(table, keys), slug):
                table.model._base_manager.bulk_create(rows)
                done += len(rows)
                told(done, total, "Bringing rows in")
        review = Review.objects.select_related("protocol").get(pk=keys.review_pk)
        for run in review.search_runs.order_by("pk"):
            word_index.add(run)
        # The files first: that they are there is part of what is compared, and a failure takes them back.
        place(review.pk)
        told(total, total, "Comparing with the original")
        _compare(carried, review)
        if at_last is not None:
            at_last(review)
    return review


def _set_aside(carried: Carried) -> Keys:
    """As many new keys for each table as it has rows, rising."""
    members = carried.manifest.members
    counts = {table.label: members[table.file_name].rows for table in TABLES if table.file_name in members}
    if counts.get("reviews.Review") != 1 or counts.get("reviews.Protocol") != 1:
        raise CarryingRefused(DAMAGED.format("it does not hold exactly one review"))
    of = {table.label: _fresh_keys(table.model, counts.get(table.label, 0)) for table in TABLES}
    return Keys(of["reviews.Review"][0], of)


def _fresh_keys(model: type[models.Model], count: int) -> array:
    table, quoted = model._meta.db_table, connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sequence, [quoted, count])
            return array("q", sorted(key for (key,) in cursor))
        # SQLite: the write lock is held, so nobody else takes a key meanwhile.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        used = cursor.fetchone()
        last = max(
            used[0] if used else 0,
            model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0,
        )
    return array("q", range(last + 1, last + 1 + count))


def _people(carried: Carried) -> dict[int, str]:
    """Key -> address as in the file. Who has no account here gets one that waits for its owner's password."""
    found = {}
    for row in carried.rows(PEOPLE):
        email, name = row.get("email"), row.get("name")
        if not isinstance(email, str) or "@" not in email or len(email) > 254 or not isinstance(name, str):
            raise CarryingRefused(DAMAGED.format("its list of people holds somebody without an address"))
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            user = User.objects.create_user(email, None, name=name[:150])
        found[user.pk] = email
    return found


def _in_chunks(
    carried: Carried, table: Table, columns: list[Column], slug: str
) -> Iterator[list[models.Model]]:
    number = 0
    for batch in carried.batches(table.file_name):
        rows = [_row(table, columns, told, number + n) for n, told in enumerate(batch, 1)]
        if table.label == "reviews.Review":
            rows[0].slug = slug  # type: ignore[attr-defined]
        number += len(rows)
        yield rows


def _row(table: Table, columns: list[Column], told: dict[str, Any], number: int) -> models.Model:
    if told.get("id") != number:
        raise CarryingRefused(DAMAGED.format(f"the rows of {table.label} are not numbered in order"))
    if strange := set(told) - {column.name for column in columns}:
        raise CarryingRefused(
            f"This file holds {table.label}.{sorted(strange)[0]}, which this Winnow does not know."
        )
    values = {}
    for column in columns:
        if column.name in told:
            values[column.attribute] = column.from_file(told[column.name], told)
        elif column.default is not models.NOT_PROVIDED:
            # A file of an older Winnow: the column came later, with this default.
            values[column.attribute] = column.default()
        else:
            raise CarryingRefused(
                f"This file has no {table.label}.{column.name}; it was made by another Winnow."
            )
    return table.model(**values)


def _compare(carried: Carried, review: Review) -> None:
    """The review must come to the same counts, hashes and estimates as where it was written."""
    came = _as_stored(summary_of(review))
    for name, told in carried.manifest.summary.items():
        if name in came and came[name] != told:
            raise CarryingRefused(
                f"Brought in, the review does not come to what it was ({name} differ), so nothing was kept. "
                "The file was changed after it was written, or made by a Winnow that counts otherwise."
            )


def _as_stored(summary: Any) -> Any:
    """Tuples as the lists that JSON makes of them."""
    if isinstance(summary, dict):
        return {name: _as_stored(each) for name, each in summary.items()}
    return [_as_stored(each) for each in summary] if isinstance(summary, (list, tuple)) else summary


class _Moved(File):
    """A file on this machine that a store in a folder takes over without copying it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


@contextmanager
def _files_waiting(carried: Carried, told: Progress) -> Iterator[Callable[[int], None]]:
    """Unpack the files aside; gives what puts them into the store. Undone when anything fails."""
    made: list[str] = []
    with tempfile.TemporaryDirectory(prefix="winnow-import-", dir=settings.DATA_DIR) as room:

        def place(review_pk: int) -> None:
            for portable in portables:
                wanted = name_here(portable, review_pk)
                # The review's key is of this transaction: whatever is there is of an attempt that was killed.
                default_storage.delete(wanted)
                with (Path(room) / portable).open("rb") as source:
                    made.append(default_storage.save(wanted, _Moved(source, str(Path(room) / portable))))
                if made[-1] != wanted:
                    raise CarryingRefused(f"There is a file {wanted} already; nothing was brought in.")

        portables = [name.removeprefix("files/") for name in carried.files]
        try:
            for number, portable in enumerate(portables, 1):
                name_here(portable, 0)
                carried.unpack(f"files/{portable}", Path(room) / portable)
                told(number, len(portables), "Unpacking files")
            yield place
        except BaseException:
            for name in made:
                default_storage.delete(name)
            raise
