"""Writes a whole review into one ZIP: a table a file, the uploaded files, the people, and the manifest.

One row, or one piece of a file, is in memory at a time; of the tables only their keys, eight bytes each.
"""

import hashlib
import json
import os
import zipfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from reviewsite.reviews.models import Review, User

from .columns import Keys, columns_of, portable_name
from .errors import CarryingRefused
from .manifest import MANIFEST, PEOPLE, Manifest, Member, schema_here
from .snapshots import Aside, one_view
from .summaries import summary_of
from .tables import TABLES, Table

Progress = Callable[[int, int], None]
PIECE = 1 << 20
# Deflated text a tenth of its size at little cost; PDFs and pictures are as small as they get.
LEVEL = 3
EVERY = 2000
# Rows in memory at once: a page of a PDF with the place of every word is a thousand times a vote.
AT_ONCE = 100
# The date of every file in the archive: that of the writing stands in the manifest.
NO_DATE = (1980, 1, 1, 0, 0, 0)


def export_review(*, review: Review, target: Path, progress: Progress | None = None) -> Manifest:
    """Write the review to `target`; there is a file of that name only once it is whole.

    progress: called with steps done and in all; whatever it raises (a cancel) leaves nothing behind.
    """
    beginning = target.with_name(f"{target.name}.part")
    try:
        with one_view() as aside:
            manifest = _Writer(review, beginning, progress, aside).written()
        os.replace(beginning, target)
    finally:
        beginning.unlink(missing_ok=True)
    return manifest


class _Writer:
    """One archive in the making."""

    def __init__(self, review: Review, path: Path, progress: Progress | None, aside: Aside) -> None:
        self.review, self.path, self.progress, self.aside = review, path, progress, aside
        self.keys = keys_of(review)
        self.files = list(files_of(review))
        self.done, self.total = 0, sum(map(len, self.keys.of.values())) + len(self.files)
        self.manifest = Manifest(
            slug=review.slug,
            title=review.title,
            written_at=timezone.now().isoformat(),
            summary=summary_of(review),
            schema=schema_here(),
        )

    def written(self) -> Manifest:
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            self._people(archive)
            for table in TABLES:
                self._table(archive, table)
            for name, kept in self.files:
                self._file(archive, name, kept)
            archive.writestr(_entry(MANIFEST), self.manifest.as_json())
        return self.manifest

    def _people(self, archive: zipfile.ZipFile) -> None:
        people = User.objects.filter(pk__in=self.keys.people).order_by("email")
        with self._member(archive, PEOPLE) as write:
            for email, name in people.values_list("email", "name"):
                write(_line({"email": email, "name": name}))

    def _table(self, archive: zipfile.ZipFile, table: Table) -> None:
        columns = columns_of(table, self.keys)
        names = [column.attribute for column in columns]
        with self._member(archive, table.file_name) as write:
            for values in table.rows(self.review).values_list(*names).iterator(chunk_size=AT_ONCE):
                row = dict(zip(names, values, strict=True))
                write(_line({each.name: each.to_file(row[each.attribute], row) for each in columns}))
                self._step()

    def _file(self, archive: zipfile.ZipFile, name: str, kept: str) -> None:
        try:
            with default_storage.open(kept) as source, self._member(archive, name, compressed=False) as write:
                while piece := source.read(PIECE):
                    write(piece)
        except FileNotFoundError:
            raise CarryingRefused(
                f"The file {name} was removed while the review was being written. Export it again."
            ) from None
        self._step(every=10)

    @contextmanager
    def _member(
        self, archive: zipfile.ZipFile, name: str, *, compressed: bool = True
    ) -> Iterator[Callable[[bytes], None]]:
        """A file in the archive, hashed as it is written; each call of what it gives is one row or piece."""
        digest, size, rows = hashlib.sha256(), 0, 0
        with archive.open(_entry(name, compressed), "w", force_zip64=True) as target:

            def write(content: bytes) -> None:
                nonlocal size, rows
                digest.update(content)
                target.write(content)
                size, rows = size + len(content), rows + 1

            yield write
        is_table = name.endswith(".jsonl")
        self.manifest.members[name] = Member(digest.hexdigest(), size, rows if is_table else 0)

    def _step(self, every: int = EVERY) -> None:
        self.done += 1
        if self.progress and (self.done % every == 0 or self.done == self.total):
            progress, done, total = self.progress, self.done, self.total
            self.aside(lambda: progress(done, total))


def keys_of(review: Review) -> Keys:
    """The keys of all rows that are carried, and the addresses of all people whom they name."""
    keys = Keys(review.pk)
    for table in TABLES:
        pks = table.rows(review).values_list("pk", flat=True)
        keys.of[table.label] = array("q", pks.iterator(chunk_size=10_000))
    people = {pk for table in TABLES for pk in _people_in(table, review)}
    keys.people = dict(User.objects.filter(pk__in=people).values_list("pk", "email"))
    return keys


def _people_in(table: Table, review: Review) -> set[int]:
    names = [each.attname for each in table.model._meta.concrete_fields if each.related_model is User]
    rows = table.rows(review).order_by()
    return {pk for name in names for pk in rows.values_list(name, flat=True).distinct() if pk is not None}


def files_of(review: Review) -> Iterator[tuple[str, str]]:
    """The uploaded files that rows name and the pictures of PDFs: name in the archive, name in the store."""
    for table in TABLES:
        for each in table.model._meta.concrete_fields:
            if isinstance(each, models.FileField):
                for name in table.rows(review).exclude(**{each.name: ""}).values_list(each.name, flat=True):
                    yield from ((f"files/{portable_name(n, review.pk)}", n) for n in _with_pictures(name))


def _with_pictures(name: str) -> Iterator[str]:
    yield name
    if name.startswith("documents/"):
        folder = f"{name.rsplit('/', 1)[0]}/pages"
        try:
            _, pictures = default_storage.listdir(folder)
        except FileNotFoundError:
            return
        yield from (f"{folder}/{picture}" for picture in sorted(pictures))


def _entry(name: str, compressed: bool = True) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, NO_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    entry._compresslevel = LEVEL  # type: ignore[attr-defined]
    entry.external_attr = 0o600 << 16
    return entry


# Keys within JSON columns are sorted: they come back in another order from PostgreSQL than from SQLite.
_text_of = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def _line(row: dict[str, Any]) -> bytes:
    """One row as JSON, its columns in the order of the table."""
    text = ",".join(f"{_text_of(name)}:{_text_of(value)}" for name, value in row.items())
    return f"{{{text}}}\n".encode("utf-8", "surrogatepass")
