"""BibTeX, as databases write it: bibtexparser reads the grammar; what it gives up on is read leniently.

Databases break the grammar in ways of their own (junk before the first entry, keys of digits, blanks in field
names, the same field twice, brackets left open in a keyword), and a record must not be lost to that.
"""

import logging
import re
from collections.abc import Iterator
from typing import cast

from bibtexparser import model
from bibtexparser.entrypoint import parse_string
from pylatexenc.latex2text import LatexNodes2Text

from . import cleaning
from .base import ImportProblem, RawRecord, Records, kept, untitled, yearless
from .encoding import Source
from .tagged import check_title, pieces

ENTRY = re.compile(
    r"^[ \t]*@[ \t]*(?!comment|string|preamble)[a-z_]+[ \t]*(?:\{|\([ \t]*[^\s,(){}=]+,)",
    re.MULTILINE | re.IGNORECASE,
)
# One field on a line of its own; brackets inside need not match.
LENIENT_FIELD = re.compile(
    r"^[ \t]*([A-Za-z][\w -]{0,40}?)[ \t]*=[ \t]*[{\"]?(.*?)[}\"]?,?[ \t]*$", re.MULTILINE
)
READABLE = (model.Entry, model.DuplicateFieldKeyBlock)
# Short forms that a file defines for itself, one a line. They are not expanded inside one another.
ABBREVIATION = re.compile(r"^[ \t]*@string\b[^\n]*\n", re.MULTILINE | re.IGNORECASE)
LONGEST_ABBREVIATIONS = 20_000
LONGEST_LENIENT = 100_000
SPECIAL = re.compile(r"[\\{}$~]")
UNESCAPED_PERCENT = re.compile(r"(?<!\\)([%&#_])")
KNOWN = frozenset(
    [
        "title",
        "author",
        "year",
        "journal",
        "journaltitle",
        "booktitle",
        "volume",
        "number",
        "issue",
        "pages",
        "doi",
        "pmid",
        "abstract",
        "keywords",
        "language",
        "url",
        "type",
    ]
)

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


def looks_like(source: Source) -> bool:
    return ENTRY.search(source.text) is not None


def read(source: Source, problems: list[ImportProblem]) -> Records:
    """The entries of a BibTeX text in their order; what could not be read is added to `problems`.

    Each entry is read by itself, so that an open bracket in one cannot swallow those after it.
    """
    text = source.text
    starts = [found.start() for found in ENTRY.finditer(text)]
    return Records(len(starts), _read(text, starts, problems))


def _read(text: str, starts: list[int], problems: list[ImportProblem]) -> Iterator[RawRecord]:
    abbreviations = "".join(ABBREVIATION.findall(text))[:LONGEST_ABBREVIATIONS]
    for line, piece in pieces(text, starts):
        yield _record(_fields(piece, abbreviations, line, problems), line, piece.strip(), problems)


def _fields(
    piece: str, abbreviations: str, line: int, problems: list[ImportProblem]
) -> list[tuple[str, str]]:
    blocks = parse_string(abbreviations + piece).blocks
    block = next((each for each in blocks if isinstance(each, READABLE)), None)
    entry = block.ignore_error_block if isinstance(block, model.DuplicateFieldKeyBlock) else block
    if isinstance(block, model.DuplicateFieldKeyBlock):
        named = ", ".join(sorted(block.duplicate_keys))
        problems.append(
            ImportProblem(line, named, f"The field {named} stands twice; all its values are kept.")
        )
    if isinstance(entry, model.Entry):
        stated = [(field.key.lower().strip(), _plain(str(field.value))) for field in entry.fields]
        return [("type", entry.entry_type), *stated]
    reason = "The entry breaks the rules of BibTeX; it was read field by field. Compare it with its source."
    problems.append(ImportProblem(line, "", reason))
    return _leniently(piece)


def _leniently(piece: str) -> list[tuple[str, str]]:
    found = LENIENT_FIELD.findall(piece[:LONGEST_LENIENT])
    return [("type", "misc"), *((key.lower().strip(), _plain(value)) for key, value in found)]


def _plain(value: str) -> str:
    """Text without LaTeX. Databases write % and & as they are, where LaTeX would end the text there."""
    value = value.strip()
    if value[:1] in '{"' and value[-1:] in '}"' and len(value) > 1:
        value = value[1:-1]
    if not SPECIAL.search(value):
        return cleaning.text(value)
    escaped = UNESCAPED_PERCENT.sub(r"\\\1", value)
    try:
        return cleaning.text(cast(str, LatexNodes2Text(math_mode="text").latex_to_text(escaped)))
    except Exception:  # noqa: BLE001  whatever a reader of LaTeX stumbles over, this is none and stands as text
        return cleaning.text(value.replace("{", "").replace("}", ""))


def _record(stated: list[tuple[str, str]], line: int, raw: str, problems: list[ImportProblem]) -> RawRecord:
    fields = kept(stated)

    def first(*keys: str) -> str:
        return next((value for key in keys for value in fields.get(key, ()) if value), "")

    title = first("title")
    if not title:
        problems.append(untitled(line, "title"))
    check_title(title, line)
    printed_year = first("year", "date", "issue_date")
    year = cleaning.year(printed_year)
    if printed_year and year is None:
        problems.append(yearless(line, "year", printed_year))
    pmid = first("pmid", "pubmed_id", "pubmedid")
    words = [word for key in ("keywords", "author_keywords", "keyword") for word in fields.get(key, ())]
    return RawRecord(
        title=title,
        authors=cleaning.names(re.split(r"\s+and\s+", first("author") or first("editor"))),
        year=year,
        journal=first("journal", "journaltitle", "booktitle", "series"),
        volume=first("volume"),
        issue=first("number", "issue"),
        pages=re.sub(r"\s*[-\u2013\u2014]+\s*", "-", first("pages") or first("art_number", "article-number")),
        doi=next((doi for key in ("doi", "url", "note") if (doi := cleaning.doi(first(key)))), ""),
        pmid=pmid if re.fullmatch(r"\d{1,8}", pmid) else "",
        abstract=first("abstract"),
        keywords=cleaning.texts(word for each in words for word in re.split(r"[;,]", each)),
        language=first("language", "langid"),
        publication_type=first("document_type") or first("type"),
        url=first("url"),
        database_id=first("unique-id", "eid", "accession_number"),
        extra={key: values for key, values in fields.items() if key not in KNOWN},
        raw=raw,
        line=line,
    )
