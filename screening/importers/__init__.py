"""Reads what databases export: bytes in, records and problems out. Knows nothing of Django.

    parsed = read_records(Path("pubmed.nbib").read_bytes())

The format is told by the content, never by a file's name.
"""

import re
from collections.abc import Sequence
from typing import Protocol

from . import (
    bibtex,
    clinical_trials,
    columns,
    endnote_xml,
    ictrp_xml,
    medline,
    pubmed_xml,
    refer,
    ris,
    spreadsheet,
    table,
    web_of_science,
)
from .base import ImportProblem, ImportRefused, ParsedFile, Progress, RawRecord, Reading, Records
from .encoding import Source, decode
from .table import NO_TABLE, Table


class Reader(Protocol):
    """What a module for one format offers."""

    def looks_like(self, source: Source) -> bool: ...
    def read(self, source: Source, problems: list[ImportProblem]) -> Records: ...


# In this order: what one format would take for its own by chance comes after the one that is sure.
READERS: tuple[tuple[str, Reader], ...] = (
    ("pubmed_xml", pubmed_xml),
    ("endnote_xml", endnote_xml),
    ("ictrp_xml", ictrp_xml),
    ("nbib", medline),
    ("ris", ris),
    ("wos_plain", web_of_science),
    ("enw", refer),
    ("bibtex", bibtex),
    ("ctgov_json", clinical_trials),
)
# How a person calls them.
FORMAT_NAMES = {
    "pubmed_xml": "PubMed XML",
    "endnote_xml": "EndNote XML",
    "ictrp_xml": "ICTRP XML",
    "nbib": "MEDLINE (.nbib)",
    "ris": "RIS",
    "wos_plain": "Web of Science",
    "enw": "EndNote (.enw)",
    "bibtex": "BibTeX",
    "ctgov_json": "ClinicalTrials.gov JSON",
    "csv": "CSV",
    "tsv": "TSV",
    "xlsx": "Excel (.xlsx)",
}
WEB_PAGE = re.compile(r"\s*(?:<!doctype html|<html|<head|<body|<script)", re.IGNORECASE)


def read_records(content: bytes, progress: Progress = None) -> ParsedFile:
    """The records of an export file and what could not be read in it; a table by the guess at its columns.

    progress: called with the number of records read so far and in all.
    Raises ImportRefused with a sentence for the person when the file as a whole cannot be read.
    """
    return open_export(content).to_end(progress)


def open_export(content: bytes, fields: Sequence[str] | None = None) -> Reading:
    """A file ready to be read record by record.

    fields: for a table, what each column is (see `columns.FIELDS`); without it the guess is taken.
    Raises ImportRefused, here or while reading, when the file as a whole cannot be read.
    """
    if spreadsheet.looks_like(content):
        return _reading_of_table("xlsx", "", spreadsheet.table(content), fields)
    source = decode(content)
    found = _reader_of(source)
    if found is None:
        return _reading_of_table(*_delimited(source), fields)
    key, reader = found
    problems = source.problems
    total, records = reader.read(source, problems)
    if not total:
        next(records, None)  # a broken file says better itself what is wrong with it
        raise ImportRefused(
            f"The file looks like {FORMAT_NAMES[key]}, but holds no whole record. Export the search again."
        )
    return Reading(key, source.encoding, records, problems, total)


def table_in(content: bytes) -> Table | None:
    """The table in a file that is one, for a person to say what its columns are; None for other formats.

    Raises ImportRefused for what is neither a table nor any format known.
    """
    if spreadsheet.looks_like(content):
        return spreadsheet.table(content)
    source = decode(content)
    return None if _reader_of(source) else _delimited(source)[2]


def _reader_of(source: Source) -> tuple[str, Reader] | None:
    """The first format that takes the text for its own. Raises ImportRefused for a web page."""
    if WEB_PAGE.match(source.head):
        raise ImportRefused(
            "This is a web page, not an export of records: the database may have asked for a sign-in. "
            "Sign in there and export again."
        )
    return next(((key, reader) for key, reader in READERS if reader.looks_like(source)), None)


def _delimited(source: Source) -> tuple[str, str, Table]:
    text = source.text
    if text.lstrip().startswith("<"):
        raise ImportRefused(NO_TABLE)
    found = table.delimited(text)
    found.problems[:0] = source.problems
    return ("tsv" if found.delimiter == "\t" else "csv"), source.encoding, found


def _reading_of_table(key: str, encoding: str, found: Table, fields: Sequence[str] | None) -> Reading:
    problems: list[ImportProblem] = []
    total, records = table.read(found, fields or found.guess, problems)
    return Reading(key, encoding, records, problems, total)


__all__ = [
    "FORMAT_NAMES",
    "ImportProblem",
    "ImportRefused",
    "ParsedFile",
    "Progress",
    "RawRecord",
    "Reading",
    "Table",
    "columns",
    "open_export",
    "read_records",
    "table_in",
]
