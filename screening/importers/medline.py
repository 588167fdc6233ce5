"""MEDLINE format, as PubMed's .nbib files have it.

Bio.Medline reads the same grammar but keeps neither line numbers nor the record's text, and a record of ours
must lead back to the line it came from; so the few rules of the format are read here.
"""

import re
from collections.abc import Iterator

from . import cleaning
from .base import ImportProblem, Progress, RawRecord
from .tagged import TaggedRecord, numbered

TAG = re.compile(r"^([A-Z]{2,4}) {0,2}- ?(.*)$")
# Tags with a field of their own; all others are kept in `extra`.
KNOWN = frozenset(
    {"PMID", "TI", "BTI", "AB", "FAU", "AU", "CN", "DP", "JT", "TA", "VI", "IP", "PG", "LA", "PT", "OT"}
)


def looks_like(text: str) -> bool:
    return re.search(r"^PMID ?- ?\d", text, re.MULTILINE) is not None


def parse(text: str, progress: Progress) -> tuple[list[RawRecord], list[ImportProblem]]:
    """Records and problems of a MEDLINE text."""
    problems: list[ImportProblem] = []
    cut = list(split(text))
    records = []
    for number, tagged in enumerate(cut, 1):
        records.append(_record(tagged, problems))
        if progress:
            progress(number, len(cut))
    return records, problems


def split(text: str) -> Iterator[TaggedRecord]:
    """Cut at each PMID, or at a blank line before another record's first tag."""
    record: TaggedRecord | None = None
    tag = ""
    for line, content in numbered(text):
        found = TAG.match(content)
        if found and (found.group(1) == "PMID" or record is None):
            if record and record.fields:
                yield record
            record, tag = TaggedRecord(line), ""
        if record is None:
            continue
        if content.strip():
            record.lines.append(content)
        if found:
            tag = found.group(1)
            record.add(tag, found.group(2).strip())
        elif content.strip() and tag:
            record.extend(tag, content.strip())
    if record and record.fields:
        yield record


def _record(tagged: TaggedRecord, problems: list[ImportProblem]) -> RawRecord:
    pmid = tagged.first("PMID")
    if not pmid.isdigit():
        problems.append(
            ImportProblem(
                tagged.line, "PMID", f"“{pmid}” is not a PubMed number; the record is kept without it."
            )
        )
        pmid = ""
    title = cleaning.text(tagged.first("TI", "BTI"))
    if not title:
        problems.append(
            ImportProblem(tagged.line, "TI", "The record has no title. It is kept, because PRISMA counts it.")
        )
    identifiers = tagged.all("AID", "LID")
    doi = next((cleaning.doi(value) for value in identifiers if "[doi]" in value), "")
    return RawRecord(
        title=title,
        authors=tuple(map(cleaning.text, tagged.all("FAU") or tagged.all("AU") or tagged.all("CN"))),
        year=cleaning.year(tagged.first("DP")),
        journal=cleaning.text(tagged.first("JT", "TA")),
        volume=cleaning.text(tagged.first("VI")),
        issue=cleaning.text(tagged.first("IP")),
        pages=cleaning.text(tagged.first("PG")),
        doi=doi,
        pmid=pmid,
        abstract=cleaning.text(tagged.first("AB")),
        keywords=tuple(map(cleaning.text, tagged.all("OT"))),
        language=tagged.first("LA"),
        publication_type="; ".join(tagged.all("PT")),
        database_id=pmid,
        extra=tagged.rest(KNOWN),
        raw=tagged.raw,
        line=tagged.line,
    )
