"""Puts a site's SQLite database and uploaded files into a folder of their own. Nothing is deleted."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path


class DatabaseInUse(Exception):
    """Another process has the database open."""


def set_aside(*, database: Path, files: Path, folder: Path) -> bool:
    """Whether there was something, which is in the new folder now. Raises DatabaseInUse."""
    if not database.exists():
        return False
    _close_journal(database)
    folder.mkdir(parents=True)
    shutil.move(database, folder)
    if files.exists():
        shutil.move(files, folder)
    return True


def _close_journal(database: Path) -> None:
    """Bring what the write-ahead log holds into the file; SQLite refuses while another process reads it."""
    try:
        with closing(sqlite3.connect(database, timeout=0)) as whole:
            whole.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as refusal:
        raise DatabaseInUse(f"{database} is in use ({refusal})") from refusal
