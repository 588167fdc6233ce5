"""Puts a site's SQLite database and uploaded files into a folder of their own. Nothing is deleted."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection


class CannotSetAside(Exception):
    """What is there cannot be moved; the text says why and what to do."""


def set_aside(now: datetime) -> Path | None:
    """The folder that now holds what was there; None when there was nothing."""
    if connection.vendor != "sqlite":
        raise CannotSetAside(
            "Only a SQLite database can be set aside; name a new one in DATABASE_URL instead."
        )
    database = Path(connection.settings_dict["NAME"])
    if not database.exists():
        return None
    connection.close()
    _close_journal(database)
    folder = settings.DATA_DIR / f"set-aside-{now:%Y%m%d-%H%M%S}"
    folder.mkdir(parents=True)
    shutil.move(database, folder)
    files = Path(settings.MEDIA_ROOT)
    if files.exists():
        shutil.move(files, folder)
    return folder


def _close_journal(database: Path) -> None:
    """Bring what the write-ahead log holds into the file; SQLite refuses while another process reads it."""
    try:
        with closing(sqlite3.connect(database, timeout=0)) as whole:
            whole.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        raise CannotSetAside("The database is in use; stop the other site first.") from None
