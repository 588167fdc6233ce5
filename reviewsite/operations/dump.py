"""All rows of a site as files, one a table, readable by either database.

A line of a file is one row as a JSON list, in the order of the columns that its first line names. All is of
one moment of the database, and read back within one transaction: whole, or not at all.
"""

import base64
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction

# Made anew by `migrate`, or of no use on another day: content types and permissions; sessions; signs of life.
LEFT_OUT = {
    "contenttypes.ContentType",
    "auth.Permission",
    "auth.Group_permissions",
    "reviews.User_user_permissions",
    "sessions.Session",
    "usersessions.UserSession",
    "operations.WorkerSign",
    "operations.Backup",
}
BATCH = 2000
BINARY = "base64:"


class DumpProblem(Exception):
    """The rows cannot be written or read as asked; the text is a sentence for the person."""


@dataclass(frozen=True)
class Table:
    """One table of the dump: the model's label, the file, and how many rows it has."""

    label: str
    file: str
    rows: int


def models_of(apps: Apps) -> list[type[models.Model]]:
    """What is dumped, by label: every table but those that make themselves anew."""
    found = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    return sorted((m for m in found if m._meta.label not in LEFT_OUT), key=lambda m: m._meta.label)


@contextmanager
def snapshot(using: str) -> Iterator[None]:
    """All that is read inside is of one moment, while others go on writing."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        mode, connection.transaction_mode = getattr(connection, "transaction_mode", None), "DEFERRED"
        try:
            # A reader of a write-ahead log sees the state at its first read and keeps nobody waiting.
            with transaction.atomic(using=using):
                yield
        finally:
            connection.transaction_mode = mode
        return
    # Within a transaction already (a test) it is too late to ask for it.
    is_first = not connection.in_atomic_block
    with transaction.atomic(using=using):
        if is_first:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def write_tables(apps: Apps, folder: Path, using: str) -> list[Table]:
    """Every table into a file of the folder. Call it within `snapshot`."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write_table(model, folder, using) for model in models_of(apps)]


def _write_table(model: type[models.Model], folder: Path, using: str) -> Table:
    columns = [field.attname for field in model._meta.concrete_fields]
    name, rows = f"{model._meta.db_table}.jsonl.gz", 0
    stored = model._base_manager.using(using).order_by("pk").values_list(*columns)
    # mtime 0: the same rows give the same bytes, and so the same checksum.
    with gzip.GzipFile(folder / name, "wb", compresslevel=5, mtime=0) as file:
        file.write(_line(columns))
        for row in stored.iterator(chunk_size=BATCH):
            file.write(_line([_plain(value) for value in row]))
            rows += 1
    return Table(model._meta.label, name, rows)


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return BINARY + base64.b64encode(bytes(value)).decode()
    return value


def read_tables(apps: Apps, folder: Path, tables: list[Table]) -> None:
    """Put every row back under its old key, in place of whatever rows are there. Raises DumpProblem."""
    by_label = {model._meta.label: model for model in models_of(apps)}
    unknown = [table.label for table in tables if table.label not in by_label]
    if unknown:
        raise DumpProblem(f"This Winnow knows no table for {', '.join(unknown)}.")
    with transaction.atomic():
        # References are checked at the end of the transaction, so the order of the tables does not matter.
        _empty(list(by_label.values()))
        for table in tables:
            _read_table(by_label[table.label], folder / table.file, table)
        _restart_numbering(list(by_label.values()))


def _empty(all_models: list[type[models.Model]]) -> None:
    """Rows that migrations made are in the dump too."""
    with connection.cursor() as cursor:
        for model in all_models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def _read_table(model: type[models.Model], path: Path, table: Table) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    count = 0
    with gzip.open(path, "rt", encoding="utf-8") as lines, connection.cursor() as cursor:
        columns = [fields[name] for name in json.loads(next(lines))]
        quoted = ", ".join(connection.ops.quote_name(field.column) for field in columns)
        insert = (
            f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({quoted}) "
            f"VALUES ({', '.join(['%s'] * len(columns))})"
        )
        for batch in _batches(lines):
            cursor.executemany(insert, [_stored(columns, line) for line in batch])
            count += len(batch)
    if count != table.rows:
        raise DumpProblem(f"{table.label}: {table.rows} rows expected, {count} found.")


def _batches(lines: Iterator[str]) -> Iterator[list[str]]:
    batch = []
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _stored(columns: list[models.Field], line: str) -> list[Any]:
    return [
        field.get_db_prep_save(_value(field, value), connection)
        for field, value in zip(columns, json.loads(line), strict=True)
    ]


def _value(field: models.Field, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value.removeprefix(BINARY))
    # A key to another table is stored as that table's key is.
    return (field.target_field if isinstance(field, models.ForeignKey) else field).to_python(value)


def _restart_numbering(all_models: list[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), all_models):
            cursor.execute(statement)


def count_rows(apps: Apps) -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in models_of(apps)}
