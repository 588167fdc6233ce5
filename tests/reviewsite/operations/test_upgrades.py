"""A filled site of every released version comes up to date on both databases, and loses nothing.

released/ holds a backup of the worked example for each released version: `manage.py backup` of that version.
Restoring one makes the tables as they were then, fills them, and runs every later migration on them.
"""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from reviewsite.operations.archive import Manifest, members_under, read_manifest

RELEASED = sorted((Path(__file__).parent / "released").glob("*.tar"))
# What a migration writes anew, by table and column: the same said in another way.
REWRITTEN = {
    # Rows of one group and results of proportions only, in the form of later versions (analysis 0006).
    "analysis.DatasetSnapshot": {"rows", "sha256"},
    # Members were named by their key, which is another elsewhere; by their address since.
    "reviews.AuditEntry": {"details"},
    "analysis.AnalysisRun": {"result"},
}


@pytest.fixture
def empty_database(tmp_path) -> Iterator[str]:
    """The address of a database without any tables, of the kind that the suite runs on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'winnow.sqlite3'}"
        return
    told, name = connection.settings_dict, f"upgrade_{os.getpid()}"
    access = f"{told['USER']}:{told['PASSWORD']}".rstrip(":")
    address = f"postgres://{access}@{told['HOST'] or '127.0.0.1'}:{told['PORT'] or 5432}"
    # A connection of its own: databases are not made within a test's transaction.
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"{address}/{name}"
        server.execute(f"DROP DATABASE {name}")


def manage(words: list[str], database: str, folder: Path) -> str:
    own = {name: value for name, value in os.environ.items() if not name.startswith("WINNOW_")}
    environment = {**own, "DATABASE_URL": database, "WINNOW_DATA_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rows_of(path: Path, manifest: Manifest) -> dict[str, dict[object, dict[str, object]]]:
    """Table, key and column of every value in a backup."""
    by_file = {table.file: table.label for table in manifest.tables}
    found = {}
    for name, content in members_under(path, "database"):
        columns, *rows = [json.loads(line) for line in gzip.decompress(content.read()).splitlines()]
        found[by_file[name]] = {
            row[columns.index("id")]: dict(zip(columns, row, strict=True)) for row in rows
        }
    return found


def test_there_is_a_filled_site_of_every_released_version():
    assert "winnow-0.1.0.tar" in {path.name for path in RELEASED}


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_filled_site_of_a_released_version_comes_up_to_date_without_loss(
    released, empty_database, tmp_path
):
    told = manage(["restore", str(released)], empty_database, tmp_path)
    manage(["backup", str(tmp_path / "after")], empty_database, tmp_path)

    assert told.count(" ok") >= 1
    (after,) = (tmp_path / "after").glob("*.tar")
    before_rows = rows_of(released, read_manifest(released))
    after_rows = rows_of(after, read_manifest(after))
    missing, changed = [], set()
    for label, rows in before_rows.items():
        for key, row in rows.items():
            now = after_rows.get(label, {}).get(key)
            if now is None:
                missing.append((label, key))
                continue
            changed |= {(label, name) for name, value in row.items() if name in now and now[name] != value}
    assert missing == []
    assert {each for each in changed if each[1] not in REWRITTEN.get(each[0], set())} == set()
