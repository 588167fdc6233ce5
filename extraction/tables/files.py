"""Tables as CSV, Excel and JSON files. No cell can run as a formula where the file is opened."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError

from .outputs import Table

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


# When openpyxl wrote a workbook, as it stands in its properties.
TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; plain numbers stay numbers."""
    if not cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def as_csv(table: Table) -> bytes:
    """UTF-8 with a mark at the beginning, by which Excel knows it."""
    file = io.StringIO()
    writer = csv.writer(file)
    for row in (table.columns, *table.rows):
        writer.writerow([harmless("" if cell is None else str(cell)) for cell in row])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """A workbook with a sheet a table. Numbers are numbers; texts are texts, also those that begin with =."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name[:31])
        sheet.freeze_panes = "B2"
        for place, name in enumerate(table.columns, 1):
            # The first column names the study; a header is read whole.
            width = 26 if place == 1 else min(30, max(12, len(name) + 3))
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.append([_cell(sheet, name, is_head=True) for name in table.columns])
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return _without_time(file)


def _without_time(file: io.BytesIO) -> bytes:
    """The workbook without the times of its making: equal data make equal files."""
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = TIMES.sub(rb"\g<1>2000-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(entry.filename), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _cell(sheet: Any, value: Any, *, is_head: bool = False) -> Any:
    if isinstance(value, str):
        try:
            cell = WriteOnlyCell(sheet, value)
        except IllegalCharacterError:
            cell = WriteOnlyCell(sheet, "".join(c for c in value if c.isprintable() or c in "\n\t"))
        # openpyxl would make a formula of a text that begins with an equals sign.
        cell.data_type = "s"
    else:
        cell = WriteOnlyCell(sheet, value)
    if is_head:
        cell.font = Font(bold=True)
    return cell


def as_json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def rows_as_dicts(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]
