"""CSV for spreadsheets: one row a record, nothing that a spreadsheet could take for a formula."""

import csv
import io
import re
from collections.abc import Callable, Iterable

from screening.importers import RawRecord, columns

HEADERS = (
    "No.", "Title", "Authors", "Year", "Journal", "Volume", "Issue", "Pages", "DOI", "PMID", "Abstract",
    "Keywords", "Language", "Publication Type", "URL", "Accession Number",
)  # fmt: skip
FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def write_csv(records: Iterable[RawRecord]) -> str:
    """A table with a header. Cells that begin like a formula get an apostrophe; our reader takes it off."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    for number, record in enumerate(records, 1):
        writer.writerow([number, *map(safe, _cells(record))])
    return out.getvalue()


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
