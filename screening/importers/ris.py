"""RIS, in the dialects of the databases and reference managers that write it."""

import re
from collections.abc import Iterator

from . import cleaning
from .base import ImportProblem, RawRecord, Records, untitled, yearless
from .encoding import Source
from .tagged import Prefixes, TaggedRecord, check_title, decoded_pieces, fields_of, line_starts

# The format says: tag, two blanks, dash, blank. Some write one blank or a tab, some nothing after the dash.
# A record keeps to one spacing, so that "T2 - weighted" inside an abstract is not taken for a tag.
STRICT = re.compile(r"([A-Z][A-Z0-9])(?:[ \t]{2}|\t)-")
LOOSE = re.compile(r"([A-Z][A-Z0-9])[ \t]{1,2}-(?:[ \t]|$)")
WIDTH = 5
START = re.compile(rb"TY[ \t]{1,2}-")
FIRST_TAG = re.compile(r"^([ \t]{0,8})TY[ \t]{1,2}-", re.MULTILINE)
# Tags that only a record can hold: text that has one of them is a record even when its TY is missing.
MAKES_A_RECORD = frozenset({"TI", "T1", "AU", "A1", "AB", "N2", "DO", "PY", "Y1", "JO", "JF", "T2"})
AUTHORS = ("AU", "A1")
OTHER_AUTHORS = ("A2", "A3", "A4", "ED")
JOURNAL = ("JO", "JF", "T2", "BT", "JT", "SO", "JA", "J2")
YEAR = ("PY", "Y1", "YR", "DA", "Y2")
ABSTRACT = ("AB", "N2")
ACCESSION = ("AN", "ID", "UT", "ACCN", "M1", "U2", "C8")
URL = ("UR", "L2", "LK", "L1")
# EndNote writes the tag once and a keyword on each further line.
BY_LINE = frozenset({"KW", "UR", "L1", "L2", "AU", "A1", "A2"})
KNOWN = frozenset(
    ("TY", "ER", "TI", "T1", *AUTHORS, *YEAR, *ABSTRACT, "VL", "IS", "CP", "SP", "EP", "DO", "KW", "LA", "UR")
) - {"DA", "Y2"}
TYPES = {
    "JOUR": "Journal article",
    "ABST": "Abstract",
    "CONF": "Conference proceedings",
    "CPAPER": "Conference paper",
    "EJOU": "Journal article",
    "MGZN": "Magazine article",
    "NEWS": "Newspaper article",
    "THES": "Thesis",
    "CHAP": "Book chapter",
    "BOOK": "Book",
    "RPRT": "Report",
    "INPR": "In press",
    "UNPB": "Unpublished work",
    "CTLG": "Catalogue entry",
    "DATA": "Data set",
    "GEN": "",
}
# A note that names an identifier does so at once; others hold a whole list of references.
NOTE_READ = 500
STATED_DOI = re.compile(r"^\s*(?:doi\b|10\.)|\bdoi: ?10\.", re.IGNORECASE)
# CENTRAL's links lead to its own entry, not to the article.
CENTRAL_RECORD = "10.1002/central/"
STATED_PMID = re.compile(r"(?:pubmed|medline|pmid)\D{0,12}(\d{4,8})(?!\d)")
# Named as provider in our own exports.
OWN_PROVIDER = "Winnow"
# Providers whose accession numbers can be eight digits and are none of PubMed's.
OTHER_PROVIDERS = re.compile(
    r"ebsco|embase|psyc|ovid|proquest|scopus|web of science|wos|cinahl|eric|lens|ieee|ageline|trid",
    re.IGNORECASE,
)
NOTHING_STATED = frozenset({"no-pagination-specified", "no-specified", "not-specified", "no"})


def looks_like(source: Source) -> bool:
    return FIRST_TAG.search(source.head) is not None


def read(source: Source, problems: list[ImportProblem]) -> Records:
    """The records of a RIS text; what could not be read is added to `problems`."""
    content = _at_margin(source)
    starts = line_starts(content, b"\nTY", START)
    return Records(len(starts), _read(content, starts, problems))


def _read(content: bytes, starts: list[int], problems: list[ImportProblem]) -> Iterator[RawRecord]:
    strict, loose = Prefixes(STRICT, WIDTH), Prefixes(LOOSE, WIDTH)
    before = content[: starts[0]].decode("utf-8")
    yield from _without_type(1, cleaning.plain(before).split("\n"), strict, problems)
    for number, (line, piece) in enumerate(decoded_pieces(content, starts), 1):
        prefixes = loose if piece.startswith("TY -") else strict
        yield from _records(line, piece, prefixes, problems, is_last=number == len(starts))


def _at_margin(source: Source) -> bytes:
    """A text that is indented as a whole, as when it was copied from a page, without its indentation."""
    first = FIRST_TAG.search(source.head)
    indent = first.group(1).encode() if first else b""
    return re.sub(rb"^" + indent, b"", source.content, flags=re.MULTILINE) if indent else source.content


def _records(
    line: int, piece: str, prefixes: Prefixes, problems: list[ImportProblem], *, is_last: bool
) -> Iterator[RawRecord]:
    """The record from TY to ER, and what stands between that and the next TY."""
    lines = cleaning.plain(piece).split("\n")
    # The end mark is nearly always on the last line, and on no other.
    end: int | None = len(lines) - 1
    fields = fields_of(lines[:end], prefixes, by_line=BY_LINE)
    if "ER" in fields or prefixes[lines[-1][:WIDTH]] != "ER":
        end = next((n for n, line in enumerate(lines) if prefixes[line[:WIDTH]] == "ER"), None)
        fields = fields_of(lines[:end], prefixes, by_line=BY_LINE)
    if end is None:
        problems.append(_unended(line, is_last))
    yield _record(TaggedRecord(line, fields, piece), problems)
    if end is not None and end + 1 < len(lines):
        yield from _without_type(line + end + 1, lines[end + 1 :], prefixes, problems)


def _without_type(
    line: int, lines: list[str], prefixes: Prefixes, problems: list[ImportProblem]
) -> Iterator[RawRecord]:
    """A record whose TY was lost, as when a file was cut by hand, or what some platforms print in between."""
    fields = fields_of(lines, prefixes)
    if not MAKES_A_RECORD.isdisjoint(fields):
        reason = "A record here has no type (TY), with which each begins; it was read all the same."
        problems.append(ImportProblem(line, "TY", reason))
        yield _record(TaggedRecord(line, fields, "\n".join(lines)), problems)
    elif any(tag != "ER" for tag in fields):
        reason = f"These lines belong to no record and were left out: {' '.join(lines).strip()[:80]}"
        problems.append(ImportProblem(line, ", ".join(fields), reason))


def _unended(line: int, is_last: bool) -> ImportProblem:
    if is_last:
        return ImportProblem(
            line,
            "ER",
            "The file ends before this record does (unterminated, no ER): the export may have been cut off. "
            "The record is kept; compare the number of records with the database's.",
        )
    return ImportProblem(line, "ER", "This record has no end mark (ER); it was read all the same.")


def _record(tagged: TaggedRecord, problems: list[ImportProblem]) -> RawRecord:
    line = tagged.line
    title = _title(tagged)
    if not title:
        problems.append(untitled(line, "TI"))
    check_title(title, line)
    printed_year = tagged.first(*YEAR)
    year = cleaning.year(printed_year)
    if printed_year and year is None:
        year = cleaning.year(" ".join(tagged.all(*YEAR)))
    if printed_year and year is None:
        problems.append(yearless(line, "PY", printed_year))
    return RawRecord(
        title=title,
        authors=tagged.names("AU") or tagged.names("A1") or tagged.names(*OTHER_AUTHORS),
        year=year,
        journal=_journal(tagged, title),
        volume=tagged.first("VL"),
        issue=tagged.first("IS", "CP"),
        pages=_pages(tagged),
        doi=_doi(tagged),
        pmid=_pmid(tagged),
        abstract=max(tagged.all(*ABSTRACT), key=len, default=""),
        keywords=tuple(tagged.all("KW")),
        language=tagged.first("LA"),
        publication_type=_publication_type(tagged),
        url=tagged.first(*URL),
        database_id=tagged.first(*ACCESSION),
        extra=tagged.rest(KNOWN),
        raw=tagged.raw,
        line=line,
    )


def _title(tagged: TaggedRecord) -> str:
    # Who writes both puts the title first and another form of it second.
    own = tagged.first(*sorted(("TI", "T1"), key=list(tagged.fields).index)) if _has_both(tagged) else ""
    own = own or tagged.first("TI", "T1", "CT")
    if own or tagged.first("JO", "JF"):
        return own or tagged.first("ST", "TT")
    # Books and some theses have their title where others have the journal's.
    return tagged.first("BT", "T2", "ST", "TT", "T3")


def _has_both(tagged: TaggedRecord) -> bool:
    return "TI" in tagged.fields and "T1" in tagged.fields


def _journal(tagged: TaggedRecord, title: str) -> str:
    name = tagged.first(*JOURNAL)
    return (
        name
        if _is_our_own(tagged) or name != title
        else next((name for name in tagged.all(*JOURNAL) if name != title), "")
    )


def _pages(tagged: TaggedRecord) -> str:
    start, end = tagged.first("SP"), tagged.first("EP")
    printed = cleaning.pages(start, end) if start or end else ""
    return "" if printed.lower().replace(" ", "-") in NOTHING_STATED else printed


def _publication_type(tagged: TaggedRecord) -> str:
    """From M3, where platforms print it, unless a DOI stands there; else from the record's type."""
    printed = next((value for value in tagged.all("M3", "PT") if not cleaning.doi(value)), "")
    kind = tagged.first("TY").strip()
    return printed or TYPES.get(kind, kind)


def _doi(tagged: TaggedRecord) -> str:
    """From its own tag, or from where the dialects put it: M3, notes, links."""
    own = next((found for value in tagged.all("DO", "DI") if (found := cleaning.doi(value))), "")
    if own or _is_our_own(tagged):
        return own
    linked = tagged.all("M3", "L3", "C7", "UR", "LK", "L2", "U3", "ID")
    # Notes mention DOIs of tests, data and other articles too.
    noted = [value for value in tagged.all("N1") if STATED_DOI.search(value[:NOTE_READ])]
    dois = (cleaning.doi(value) for value in (*linked, *noted))
    return next((each for each in dois if each and not each.startswith(CENTRAL_RECORD)), "")


def _pmid(tagged: TaggedRecord) -> str:
    """A PubMed number where a dialect says that it is one; a bare accession number could be anything."""
    own = tagged.first("PM")
    if _is_our_own(tagged) or re.fullmatch(r"\d{1,8}", own):
        return own
    if re.fullmatch(r"\d{4,8}", custom := tagged.first("C2")):
        return custom
    for value in tagged.all("AN", "ID", "C3", "C1", "UR", "N1", "L2"):
        if stated := stated_pmid(value):
            return stated
    accession = tagged.first("AN")
    return accession if re.fullmatch(r"\d{7,8}", accession) and _is_from_pubmed(tagged) else ""


def _is_our_own(tagged: TaggedRecord) -> bool:
    """Our own exports have everything under its own tag, and nothing else is guessed at."""
    return tagged.first("DP") == OWN_PROVIDER


def stated_pmid(value: str) -> str:
    """The number in "PMID: 123", "PUBMED 123" or an address of PubMed; "" where none of these stands."""
    lowered = value[:NOTE_READ].lower()
    if "pubmed" not in lowered and "pmid" not in lowered and "medline" not in lowered:
        return ""
    found = STATED_PMID.search(lowered)
    return found.group(1) if found else ""


def _is_from_pubmed(tagged: TaggedRecord) -> bool:
    """EndNote's export of PubMed records names no provider and has the PMID as accession number."""
    provider = " ".join(tagged.all("DB", "DP"))
    if re.search(r"pubmed|medline|nlm", provider, re.IGNORECASE):
        return True
    return not OTHER_PROVIDERS.search(f"{provider} {' '.join(tagged.all('UR', 'L2', 'LK'))}")
