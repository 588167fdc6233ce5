"""BibTeX as reference managers read it: text stays in Unicode, what BibTeX takes as markup is escaped."""

import re
from collections.abc import Iterable, Iterator

from screening.importers import RawRecord

_ENTRY = {
    "Journal Article": "article",
    "Book": "book",
    "Conference Paper": "inproceedings",
    "Thesis": "phdthesis",
}
_SPECIAL = re.compile(r"[&%$#_]")
_BRACES = str.maketrans("{}", "()")
_WORD = re.compile(r"\w+")


def write_bibtex(records: Iterable[RawRecord]) -> str:
    """One entry a record, with a key of author, year and place in the file."""
    return "\n".join(_entry(number, record) for number, record in enumerate(records, 1))


def _entry(number: int, record: RawRecord) -> str:
    kind = _ENTRY.get(record.publication_type, "article")
    words = _WORD.findall(record.authors[0]) if record.authors else []
    # Keys are for programs of long ago, too: plain letters only.
    stem = re.sub(r"[^A-Za-z]", "", words[0]) if words else ""
    key = f"{stem or 'record'}{record.year or ''}_{number}"
    fields = ",\n".join(f"  {name} = {{{_safe(value)}}}" for name, value in _fields(record) if value)
    return f"@{kind}{{{key},\n{fields}\n}}\n"


def _fields(record: RawRecord) -> Iterator[tuple[str, str]]:
    yield "title", record.title
    yield "author", " and ".join(record.authors)
    yield "year", str(record.year or "")
    yield "journal", record.journal
    yield "volume", record.volume
    yield "number", record.issue
    yield "pages", record.pages
    yield "doi", record.doi
    yield "pmid", record.pmid
    yield "abstract", record.abstract
    yield "keywords", ", ".join(record.keywords)
    yield "language", record.language
    yield "url", record.url
    yield "note", " | ".join(record.extra.get("remark", []))


def _safe(text: str) -> str:
    """Braces become round, since one alone would swallow the rest of the file."""
    text = text.translate(_BRACES).replace("\\", r"\textbackslash{}")
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", " ".join(text.split()))
