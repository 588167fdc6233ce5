"""Refer, the format of EndNote's .enw files: lines with a percent sign and a letter in front."""

import re
from collections.abc import Iterator
from itertools import pairwise

from . import cleaning
from .base import ImportProblem, RawRecord, Records, untitled, yearless
from .encoding import Source
from .ris import OTHER_PROVIDERS, stated_pmid
from .tagged import Prefixes, TaggedRecord, check_title, fields_of, pieces

FIELD = re.compile(r"%(\S)(?:[ \t]|$)")
WIDTH = 3
# A record begins with its type, or after a blank line: not every program writes the type first, or at all.
AFTER_BLANK = re.compile(r"(?:\A\s*|\n[ \t]*\n)(?=%[0-9A-Z] )")
TYPE = re.compile(r"^%0(?=[ \t]|$)", re.MULTILINE)
BY_LINE = frozenset({"K", "A", "U"})
KNOWN = frozenset("0TADBJVNPRXKGUM")


def looks_like(source: Source) -> bool:
    found = re.findall(r"^%([0TADBJX]) \S", source.text, re.MULTILINE)
    return "T" in found and len(set(found)) >= 2


def read(source: Source, problems: list[ImportProblem]) -> Records:
    """The records of the text; what could not be read is added to `problems`."""
    text = source.text
    starts = _starts(text)
    return Records(len(starts), _read(text, starts, problems))


def _read(text: str, starts: list[int], problems: list[ImportProblem]) -> Iterator[RawRecord]:
    prefixes = Prefixes(FIELD, WIDTH)
    for line, piece in pieces(text, starts):
        fields = fields_of(cleaning.plain(piece).split("\n"), prefixes, by_line=BY_LINE)
        yield _record(TaggedRecord(line, fields, piece.strip()), problems)


def _starts(text: str) -> list[int]:
    """Where records begin. A blank line inside an abstract begins none: no title follows it."""
    after_blank = [found.end() for found in AFTER_BLANK.finditer(text)]
    titled = {
        start
        for start, end in pairwise([*after_blank, len(text)])
        if re.search(r"^%[T0](?=[ \t])", text[start:end], re.MULTILINE)
    }
    typed = {found.start() for found in TYPE.finditer(text)}
    # Where a blank line begins the record, its %0 may come after %T and begins no other.
    starts = sorted(titled | typed)
    return [
        start
        for number, start in enumerate(starts)
        if start in titled or not number or TYPE.search(text, starts[number - 1], start)
    ]


def _record(tagged: TaggedRecord, problems: list[ImportProblem]) -> RawRecord:
    line = tagged.line
    title = tagged.first("T")
    if not title:
        problems.append(untitled(line, "%T"))
    check_title(title, line)
    printed_year = tagged.first("D", "8")
    year = cleaning.year(printed_year)
    if printed_year and year is None:
        problems.append(yearless(line, "%D", printed_year))
    return RawRecord(
        title=title,
        authors=tagged.names("A") or tagged.names("E"),
        year=year,
        journal=tagged.first("J", "B"),
        volume=tagged.first("V"),
        issue=tagged.first("N"),
        pages=tagged.first("P"),
        doi=next((doi for value in tagged.all("R", "3", "U") if (doi := cleaning.doi(value))), ""),
        pmid=_pmid(tagged),
        abstract=tagged.first("X"),
        keywords=tuple(tagged.all("K")),
        language=tagged.first("G"),
        publication_type=tagged.first("9", "0"),
        url=tagged.first("U"),
        database_id=tagged.first("M"),
        extra=tagged.rest(KNOWN),
        raw=tagged.raw,
        line=line,
    )


def _pmid(tagged: TaggedRecord) -> str:
    accession, provider = tagged.first("M"), " ".join(tagged.all("~", "W", "U"))
    if stated := stated_pmid(f"{accession} {provider}"):
        return stated
    is_number = re.fullmatch(r"\d{7,8}", accession) is not None
    return accession if is_number and not OTHER_PROVIDERS.search(provider) else ""
