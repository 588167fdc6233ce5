"""What every importer gives back, and how it says what it could not read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Progress = Callable[[int, int], None] | None


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as a database gave it. What has no field of its own is kept in `extra`, by its tag.

    doi is bare and in lower case; line is the record's first line in the file, counted from 1.
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
    extra: Mapping[str, list[str]] = field(default_factory=dict)
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
