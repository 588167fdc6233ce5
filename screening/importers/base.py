"""What every importer gives back, and how it says what it could not read."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

Progress = Callable[[int, int], None] | None


class RawRecord(NamedTuple):
    """One record as a database gave it. What has no field of its own is kept in `extra`, by its tag.

    doi is bare and in lower case; line is the record's first line in the file (in a table: its row; in JSON:
    its place in the list), counted from 1.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    language: str = ""
    publication_type: str = ""
    url: str = ""
    database_id: str = ""
    extra: Mapping[str, list[str]] = MappingProxyType({})
    raw: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Something in the file that could not be read as it stands; the record is kept without it."""

    line: int
    field: str
    reason: str


class ImportRefused(Exception):
    """The file as a whole cannot be read; the text is one sentence for the person who brought it."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file's records and what went wrong with them."""

    format: str
    encoding: str
    records: list[RawRecord]
    problems: list[ImportProblem]


class Records(NamedTuple):
    """How many records a text seems to hold, and the records themselves, one at a time."""

    total: int
    each: Iterator[RawRecord]


@dataclass(slots=True)
class Reading:
    """A file being read: records come one at a time, so that a large file never stands in memory twice.

    `total` is how many records the file seems to hold, for a progress bar. `problems` grows while the
    records are taken, and is whole when they are.
    """

    format: str
    encoding: str
    records: Iterator[RawRecord]
    problems: list[ImportProblem]
    total: int

    def to_end(self, progress: Progress = None) -> ParsedFile:
        """Everything at once. Raises ImportRefused when the file turns out to be broken on the way."""
        with without_collection():
            records = list(self.reported(progress))
        return ParsedFile(self.format, self.encoding, records, self.problems)

    def reported(self, progress: Progress) -> Iterator[RawRecord]:
        """The records, with word to `progress` after each: how many so far, and how many in all."""
        if progress is None:
            yield from self.records
            return
        for number, record in enumerate(self.records, 1):
            yield record
            progress(number, max(self.total, number))


@contextmanager
def without_collection() -> Iterator[None]:
    """No search for circles of references meanwhile: records have none, and a search looks at all of them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def untitled(line: int, field_name: str) -> ImportProblem:
    return ImportProblem(line, field_name, "The record has no title. It is kept, because PRISMA counts it.")


def yearless(line: int, field_name: str, printed: str) -> ImportProblem:
    said = f"“{printed[:40]}” holds no year from 1500 to 2099" if printed else "The record says no year"
    return ImportProblem(
        line,
        field_name,
        f"{said}; the record is kept without one. Mend the file and import it again if the year matters.",
    )


def kept(fields: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """`extra` from tags and values, in their order, without the empty ones."""
    extra: dict[str, list[str]] = {}
    for tag, value in fields:
        if value:
            extra.setdefault(tag, []).append(value)
    return extra
