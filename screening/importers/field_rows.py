"""Tables that lie on their side: a row a field, its name in front, as Embase exports them on request."""

from collections.abc import Sequence

from . import columns
from .rows import Row

ROWS_LOOKED_AT = 60
# Of the first cells so many must be names of fields; abstracts and titles never are.
SHARE_OF_NAMES = 0.5


def looks_like(rows: Sequence[Row]) -> bool:
    """Whether the first cells are names of fields, the title's again and again or once in a short file."""
    top = [row for row in rows[:ROWS_LOOKED_AT] if any(row.cells)]
    names = [columns.plain_name(row.cells[0]) for row in top]
    known = [name in columns.FIELD_OF_NAME for name in names]
    # In a table that stands upright the first row has several names of fields in it.
    is_upright = any(columns.recognised(row.cells) > 1 for row in top)
    return not is_upright and "title" in names and sum(known) >= max(3, SHARE_OF_NAMES * len(known))


def turned(rows: Sequence[Row]) -> list[Row]:
    """The same table upright: a header, then a row a record. Several values of a field are joined by "; "."""
    records = _records(rows)
    headers = list(dict.fromkeys(row.cells[0] for record in records for row in record))
    return [Row(1, headers, ",".join(headers)), *(_upright(record, headers) for record in records)]


def _records(rows: Sequence[Row]) -> list[list[Row]]:
    """A record begins where the field that the file begins with comes again."""
    filled = [row for row in rows if any(row.cells)]
    records: list[list[Row]] = []
    for row in filled:
        if row.cells[0] == filled[0].cells[0] or not records:
            records.append([])
        records[-1].append(row)
    return records


def _upright(record: Sequence[Row], headers: Sequence[str]) -> Row:
    values: dict[str, list[str]] = {}
    for row in record:
        values.setdefault(row.cells[0], []).extend(cell for cell in row.cells[1:] if cell)
    cells = ["; ".join(values.get(header, ())) for header in headers]
    return Row(record[0].line, cells, "\n".join(row.raw for row in record))
