"""How the site is: the queue, its workers, disk, backups. Read by the status page, /health and /metrics."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from .models import Backup, WorkerSign
from .workers import is_lost

# The queue is looked at every second: what waits for longer than this waits for a worker.
LONGEST_WAIT = timedelta(minutes=10)
LEAST_FREE = 0.10


@dataclass(frozen=True)
class Disk:
    """Bytes of the disk that holds the data folder."""

    free: int
    total: int

    @property
    def is_low(self) -> bool:
        return self.free < self.total * LEAST_FREE

    @property
    def percent_free(self) -> int:
        return self.free * 100 // self.total


@dataclass(frozen=True)
class SiteState:
    now: datetime
    waiting: int
    oldest_since: datetime | None
    running: int
    failed_today: int
    workers: int
    disk: Disk
    database: str
    database_bytes: int
    last_backup: Backup | None
    last_good_backup: Backup | None
    makes_backups: bool

    @property
    def oldest_waiting(self) -> timedelta | None:
        return self.now - self.oldest_since if self.oldest_since else None

    @property
    def warnings(self) -> list[str]:
        """What an owner should have somebody look at, a sentence each."""
        told = []
        if not self.workers:
            told.append(_("No background worker is running: imports, searches and analyses wait."))
        elif self.oldest_waiting and self.oldest_waiting > LONGEST_WAIT:
            told.append(_("Work has been waiting for more than ten minutes: more workers would help."))
        if self.disk.is_low:
            told.append(_("The disk is nearly full: uploads and backups will fail."))
        if self.last_backup and self.last_backup.problem:
            problem = self.last_backup.problem
            told.append(_("The last backup failed: %(problem)s") % {"problem": problem})
        if self.last_good_backup is None:
            told.append(_("No backup was made by Winnow yet."))
        elif self.now - self.last_good_backup.started_at > 2 * timedelta(hours=settings.BACKUP_EVERY_HOURS):
            told.append(_("The last good backup is more than two turns old."))
        return told


def site_state() -> SiteState:
    now = timezone.now()
    ready = DBTaskResult.objects.ready()
    oldest = ready.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    backups = Backup.objects.filter(is_under_way=False)
    usage = shutil.disk_usage(settings.DATA_DIR)
    return SiteState(
        now=now,
        waiting=ready.count(),
        oldest_since=oldest,
        running=DBTaskResult.objects.running().count(),
        failed_today=DBTaskResult.objects.failed().filter(finished_at__gte=now - timedelta(days=1)).count(),
        workers=sum(not is_lost(sign) for sign in WorkerSign.objects.all()),
        disk=Disk(usage.free, usage.total),
        database={"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor),
        database_bytes=_database_bytes(),
        last_backup=backups.first(),
        last_good_backup=backups.filter(problem="").exclude(file="").first(),
        makes_backups=bool(settings.BACKUP_DIR),
    )


def _database_bytes() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return cursor.fetchone()[0]
    name = str(connection.settings_dict["NAME"])
    return sum(Path(name + end).stat().st_size for end in ("", "-wal") if Path(name + end).is_file())


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False
