"""Tables of any header: CSV, TSV and the rows of a spreadsheet, read by what their columns mean."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from . import cleaning, columns, field_rows
from .base import ImportProblem, ImportRefused, RawRecord, Records, kept, untitled, yearless
from .rows import Row
from .tagged import check_title

DELIMITERS = ",;\t|"
# Rows that some platforms print above the header; looked through for it.
ROWS_ABOVE_HEADER = 10
SAMPLE_ROWS = 20
LONGEST_CELL = 1_000_000

csv.field_size_limit(LONGEST_CELL)


@dataclass(slots=True)
class Table:
    """A table's header and rows. `fields` says what each column is; see `columns.guess`."""

    headers: tuple[str, ...]
    rows: list[Row]
    header_line: str
    problems: list[ImportProblem] = field(default_factory=list)
    delimiter: str = ""

    @property
    def guess(self) -> tuple[str, ...]:
        return columns.guess(self.headers)

    def samples(self, column: int, most: int = 3) -> list[str]:
        """The first values in a column, for a person to see what it holds."""
        cells = (row.cells[column].strip() for row in self.rows if column < len(row.cells))
        found = (cell for cell in cells if cell)
        return [cell[:200] for cell, _ in zip(found, range(most), strict=False)]


def delimited(text: str) -> Table:
    """The table in a text of rows and delimiters. Raises ImportRefused when it holds none."""
    text = re.sub(r"^sep=.\n", "", text)
    head = text[:200_000]
    delimiter = max(DELIMITERS, key=lambda each: _fit(head, each))
    if SUMMARY.search(head):
        raise ImportRefused(SUMMARY_CHOSEN)
    if _fit(head, delimiter)[-1] < 2:
        raise ImportRefused(NO_TABLE)
    problems: list[ImportProblem] = []
    rows = list(_rows(text, delimiter, problems))
    found = of_rows(field_rows.turned(rows) if field_rows.looks_like(rows) else rows, problems)
    found.delimiter = delimiter
    return found


# A number, the reference as running text, its PubMed number; then the next.
SUMMARY = re.compile(r"\A\s*1[.:] .{20,2000}?\bPMID: \d{1,8}\b", re.DOTALL)
SUMMARY_CHOSEN = (
    "This is a list of references as running text (PubMed's Summary or Abstract format), in which no field "
    "has a name. In PubMed choose Save or Send to, then the format PubMed (.nbib)."
)
NO_TABLE = (
    "The file is none of the formats Winnow reads: PubMed .nbib or XML, RIS, EndNote XML or .enw, Web of "
    "Science, BibTeX, CSV, TSV, XLSX, ClinicalTrials.gov or ICTRP. In the database choose one of these."
)


def of_rows(rows: Sequence[Row], problems: list[ImportProblem]) -> Table:
    """A table from its rows, the header among the first of them. Raises ImportRefused for no rows."""
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if len(filled) < 2:
        raise ImportRefused("The table has a header at most and no row below it. Export the search again.")
    top = filled[:ROWS_ABOVE_HEADER]
    # The first row is the header unless another, below lines about the export, is clearly more of one.
    best = max(top, key=lambda row: (columns.recognised(row.cells), -row.line))
    start = filled.index(best) if columns.recognised(best.cells) >= 2 else 0
    headers = tuple(cleaning.text(cell) for cell in filled[start].cells)
    return Table(headers, list(filled[start + 1 :]), filled[start].raw, problems)


def read(table: Table, fields: Sequence[str], problems: list[ImportProblem]) -> Records:
    """The rows as records. fields: for each column one of `columns.FIELDS`, or "" to keep it under its name.

    Raises ImportRefused when no column holds the title: such a table would be all untitled records.
    """
    if "title" not in fields:
        named = ", ".join(f"“{header}”" for header in table.headers[:12] if header)
        raise ImportRefused(
            f"No column of the table looks like the title (its columns: {named}). Name it first."
        )
    problems.extend(table.problems)
    return Records(len(table.rows), (_record(table, row, fields, problems) for row in table.rows))


def _fit(text: str, delimiter: str) -> tuple[int, float, int]:
    """How well the first rows fit a delimiter: names known in one row, share of rows alike, columns."""
    reader = csv.reader(text.split("\n"), delimiter=delimiter)
    try:
        rows = [row for row, _ in zip(reader, range(SAMPLE_ROWS), strict=False) if row]
    except csv.Error:
        return 0, 0.0, 0
    widths = [len(row) for row in rows]
    width = max(set(widths), key=lambda each: (widths.count(each), each), default=0)
    known = max((columns.recognised(row) for row in rows[:ROWS_ABOVE_HEADER]), default=0)
    return known, widths.count(width) / max(len(widths), 1), width


def _rows(text: str, delimiter: str, problems: list[ImportProblem]) -> Iterator[Row]:
    """Rows with the lines they came from. Raises ImportRefused for a quotation mark that is never closed."""
    lines = text.split("\n")
    is_strict = _check_quotes(lines, delimiter, problems)
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=is_strict)
    before = 0
    try:
        for cells in reader:
            raw = "\n".join(lines[before : reader.line_num])
            yield Row(before + 1, [cell.removesuffix("\n") for cell in cells], raw)
            before = reader.line_num
    except csv.Error as error:
        raise ImportRefused(f"The table cannot be read at line {before + 1}: {error}.") from None


def _check_quotes(lines: list[str], delimiter: str, problems: list[ImportProblem]) -> bool:
    """Whether the rules of quoting are kept. Some platforms do not double a quotation mark inside a cell."""
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=True)
    before = 0
    try:
        for _ in reader:
            before = reader.line_num
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise ImportRefused(
                f"The quotation mark that opens at line {before + 1} is never closed, so that all after it "
                "would become one record. Mend that line, or export the table again."
            ) from None
        if "field larger" in str(error):
            raise ImportRefused(
                f"The row at line {before + 1} has a cell of more than {LONGEST_CELL:,} characters: "
                "a quotation mark is probably not closed. Mend that line, or export the table again."
            ) from None
        reason = "A quotation mark inside a cell is not doubled; check that this row was read as meant."
        problems.append(ImportProblem(before + 1, "", reason))
        return False
    return True


def _record(table: Table, row: Row, fields: Sequence[str], problems: list[ImportProblem]) -> RawRecord:
    cells = [columns.unquoted(cell) for cell in row.cells]
    _report_ragged(table, row, problems)
    found: dict[str, str] = {}
    keywords: list[str] = []
    for field_name, cell in zip(fields, cells, strict=False):
        if field_name == "keywords":
            keywords.extend(columns.words_in(cell.strip()))
        elif field_name and cell.strip():
            found.setdefault(field_name, cell.strip())
    place = columns.place_of(cleaning.text(found["citation"])) if "citation" in found else {}
    line = row.line
    title = cleaning.text(found.get("title", ""))
    if not title:
        problems.append(untitled(line, "title"))
    check_title(title, line)
    printed_year = found.get("year", "") or place.get("year", "")
    year = cleaning.year(printed_year)
    if found.get("year") and year is None:
        problems.append(yearless(line, "year", printed_year))
    return RawRecord(
        title=title,
        authors=columns.names_in(found.get("authors", "")),
        year=year,
        journal=cleaning.text(found.get("journal", "") or place.get("journal", "")),
        volume=cleaning.text(found.get("volume", "") or place.get("volume", "")),
        issue=cleaning.text(found.get("issue", "") or place.get("issue", "")),
        pages=cleaning.text(found.get("pages", ""))
        or cleaning.pages(found.get("start page", ""), found.get("end page", ""))
        or place.get("pages", "")
        or cleaning.text(found.get("article number", "")),
        doi=next(
            (doi for key in ("doi", "citation", "url") if (doi := cleaning.doi(found.get(key, "")))), ""
        ),
        pmid=_pmid(found.get("pmid", "")),
        abstract=cleaning.text(found.get("abstract", "")),
        keywords=tuple(keywords),
        language=cleaning.text(found.get("language", "")),
        publication_type=cleaning.text(found.get("publication type", "")),
        url=cleaning.text(found.get("url", "")),
        database_id=cleaning.text(found.get("database id", "")),
        extra=_extra(table, cells, fields),
        raw=row.raw,
        line=line,
    )


def _pmid(cell: str) -> str:
    found = re.fullmatch(
        r"(?:(?:PMID|PUBMED|MEDLINE):?\s*)?([1-9]\d{0,7})(?:\.0)?", cell.strip(), re.IGNORECASE
    )
    return found.group(1) if found else ""


def _extra(table: Table, cells: list[str], fields: Sequence[str]) -> dict[str, list[str]]:
    """What has no field of its own under its header, and what is beyond the last header under its number."""
    named = list(zip(table.headers, fields, cells, strict=False))
    beyond = cells[len(table.headers) :]
    return kept(
        [
            (header or f"column {n}", cell.strip())
            for n, (header, each, cell) in enumerate(named, 1)
            if not each
        ]
        + [("citation", cell.strip()) for _, each, cell in named if each == "citation"]
        + [(f"column {n}", cell.strip()) for n, cell in enumerate(beyond, len(table.headers) + 1)]
    )


def _report_ragged(table: Table, row: Row, problems: list[ImportProblem]) -> None:
    width = len(table.headers)
    given = len(row.cells)
    if given < width:
        reason = (
            f"The row has {given} of {width} columns; those missing are left empty. Is a delimiter missing?"
        )
        problems.append(ImportProblem(row.line, "", reason))
    elif any(cell.strip() for cell in row.cells[width:]):
        reason = (
            f"The row has {given} cells under {width} headers; those beyond are kept by number. "
            "Is a cell with a delimiter in it not quoted?"
        )
        problems.append(ImportProblem(row.line, "", reason))
