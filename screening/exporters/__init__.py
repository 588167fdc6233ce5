"""Writes records in formats that other tools read, and that come back the same. Knows nothing of Django.

What comes back: every field of a record but `extra`, whose tags belong to the format they came in, and `raw`;
from BibTeX what it has a place for.
Of `extra` only "remark" is written: what a team says of a record, in whatever a format has for notes.
"""

from collections.abc import Callable, Iterable, Mapping

from screening.importers import RawRecord

from .bibtex import write_bibtex
from .delimited import safe, unquoted, write_csv, write_xlsx
from .medline import write_nbib
from .ris import write_ris

# File ending -> media type and writer.
WRITERS: Mapping[str, tuple[str, Callable[[Iterable[RawRecord]], str]]] = {
    "ris": ("application/x-research-info-systems", write_ris),
    "nbib": ("application/nbib", write_nbib),
    "bib": ("application/x-bibtex; charset=utf-8", write_bibtex),
    "csv": ("text/csv; charset=utf-8", write_csv),
}

__all__ = [
    "WRITERS",
    "safe",
    "unquoted",
    "write_bibtex",
    "write_csv",
    "write_nbib",
    "write_ris",
    "write_xlsx",
]
