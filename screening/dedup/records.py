"""What deduplication reads and what it says: records, evidence, matches."""

from dataclasses import dataclass
from enum import StrEnum

Key = int | str


class Verdict(StrEnum):
    """What two records are to one another; what is UNSURE goes to a person.

    VERSION: two documents of one work, such as a preprint and its article. Each is screened by itself.
    """

    SAME = "same"
    UNSURE = "unsure"
    VERSION = "version"
    DIFFERENT = "different"


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
    database: str = ""
    database_id: str = ""
    publication_type: str = ""
    registration_ids: tuple[str, ...] = ()


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
