"""Web of Science's own tagged format: plain text and .ciw."""

import re
from collections.abc import Iterator

from . import cleaning
from .base import ImportProblem, RawRecord, Records, untitled, yearless
from .encoding import Source
from .tagged import Fields, Prefixes, TaggedRecord, check_title, fields_of, line_starts, pieces

START = re.compile(r"PT [A-Z]\b")
# Two characters and a blank; what goes on with a field is indented by three.
TAG = re.compile(r"([A-Z][A-Z0-9])(?: |$)")
WIDTH = 3
END = re.compile(r"^E[RF][ \t]*$", re.MULTILINE)
# What goes on with a field is indented; the mark keeps its lines apart until it is known if they are values.
INDENT, MARK = "\n   ", "\x00"
# Each line is a value of its own.
BY_LINE = frozenset({"AU", "AF", "BA", "BF", "CA", "BE", "ED", "C1", "CR"})
KNOWN = frozenset(
    (
        "PT",
        "AU",
        "AF",
        "TI",
        "SO",
        "VL",
        "IS",
        "BP",
        "EP",
        "AR",
        "DI",
        "PM",
        "AB",
        "DE",
        "LA",
        "DT",
        "UT",
        "PY",
    )
)
TYPES = {"J": "Journal article", "B": "Book", "S": "Book in series", "P": "Patent"}


def looks_like(source: Source) -> bool:
    text = source.text
    return (
        bool(line_starts(text, "\nPT", START))
        and re.search(r"^(?:TI|SO|AU) \S", text, re.MULTILINE) is not None
    )


def read(source: Source, problems: list[ImportProblem]) -> Records:
    """The records of the text; what could not be read is added to `problems`."""
    text = source.text
    starts = line_starts(text, "\nPT", START)
    return Records(len(starts), _read(text, starts, problems))


def _read(text: str, starts: list[int], problems: list[ImportProblem]) -> Iterator[RawRecord]:
    prefixes = Prefixes(TAG, WIDTH)
    for line, piece in pieces(text, starts):
        end = END.search(piece)
        if end is None:
            reason = "This record has no end mark (ER); it was read all the same. Was the file cut off?"
            problems.append(ImportProblem(line, "ER", reason))
        own = piece[: end.start()].strip() if end else piece.strip()
        yield _record(TaggedRecord(line, _fields(own, prefixes, line), own), problems)


def _fields(piece: str, prefixes: Prefixes, line: int) -> Fields:
    fields = fields_of(cleaning.plain(piece).replace(INDENT, MARK).split("\n"), prefixes)
    for tag, values in fields.items():
        if tag in BY_LINE:
            fields[tag] = [each.strip() for value in values for each in value.split(MARK)]
        else:
            fields[tag] = [value.replace(MARK, " ") for value in values]
    return fields


def _record(tagged: TaggedRecord, problems: list[ImportProblem]) -> RawRecord:
    line = tagged.line
    title = tagged.first("TI", "FT")
    if not title:
        problems.append(untitled(line, "TI"))
    check_title(title, line)
    printed_year = tagged.first("PY", "PD", "EA", "DA")
    year = cleaning.year(printed_year)
    if printed_year and year is None:
        problems.append(yearless(line, "PY", printed_year))
    pmid = tagged.first("PM")
    return RawRecord(
        title=title,
        authors=tagged.names("AF") or tagged.names("AU") or tagged.names("CA", "BA", "BE", "ED"),
        year=year,
        journal=tagged.first("SO", "JI", "J9"),
        volume=tagged.first("VL"),
        issue=tagged.first("IS"),
        pages=cleaning.pages(tagged.first("BP", "PS"), tagged.first("EP")) or tagged.first("AR"),
        doi=cleaning.doi(tagged.first("DI")),
        pmid=pmid if re.fullmatch(r"\d{1,8}", pmid) else "",
        abstract=tagged.first("AB"),
        keywords=cleaning.texts("; ".join(tagged.all("DE") or tagged.all("ID")).split(";")),
        language=tagged.first("LA"),
        publication_type=tagged.first("DT") or TYPES.get(tagged.first("PT"), ""),
        database_id=tagged.first("UT", "AN"),
        extra=tagged.rest(KNOWN),
        raw=tagged.raw,
        line=line,
    )
