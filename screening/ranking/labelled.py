"""Labelled sets: a CSV of citations whose answer is known, for simulations."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import RankingRefused

RELEVANT = {"1", "1.0", "yes", "true", "include", "included", "relevant"}
IRRELEVANT = {"0", "0.0", "no", "false", "exclude", "excluded", "irrelevant"}


@dataclass(frozen=True)
class LabelledSet:
    """Citations in the order of the file; the four sequences are parallel."""

    record_ids: tuple[str, ...]
    titles: tuple[str, ...]
    abstracts: tuple[str, ...]
    relevant: tuple[bool, ...]


def read_labelled(content: bytes, label: str) -> LabelledSet:
    """The citations of a CSV with the columns record_id, title, abstract and the one named by `label`.

    Raises RankingRefused, naming line and column, at the first row that cannot be used: a simulation on part
    of a set would give numbers that look like those of the whole.
    """
    rows = list(_rows(content, label))
    if not rows:
        raise RankingRefused("There is no citation below the line of column names.")
    _refuse_repeated([(line, row["record_id"].strip()) for line, row in rows])
    return LabelledSet(
        record_ids=tuple(row["record_id"].strip() for _, row in rows),
        titles=tuple(row["title"] for _, row in rows),
        abstracts=tuple(row["abstract"] for _, row in rows),
        relevant=tuple(_is_relevant(row[label], line, label) for line, row in rows),
    )


def _rows(content: bytes, label: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise RankingRefused(f"Line {line}: not UTF-8 text. Save the file as CSV in UTF-8.") from problem
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    missing = [
        name for name in ("record_id", "title", "abstract", label) if name not in (reader.fieldnames or ())
    ]
    if missing:
        held = ", ".join(reader.fieldnames or ()) or "none"
        raise RankingRefused(f"Line 1: no column {', '.join(missing)}. The columns are: {held}.")
    # A quoted abstract may run over several lines; a row is named by the line it begins on.
    line = reader.line_num + 1
    try:
        for row in reader:
            if None in row:
                raise RankingRefused(f"Line {line}: more values than there are columns; is a comma unquoted?")
            yield line, row
            line = reader.line_num + 1
    except csv.Error as problem:
        raise RankingRefused(f"Line {line}: {problem}.") from problem


def _is_relevant(value: str, line: int, label: str) -> bool:
    word = value.strip().lower()
    if word in RELEVANT:
        return True
    if word in IRRELEVANT:
        return False
    raise RankingRefused(
        f'Line {line}, column {label}: "{value}" is neither 1 (relevant) nor 0 (irrelevant).'
    )


def _refuse_repeated(lines_and_ids: list[tuple[int, str]]) -> None:
    first_line: dict[str, int] = {}
    for line, record_id in lines_and_ids:
        if not record_id:
            raise RankingRefused(f"Line {line}, column record_id: empty. Every citation needs an id.")
        if record_id in first_line:
            raise RankingRefused(
                f'Line {line}, column record_id: "{record_id}" already stands on '
                f"line {first_line[record_id]}."
            )
        first_line[record_id] = line
