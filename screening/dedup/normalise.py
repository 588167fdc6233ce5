"""Records in a form that can be compared: every field folded once, before any pair is looked at."""

import re
from dataclasses import dataclass
from enum import StrEnum

from . import places, titles
from .journals import journal_names
from .names import name_words
from .places import Pages
from .records import DedupRecord, Key
from .text import fold, given

DOI = re.compile(r"10\.\d{4,9}/\S+")
PMID = re.compile(r"\d{1,8}")
REGISTRATION = re.compile(
    r"\b(?:NCT\d{8}|ISRCTN\d{8}|EUCTR\d{4}-\d{6}-\d{2}|ChiCTR[\w-]{6,}|JPRN-\w+|ACTRN\d{14}|CTRI/\d{4}/\d+/\d+)"
)
ABSTRACT_TYPE = re.compile(r"(?i)\b(?:conference|meeting|abstracts?|poster|proceedings?)\b")
ABSTRACT_JOURNAL = re.compile(r"(?i)\bconference\b.{0,30}:|\babstracts\b|\bmeeting abstracts?\b|^asco\b")
ABSTRACT_ISSUE = re.compile(r"(?i)\bmeeting ?a[bs]*tracts?|\babstracts?\b")
REGISTER_TYPE = re.compile(
    r"(?i)\b(?:trial registration|clinical trial registration|registry|trial registry record)\b"
)
REGISTER_JOURNAL = re.compile(
    r"(?i)\b(?:clinicaltrials\.gov|isrctn(?: registry)?$|ictrp|eudract|euctr|who register"
    r"|clinical trials? regist(?:ry|er))"
)
REGISTER_ADDRESS = re.compile(r"(?i)^https?://\S*(?:clinicaltrials\.gov|ictrptest|trialsearch|isrctn)")
PREPRINT = re.compile(
    r"(?i)\b(?:preprints?|medrxiv|biorxiv|arxiv|research square|ssrn|psyarxiv|chemrxiv|preprints\.org)\b"
)
PREPRINT_DOI = re.compile(r"^10\.(?:1101/(?:\d{4}\.|\d{6}$)|21203/|2139/ssrn|20944/|31234/|48550/|26434/)")
COCHRANE = re.compile(r"(?i)\bcochrane database\b")
# How much of an abstract is compared: enough to tell it, little enough to be quick.
ABSTRACT_LENGTH = 500


class Kind(StrEnum):
    ARTICLE = "article"
    ABSTRACT = "conference abstract"
    REGISTRATION = "trial registration"
    PREPRINT = "preprint"


@dataclass(frozen=True, slots=True)
class Normal:
    """A record folded for comparison; `kind` is what sort of document it says it is."""

    key: Key
    title: str
    tongues: tuple[str, ...]
    title_size: int
    numbers: frozenset[str]
    is_translated: bool
    is_comment: bool
    is_cochrane: bool
    names: tuple[str, ...]
    year: int
    journals: tuple[str, ...]
    volume: str
    issue: str
    pages: Pages
    is_in_supplement: bool
    doi: str
    pmid: str
    abstract: str
    registrations: frozenset[str]
    kind: Kind


def normal(record: DedupRecord) -> Normal:
    title = titles.cleaned(record.title)
    folded = fold(title)
    journal = given(record.journal)
    pages = places.pages(record.pages)
    kind = kind_of(record)
    return Normal(
        key=record.key,
        title=folded,
        tongues=titles.tongues(title),
        title_size=titles.size(folded),
        numbers=titles.numbers(folded),
        is_translated=titles.is_translated(title, folded),
        is_comment=titles.CORRECTION.search(record.title) is not None,
        is_cochrane=COCHRANE.search(journal) is not None,
        names=name_words(record.authors),
        year=record.year or 0,
        journals=journal_names(journal) if journal else (),
        volume=places.volume(record.volume),
        issue=places.issue(record.issue),
        pages=pages,
        is_in_supplement=places.is_in_supplement(record.volume, record.issue, pages),
        doi=bare_doi(record.doi),
        pmid=record.pmid.strip().lstrip("0") if PMID.fullmatch(record.pmid.strip()) else "",
        abstract=folded_abstract(record.abstract),
        registrations=registrations(record, kind),
        kind=kind,
    )


def bare_doi(text: str) -> str:
    found = DOI.search(text.lower())
    return found.group().rstrip(".,;") if found else ""


def folded_abstract(text: str) -> str:
    """The beginning of the abstract; one too short to tell anything counts as none."""
    folded = fold(given(text)[: ABSTRACT_LENGTH + 100]).removeprefix("abstract ")
    return folded[:ABSTRACT_LENGTH] if len(folded) >= 80 else ""


def registrations(record: DedupRecord, kind: Kind) -> frozenset[str]:
    """The numbers under which trials are registered: those named as such, or the record's own."""
    own = REGISTRATION.findall(record.database_id)
    if kind is Kind.REGISTRATION:
        own += REGISTRATION.findall(f"{record.title} {record.journal} {record.pages}")
    return frozenset(identifier.upper() for identifier in (*record.registration_ids, *own))


def kind_of(record: DedupRecord) -> Kind:
    """Article, conference abstract, registration or preprint, as far as the record tells."""
    if (
        REGISTER_TYPE.search(record.publication_type)
        or REGISTER_JOURNAL.search(record.journal)
        or REGISTER_ADDRESS.search(record.journal)
    ):
        return Kind.REGISTRATION
    if PREPRINT.search(f"{record.publication_type} {record.journal}") or PREPRINT_DOI.match(
        bare_doi(record.doi)
    ):
        return Kind.PREPRINT
    if (
        ABSTRACT_TYPE.search(record.publication_type)
        or ABSTRACT_JOURNAL.search(record.journal)
        or ABSTRACT_ISSUE.search(record.issue)
        or titles.ABSTRACT_MARK.search(record.title)
    ):
        return Kind.ABSTRACT
    return Kind.ARTICLE
