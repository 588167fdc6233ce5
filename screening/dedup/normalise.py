"""Records in a form that can be compared: case, accents, punctuation and page styles folded."""

import re
import unicodedata
from dataclasses import dataclass

from .records import DedupRecord, Key

TAGS = re.compile(r"</?[a-zA-Z][^<>]*>")
NOT_WORD = re.compile(r"[^0-9a-z]+")
# Marks that databases put around a title and that say nothing of its words.
AROUND_TITLE = re.compile(r"(?i)\[(?:in process citation|abstract|see comments?|erratum appears in[^\]]*)\]")
CORRECTION = re.compile(
    r"(?i)^\W*(?:erratum|corrigendum|correction|retraction|expression of concern|author'?s? repl(?:y|ies)"
    r"|reply|response|comment(?:ary)?|editorial|re)\b\s*[:.\-–]"
    r"|\b(?:author reply|correction to|erratum to|reply to)\b"
)
PART = re.compile(
    r"(?i)\b(?:part|phase|study|volume|chapter|paper|section|report)\s+(\d+|[ivx]+)(?![a-z0-9])"
)
NUMBERS = re.compile(r"\d+")
ABSTRACT_MARK = re.compile(
    r"(?i)\b(?:ash|asco|eha|abstract|conference|meeting|congress|proceedings|supplement|poster|suppl)\b"
)
# Embase puts the meeting behind the journal that printed its abstracts: "Heart. Conference: British ...".
MEETING = re.compile(r"(?i)[.:;]\s*conference\b.*$")
REGISTER_MARK = re.compile(r"(?i)\b(?:trial registration|clinicaltrials|registry|register|ictrp)\b")
PREPRINT_MARK = re.compile(r"(?i)\b(?:preprints?|medrxiv|biorxiv|research square|ssrn)\b")


@dataclass(frozen=True, slots=True)
class Normal:
    """A record folded for comparison; `kind` is what sort of document it says it is."""

    key: Key
    title: str
    authors: tuple[str, ...]
    year: int | None
    journal: str
    volume: str
    first_page: str
    doi: str
    pmid: str
    abstract: str
    registrations: frozenset[str]
    kind: str
    is_comment: bool
    part: str
    numbers: tuple[str, ...]


def fold(text: str) -> str:
    """Lower case, without accents or markup, words separated by single blanks."""
    plain = unicodedata.normalize("NFKD", TAGS.sub("", text)).encode("ascii", "ignore").decode()
    return NOT_WORD.sub(" ", plain.lower()).strip()


def normal(record: DedupRecord) -> Normal:
    title = AROUND_TITLE.sub(" ", record.title)
    folded = fold(title)
    part = PART.search(title)
    return Normal(
        key=record.key,
        title=folded,
        authors=tuple(family for name in record.authors if (family := family_name(name))),
        year=record.year,
        journal=fold(MEETING.sub("", record.journal)),
        volume=NOT_WORD.sub("", record.volume.lower()),
        first_page=first_page(record.pages),
        doi=record.doi.strip().lower().rstrip("."),
        pmid=record.pmid.strip(),
        abstract=fold(record.abstract),
        registrations=frozenset(identifier.upper() for identifier in record.registration_ids),
        kind=kind_of(record),
        is_comment=CORRECTION.search(title) is not None,
        part=part.group(1).lower() if part else "",
        numbers=tuple(NUMBERS.findall(folded)),
    )


def family_name(author: str) -> str:
    """The family name of "Family, Given", "Family GI" or "Given Family"."""
    if "," in author:
        return fold(author.split(",")[0])
    words = author.split()
    # "Kantarjian HM": trailing initials in capitals are not a family name.
    while len(words) > 1 and re.fullmatch(r"[A-Z][A-Z.\-]{0,4}", words[-1]):
        words.pop()
    return fold(words[-1] if len(words) > 1 and len(author.split()) == len(words) else " ".join(words))


def first_page(pages: str) -> str:
    """The page on which an article begins, as "e123" or "1089"."""
    found = re.search(r"[a-zA-Z]{0,2}\d+", pages)
    return found.group().lower().lstrip("p").lstrip("0") if found else ""


def kind_of(record: DedupRecord) -> str:
    """Article, conference abstract, registration or preprint, as far as the record tells."""
    said = f"{record.publication_type} {record.journal}"
    if REGISTER_MARK.search(said):
        return "registration"
    if PREPRINT_MARK.search(said):
        return "preprint"
    if ABSTRACT_MARK.search(said):
        return "abstract"
    return "article"
