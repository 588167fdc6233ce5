"""What deduplication reads and what it says: records, evidence, matches."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

Key = int | str


class Verdict(StrEnum):
    """What two records are to one another; what is UNSURE goes to a person.

    VERSION: two documents of one work, such as a preprint and its article. Each is screened by itself.
    """

    SAME = "same"
    UNSURE = "unsure"
    VERSION = "version"
    DIFFERENT = "different"


class Described(Protocol):
    """A record by its bibliographic fields, wherever it is kept."""

    title: str
    authors: Sequence[str]
    year: int | None
    journal: str
    volume: str
    issue: str
    pages: str
    doi: str
    pmid: str
    abstract: str
    database_id: str
    publication_type: str


@dataclass(frozen=True, slots=True)
class DedupRecord:
    """The part of a record that tells copies apart. Empty means not given, never "different"."""

    key: Key
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
    database_id: str = ""
    publication_type: str = ""
    registration_ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, record: "Described", key: Key) -> "DedupRecord":
        """What a record says, be it a row of the database or one just read from a file."""
        return cls(
            key=key,
            title=record.title,
            authors=tuple(record.authors),
            year=record.year,
            journal=record.journal,
            volume=record.volume,
            issue=record.issue,
            pages=record.pages,
            doi=record.doi,
            pmid=record.pmid,
            abstract=record.abstract,
            database_id=record.database_id,
            publication_type=record.publication_type,
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for (`supports`) or against two records being one, and how much."""

    name: str
    supports: bool
    detail: str = ""
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Match:
    """What is held about one pair: verdict, the rule that spoke, a score from 0 to 1, and the evidence."""

    first: Key
    second: Key
    score: float
    rule: str
    verdict: Verdict
    evidence: tuple[Evidence, ...]
