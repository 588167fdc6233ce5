"""The words of titles and abstracts, indexed by the database: what a list is searched by.

A word finds what begins with it ("leuk" finds leukaemia), whatever its case. PostgreSQL keeps an index of its
own over the records. SQLite has its words in a full-text table beside them, which this module alone writes:
the texts of records are never edited, so a row is made when a record is stored and goes with its run.
"""

import re
from collections.abc import Sequence
from functools import cache

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.utils import OperationalError

TABLE, TEXT = "screening_words", "title || ' ' || abstract"
# Only letters and digits are left between spaces, or PostgreSQL would read "oral/intravenous" as a path. Its
# vectors have a largest size, which no abstract reaches and a hostile file may.
POSTGRES_WORDS = (
    r"to_tsvector('simple', regexp_replace(left(title || ' ' || abstract, 100000), '[\W_]+', ' ', 'g'))"
)
# Without spaces between words an index of words finds nothing; such texts are searched letter by letter.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def make(editor) -> None:
    """Make the index and fill it from what is stored; for the migration."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"CREATE INDEX record_words ON screening_record USING gin ({POSTGRES_WORDS})")
    elif editor.connection.vendor == "sqlite":
        try:
            editor.execute(
                f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, content='', detail=none, "
                'tokenize="unicode61 remove_diacritics 0")'
            )
        except OperationalError:  # a build of SQLite without it: lists are searched text by text
            return
        editor.execute(f"INSERT INTO {TABLE}(rowid, words) SELECT id, {TEXT} FROM screening_record")


def unmake(editor) -> None:
    editor.execute(
        "DROP INDEX IF EXISTS record_words"
        if editor.connection.vendor == "postgresql"
        else f"DROP TABLE IF EXISTS {TABLE}"
    )


def add(search_run, records: Sequence[int] | None = None) -> None:
    """Index the records of a run that are not yet; where keys are given, only those between them."""
    if records is None:
        _add("search_run_id = %s", [search_run.pk])
    elif records:
        _add("search_run_id = %s AND id BETWEEN %s AND %s", [search_run.pk, min(records), max(records)])


def add_all() -> None:
    """Index all records that are not yet, as after rows came in past the rules."""
    _add("TRUE", [])


def _add(condition: str, values: Sequence[int]) -> None:
    if _has_table():
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TABLE}(rowid, words) SELECT id, {TEXT} FROM screening_record r "
                f"WHERE {condition} AND NOT EXISTS (SELECT 1 FROM {TABLE}_docsize d WHERE d.id = r.id)",
                values,
            )


def empty() -> None:
    """Take everything out, as after all rows went past the rules."""
    if _has_table():
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {TABLE}({TABLE}) VALUES ('delete-all')")


def forget(search_run) -> None:
    """Take the records of a run out of the index; called before they are deleted."""
    if _has_table():
        with connection.cursor() as cursor:
            # The table keeps no texts: to take a row out it is told again what went in.
            cursor.execute(
                f"INSERT INTO {TABLE}({TABLE}, rowid, words) "
                f"SELECT 'delete', id, {TEXT} FROM screening_record "
                f"WHERE search_run_id = %s AND id IN (SELECT id FROM {TABLE}_docsize)",
                [search_run.pk],
            )


def holding(text: str) -> Q:
    """The condition on records that title and abstract together hold every word of the text."""
    condition, words = Q(), []
    for word in text.split():
        parts = re.findall(r"[^\W_]+", word.lower())
        if parts and not UNSPACED.search(word) and _has_index():
            words.append(parts)
        else:
            condition &= Q(title__icontains=word) | Q(abstract__icontains=word)
    if not words:
        return condition
    return condition & Q(pk__in=_found(words))


def _found(words: Sequence[Sequence[str]]) -> RawSQL:
    """Keys of records; of what was typed as one word ("il-2") the last part may go on."""
    whole = [part for parts in words for part in parts[:-1]]
    begun = [parts[-1] for parts in words]
    if connection.vendor == "postgresql":
        query = " & ".join([*whole, *(f"{part}:*" for part in begun)])
        return RawSQL(
            f"SELECT id FROM screening_record WHERE {POSTGRES_WORDS} @@ to_tsquery('simple', %s)", [query]
        )
    query = " AND ".join([*(f'"{part}"' for part in whole), *(f'"{part}"*' for part in begun)])
    return RawSQL(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", [query])


def _has_index() -> bool:
    return connection.vendor == "postgresql" or _has_table()


def _has_table() -> bool:
    return connection.vendor == "sqlite" and _is_there(str(connection.settings_dict["NAME"]))


@cache
def _is_there(database: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [TABLE])
        return cursor.fetchone() is not None
