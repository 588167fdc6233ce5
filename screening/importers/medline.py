"""MEDLINE format, as PubMed's .nbib files have it.

Bio.Medline reads the same grammar but keeps neither line numbers nor the record's text, and a record of ours
must lead back to the line it came from; so the few rules of the format are read here.
"""

import re
from collections.abc import Iterator

from . import cleaning
from .base import ImportProblem, RawRecord, Records, untitled, yearless
from .encoding import Source
from .tagged import Prefixes, TaggedRecord, check_title, decoded_pieces, fields_of, line_starts

# A tag fills four columns, then come a dash and a blank; what goes on with a field is indented.
TAG = re.compile(r"(?=.{4}-)([A-Z]{2,4}) {0,2}-")
WIDTH = 5
INDENT = "\n      "
WITHOUT_PMID = re.compile(r"\n\s*\n(?=(?:OWN |STAT|TI  |DA  |DCOM)- )")
START = re.compile(rb"PMID ?-")
# Ovid's MEDLINE format counts its records, "<1>", and calls the number UI.
OVID_START = re.compile(rb"UI {2}- ?\d")
OVID_COUNT = re.compile(rb"\n<\d{1,7}>[ \t]*(?=\n|$)")
# Tags with a field of their own; all others are kept in `extra`.
KNOWN = frozenset(
    {
        "PMID",
        "UI",
        "TI",
        "BTI",
        "AB",
        "FAU",
        "AU",
        "CN",
        "DP",
        "JT",
        "TA",
        "VI",
        "IP",
        "PG",
        "LA",
        "PT",
        "OT",
        "URL",
        "AN",
    }
)


def looks_like(source: Source) -> bool:
    head = source.head
    return re.search(r"^PMID ?- ?(?:\d|$)", head, re.MULTILINE) is not None or _is_ovid(head)


def _is_ovid(head: str) -> bool:
    return re.match(r"\s*(?:<\d+>\s*\n)?(?:VN {2}- .*\n|DB {2}- .*\n)*UI {2}- ?\d", head) is not None


def read(source: Source, problems: list[ImportProblem]) -> Records:
    """The records of a MEDLINE text; what could not be read is added to `problems`."""
    content = source.content
    starts = line_starts(content, b"\nPMID", START)
    if not starts:
        content = OVID_COUNT.sub(b"\n", content)
        starts = line_starts(content, b"\nUI", OVID_START)
    return Records(len(starts), _read(content, starts, problems))


def _read(content: bytes, starts: list[int], problems: list[ImportProblem]) -> Iterator[RawRecord]:
    prefixes = Prefixes(TAG, WIDTH)
    for start, piece in decoded_pieces(content, starts):
        for line, own in _split(start, piece.rstrip()):
            lines = cleaning.plain(own.replace(INDENT, " ")).split("\n")
            yield _record(TaggedRecord(line, fields_of(lines, prefixes), own), problems)


def _split(line: int, piece: str) -> Iterator[tuple[int, str]]:
    """A record begins with its PMID; one that has none, after a blank line."""
    if "\n\n" not in piece:
        yield line, piece
        return
    start = 0
    for found in WITHOUT_PMID.finditer(piece):
        yield line + piece.count("\n", 0, start), piece[start : found.start()]
        start = found.end()
    yield line + piece.count("\n", 0, start), piece[start:]


def _record(tagged: TaggedRecord, problems: list[ImportProblem]) -> RawRecord:
    line = tagged.line
    title = tagged.first("TI", "BTI")
    if not title:
        problems.append(untitled(line, "TI"))
    check_title(title, line)
    printed_year = tagged.first("DP", "DEP", "CRDT", "YR")
    year = cleaning.year(printed_year)
    if printed_year and year is None:
        problems.append(yearless(line, "DP", printed_year))
    pmid = _pmid(tagged, problems)
    return RawRecord(
        title=title,
        authors=tagged.names("FAU") or tagged.names("AU") or tagged.names("CN"),
        year=year,
        journal=tagged.first("JT", "TA", "JN"),
        volume=tagged.first("VI", "VO"),
        issue=tagged.first("IP"),
        pages=tagged.first("PG"),
        doi=_doi(tagged),
        pmid=pmid,
        abstract=tagged.first("AB"),
        keywords=tuple(tagged.all("OT")),
        language=tagged.first("LA"),
        publication_type="; ".join(tagged.all("PT")),
        url=tagged.first("URL"),
        # Our own exports name what is known elsewhere under another number.
        database_id=tagged.first("AN") if "AN" in tagged.fields else pmid,
        extra=tagged.rest(KNOWN),
        raw=tagged.raw,
        line=line,
    )


def _pmid(tagged: TaggedRecord, problems: list[ImportProblem]) -> str:
    stated = tagged.first("PMID", "UI")
    if stated.isascii() and stated.isdigit() and len(stated) <= 9:
        return stated
    said = f"“{stated[:40]}” is not a PubMed number" if stated else "The record has no PubMed number"
    problems.append(ImportProblem(tagged.line, "PMID", f"{said}; the record is kept without one."))
    return ""


def _doi(tagged: TaggedRecord) -> str:
    stated = (value for value in tagged.all("LID", "AID") if "[doi]" in value)
    named = (value for value in tagged.all("SO") if "doi:" in value)
    return next((found for value in (*stated, *named) if (found := cleaning.doi(value))), "")
