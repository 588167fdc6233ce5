"""CSV for spreadsheets: one row a record, nothing that a spreadsheet could take for a formula."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from screening.importers import RawRecord, columns

MOST_IN_A_CELL = 32_767
HEADERS = (
    "No.", "Title", "Authors", "Year", "Journal", "Volume", "Issue", "Pages", "DOI", "PMID", "Abstract",
    "Keywords", "Language", "Publication Type", "URL", "Accession Number",
)  # fmt: skip
# In characters; what is not named gets the usual one.
WIDTHS = {
    **{"No.": 6, "Title": 60, "Authors": 30, "Year": 7, "Journal": 28, "Volume": 9, "Issue": 8, "Pages": 12},
    **{"DOI": 26, "PMID": 11, "Abstract": 60, "Keywords": 24, "URL": 24},
}
USUAL_WIDTH = 18
FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def write_csv(records: Iterable[RawRecord], further: Sequence[str] = ()) -> str:
    """A table with a header. Cells that begin like a formula get an apostrophe; our reader takes it off.

    further: names of columns after the usual ones; their values are in `extra` by the same names.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*HEADERS, *further])
    for number, row in enumerate(rows_of(records, further), 1):
        writer.writerow([number, *map(safe, row)])
    return out.getvalue()


def write_xlsx(records: Iterable[RawRecord], further: Sequence[str] = ()) -> bytes:
    """The same table as an Excel workbook, written row by row; every cell is text and none a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Citations")
    sheet.freeze_panes = "C2"
    named = [*HEADERS, *further]
    for place, name in enumerate(named, 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(name, USUAL_WIDTH)
    head = [WriteOnlyCell(sheet, _printable(name)) for name in named]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    number = 0
    for number, row in enumerate(rows_of(records, further), 1):
        cells = [WriteOnlyCell(sheet, _printable(text)) for text in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append([number, *cells])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(named))}{number + 1}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(records: Iterable[RawRecord], further: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for record in records:
        yield (*_cells(record), *("; ".join(record.extra.get(name, ())) for name in further))


def _printable(text: str) -> str:
    """What a cell of Excel can hold: no control characters, and no more than it takes."""
    return str(ILLEGAL_CHARACTERS_RE.sub("", text))[:MOST_IN_A_CELL]


def safe(cell: str) -> str:
    """The cell as text that no spreadsheet runs."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unquoted(cell: str) -> str:
    """The cell as it was before `safe`."""
    return columns.QUOTED_FORMULA.sub("", cell)


def _cells(record: RawRecord) -> tuple[str, ...]:
    return (
        record.title,
        _several(record.authors, columns.names_in),
        str(record.year or ""),
        record.journal,
        record.volume,
        record.issue,
        record.pages,
        record.doi,
        record.pmid,
        record.abstract,
        _several(record.keywords, columns.words_in),
        record.language,
        record.publication_type,
        record.url,
        record.database_id,
    )


def _several(values: tuple[str, ...], read_back: Callable[[str], tuple[str, ...]]) -> str:
    """Values with semicolons between; as a list where a value holds what would part it."""
    joined = "; ".join(values)
    return joined if read_back(joined) == values else repr(list(values))
