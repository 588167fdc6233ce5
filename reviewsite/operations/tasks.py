"""Background work of the site itself."""

from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from reviewsite.background import task

from .backups import is_due, make_backup


@task()
def scheduled_backup() -> None:
    """A backup when one is still due; another worker may have been faster."""
    if is_due(timezone.now()):
        make_backup(Path(settings.BACKUP_DIR), keep=settings.BACKUP_KEEP)


def queue_due_backup() -> None:
    waiting = DBTaskResult.objects.filter(
        task_path=scheduled_backup.module_path, status__in=["READY", "RUNNING"]
    )
    if is_due(timezone.now()) and not waiting.exists():
        scheduled_backup.enqueue()
