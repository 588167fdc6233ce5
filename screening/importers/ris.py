"""RIS, in the dialects of the databases and reference managers that write it."""

import re
from collections.abc import Iterator

from . import cleaning
from .base import ImportProblem, Progress, RawRecord
from .tagged import TaggedRecord, numbered

# Two characters, blanks, a dash. Some write one blank only, some none after the dash.
TAG = re.compile(r"^\s{0,3}([A-Z][A-Z0-9]) {1,2}-(?: (.*)|\s*)$")
AUTHORS = ("AU", "A1", "A2")
JOURNAL = ("JO", "JF", "T2", "JA", "J2", "BT", "JT", "SO")
YEAR = ("PY", "Y1", "DA", "DP")
ABSTRACT = ("AB", "N2")
ACCESSION = ("AN", "ID", "UT", "ACCN", "M1")
URL = ("UR", "L2", "L1", "LK")
PMID = ("PM", "C2", "AN")
KNOWN = frozenset(
    ("TY", "TI", "T1", *AUTHORS, *YEAR, *ABSTRACT, "VL", "IS", "SP", "EP", "DO", "KW", "LA", "UR")
)
TYPES = {
    "JOUR": "Journal article",
    "ABST": "Abstract",
    "CONF": "Conference paper",
    "CPAPER": "Conference paper",
}


def looks_like(text: str) -> bool:
    return re.search(r"^\s{0,3}TY {1,2}-", text, re.MULTILINE) is not None


def parse(text: str, progress: Progress) -> tuple[list[RawRecord], list[ImportProblem]]:
    """Records and problems of a RIS text."""
    problems: list[ImportProblem] = []
    cut = list(split(text, problems))
    records = []
    for number, tagged in enumerate(cut, 1):
        records.append(_record(tagged, problems))
        if progress:
            progress(number, len(cut))
    return records, problems


def split(text: str, problems: list[ImportProblem]) -> Iterator[TaggedRecord]:
    """A record runs from TY to ER; a missing ER ends at the next TY."""
    record: TaggedRecord | None = None
    tag = ""
    for line, content in numbered(text):
        found = TAG.match(content)
        if found and found.group(1) == "TY":
            if record:
                problems.append(
                    ImportProblem(
                        line,
                        "ER",
                        "The record before this line has no end mark (ER); it was read all the same.",
                    )
                )
                yield record
            record, tag = TaggedRecord(line), ""
        if record is None:
            continue
        if content.strip():
            record.lines.append(content)
        if found and found.group(1) == "ER":
            yield record
            record = None
        elif found:
            tag = found.group(1)
            record.add(tag, (found.group(2) or "").strip())
        elif content.strip() and tag:
            record.extend(tag, content.strip())
    if record:
        problems.append(
            ImportProblem(
                record.line,
                "ER",
                "The file ends before this record does (no ER): the export may have been cut off. "
                "The record is kept; compare the number of records with the database's.",
            )
        )
        yield record


def _record(tagged: TaggedRecord, problems: list[ImportProblem]) -> RawRecord:
    title = cleaning.text(
        tagged.first("TI", "T1", "CT") or (tagged.first("T2") if not tagged.first("JO", "JF") else "")
    )
    if not title:
        problems.append(
            ImportProblem(tagged.line, "TI", "The record has no title. It is kept, because PRISMA counts it.")
        )
    printed_year = tagged.first(*YEAR)
    year = cleaning.year(printed_year)
    if printed_year and year is None:
        problems.append(
            ImportProblem(
                tagged.line,
                "PY",
                f"“{printed_year[:40]}” holds no year from 1500 to 2099; the record is kept without one.",
            )
        )
    accession = cleaning.text(tagged.first(*ACCESSION))
    return RawRecord(
        title=title,
        authors=tuple(cleaning.text(a).rstrip(",") for a in tagged.all("AU", "A1") or tagged.all("A2")),
        year=year,
        journal=_journal(tagged, title),
        volume=cleaning.text(tagged.first("VL")),
        issue=cleaning.text(tagged.first("IS", "CP")),
        pages=cleaning.pages(tagged.first("SP"), tagged.first("EP")),
        doi=_doi(tagged),
        pmid=_pmid(tagged),
        abstract=cleaning.text(max(tagged.all(*ABSTRACT), key=len, default="")),
        keywords=tuple(cleaning.text(word) for word in tagged.all("KW")),
        language=cleaning.text(tagged.first("LA")),
        publication_type=cleaning.text(tagged.first("M3"))
        or TYPES.get(tagged.first("TY"), tagged.first("TY")),
        url=cleaning.text(tagged.first(*URL)),
        database_id=accession,
        extra=tagged.rest(KNOWN),
        raw=tagged.raw,
        line=tagged.line,
    )


def _journal(tagged: TaggedRecord, title: str) -> str:
    names = [cleaning.text(value) for value in tagged.all(*JOURNAL)]
    return next((name for name in names if name != title), "")


def _doi(tagged: TaggedRecord) -> str:
    """From its own tag, or from where the dialects put it: M3, notes, links."""
    values = tagged.all("DO", "DI", "M3", "N1", "C7", "L3", "UR", "LK", "L2")
    return next((found for value in values if (found := cleaning.doi(value))), "")


def _pmid(tagged: TaggedRecord) -> str:
    """A PubMed number where a dialect says that it is one; a bare accession number could be anything."""
    source = " ".join(tagged.all("DB", "DP")).lower()
    for value in tagged.all("PM", "C2"):
        if value.isdigit() and len(value) <= 8:
            return value
    for value in tagged.all("AN", "ID", "UR", "C1", "N1"):
        stated = re.search(r"(?:pubmed|medline|pmid)\D{0,12}(\d{4,8})(?!\d)", value, re.IGNORECASE)
        if stated:
            return stated.group(1)
    accession = tagged.first("AN")
    return (
        accession
        if ("pubmed" in source or "medline" in source) and re.fullmatch(r"\d{4,8}", accession)
        else ""
    )
