"""What deduplication reads and what it says: records, evidence, matches."""

from dataclasses import dataclass
from enum import StrEnum

Key = int | str


class Verdict(StrEnum):
    """Whether two records are copies of one another; what is UNSURE goes to a person."""

    SAME = "same"
    UNSURE = "unsure"
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
    """One thing that speaks for (`supports`) or against two records being one."""

    name: str
    supports: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What is held about one pair: verdict, the rule that spoke, a score from 0 to 1, and the evidence."""

    first: Key
    second: Key
    score: float
    rule: str
    verdict: Verdict
    evidence: tuple[Evidence, ...]
