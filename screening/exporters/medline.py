"""MEDLINE format as PubMed's .nbib files have it, with two tags of our own for what PubMed has no tag for."""

import textwrap
from collections.abc import Iterable, Iterator

from screening.importers import RawRecord

WIDTH = 88
INDENT = " " * 6


def write_nbib(records: Iterable[RawRecord]) -> str:
    return "\n".join("".join(map(_lines, _fields(record))) for record in records)


def _lines(field: tuple[str, str]) -> str:
    tag, value = field
    # Only blanks are broken at, so that joining the lines gives the text back.
    wrapped = textwrap.wrap(value, WIDTH - len(INDENT), break_long_words=False, break_on_hyphens=False) or [
        ""
    ]
    return f"{tag:4}- " + f"\n{INDENT}".join(wrapped) + "\n"


def _fields(record: RawRecord) -> Iterator[tuple[str, str]]:
    yield "PMID", record.pmid
    fields = (
        ("TI", record.title),
        *(("FAU", author) for author in record.authors),
        ("DP", str(record.year or "")),
        ("JT", record.journal),
        ("VI", record.volume),
        ("IP", record.issue),
        ("PG", record.pages),
        ("LID", f"{record.doi} [doi]" if record.doi else ""),
        ("AB", record.abstract),
        *(("OT", word) for word in record.keywords),
        ("LA", record.language),
        *(("PT", kind) for kind in record.publication_type.split("; ")),
        ("URL", record.url),
        *(("GN", remark) for remark in record.extra.get("remark", ())),
    )
    yield from ((tag, value) for tag, value in fields if value)
    if record.database_id != record.pmid:
        yield "AN", record.database_id
