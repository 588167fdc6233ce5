"""The state of the site in Prometheus's text format, version 0.0.4. Numbers only, no names or titles.

Source of the format: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterator

from reviewsite.reviews.models import Job, Review, User
from screening.models import Decision, Record

from .state import SiteState, site_state

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition() -> str:
    """All metrics, a HELP and a TYPE line before each."""
    return "".join(_lines(site_state()))


def _lines(state: SiteState) -> Iterator[str]:
    yield from _gauge("winnow_tasks_waiting", "Tasks in the queue.", state.waiting)
    oldest = state.oldest_waiting.total_seconds() if state.oldest_waiting else 0
    yield from _gauge("winnow_oldest_task_seconds", "How long the oldest task has waited.", oldest)
    yield from _gauge("winnow_tasks_running", "Tasks that a worker is at.", state.running)
    yield from _gauge(
        "winnow_tasks_failed_24h", "Tasks that failed for good in 24 hours.", state.failed_today
    )
    yield from _gauge("winnow_workers", "Background workers that are alive.", state.workers)
    yield from _gauge("winnow_disk_free_bytes", "Free on the disk of the data folder.", state.disk.free)
    yield from _gauge("winnow_disk_bytes", "Size of the disk of the data folder.", state.disk.total)
    yield from _gauge("winnow_database_bytes", "Size of the database.", state.database_bytes)
    if state.last_good_backup:
        made = state.last_good_backup.started_at.timestamp()
        yield from _gauge("winnow_last_backup_timestamp_seconds", "When the last good backup began.", made)
    failed = bool(state.last_backup and state.last_backup.problem)
    yield from _gauge("winnow_last_backup_failed", "1 when the last backup failed.", int(failed))
    yield "# HELP winnow_jobs Jobs as people see them, by state.\n# TYPE winnow_jobs gauge\n"
    for name in Job.State.values:
        yield f'winnow_jobs{{state="{name}"}} {Job.objects.filter(state=name).count()}\n'
    for name, model in (("reviews", Review), ("people", User), ("records", Record), ("decisions", Decision)):
        yield from _gauge(f"winnow_{name}", f"Rows of {name}.", model._base_manager.count())


def _gauge(name: str, told: str, value: float) -> Iterator[str]:
    yield f"# HELP {name} {told}\n# TYPE {name} gauge\n{name} {value}\n"
