"""Excel workbooks (.xlsx), read by openpyxl as tables."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import openpyxl

from . import columns
from .base import ImportProblem, ImportRefused
from .rows import Row
from .table import Table, of_rows

SIGNATURE = b"PK\x03\x04"
# A workbook of honest text shrinks to a fifth or a tenth of its size; bombs to a thousandth.
MOST_UNPACKED = 150_000_000
HIGHEST_RATIO = 100
RATIO_MATTERS_FROM = 10_000_000


def looks_like(content: bytes) -> bool:
    if not content.startswith(SIGNATURE):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def table(content: bytes) -> Table:
    """The sheet with the most column names that are known. Raises ImportRefused when none can be read."""
    _refuse_bomb(content)
    problems: list[ImportProblem] = []
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = {sheet.title: list(_rows(sheet)) for sheet in workbook.worksheets}
    except Exception as error:  # noqa: BLE001  a broken workbook makes openpyxl raise almost anything
        raise ImportRefused(
            f"The workbook cannot be read ({type(error).__name__}). Save it again as .xlsx, or as CSV."
        ) from None
    filled = {name: rows for name, rows in sheets.items() if len(rows) > 1}
    if not filled:
        raise ImportRefused("No sheet of the workbook holds a header and a row below it.")
    best = max(filled, key=lambda name: max(columns.recognised(row.cells) for row in filled[name][:10]))
    for name in filled:
        if name != best:
            reason = (
                f"The sheet “{name}” was not read, only “{best}”. Save it as a file of its own to import it."
            )
            problems.append(ImportProblem(1, "", reason))
    return of_rows(filled[best], problems)


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    is_bomb = any(
        entry.file_size > RATIO_MATTERS_FROM and entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    if is_bomb or unpacked > MOST_UNPACKED:
        raise ImportRefused(
            f"The workbook unpacks to {unpacked // 1_000_000:,} MB, far more than a table of records does, "
            "so it is not read. Export the records again, or in parts."
        )


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        texts = [_text(cell) for cell in cells]
        if any(texts):
            yield Row(number, texts, "\t".join(texts))


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return str(cell)
