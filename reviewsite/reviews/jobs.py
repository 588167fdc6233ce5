"""The only writer of a job's progress: start, advance, finish, fail, cancel.

A worker writes only while the job is in the attempt that it began. One that was thought lost, and wakes up
after another has taken the job up again, gets JobTakenUp at its next step.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from reviewsite.background import current_task

from .models import Job, Review, record_act

GIVE_WAY_SECONDS = 0.02
NOTHING_KEPT = "Cancelled; nothing was kept."


class JobCancelled(Exception):
    """The person who asked for the job took it back; the work stops and leaves nothing behind."""


class JobTakenUp(Exception):
    """Another worker has taken the job up since: this one stops and writes nothing more."""


def enqueue(*, review: Review, kind: str, title: str, requested_by) -> Job:
    """A job row in its waiting state; the caller hands its id to the task in the same transaction."""
    return Job.objects.create(review=review, kind=kind, title=title, requested_by=requested_by)


@contextmanager
def carrying_out(
    job: Job,
    *,
    refusals: tuple[type[Exception], ...] = (),
    if_cancelled: str = NOTHING_KEPT,
    if_wrong: str = "",
) -> Iterator[None]:
    """The frame of a task: start the job, and tell the person who asked whatever ends it.

    `refusals` are sentences for people. Trouble with the database is no end: the worker tries again.
    """
    start(job)
    try:
        yield
    except refusals as refusal:
        fail(job, str(refusal))
    except JobCancelled:
        mark_cancelled(job, if_cancelled)
    except (JobTakenUp, OperationalError, InterfaceError):
        raise
    except Exception as error:
        fail(job, f"Something went wrong that should not have ({type(error).__name__}). {if_wrong}".strip())
        raise


def start(job: Job) -> None:
    """A new attempt, which no earlier one can write into any more."""
    Job.objects.filter(pk=job.pk).update(attempts=F("attempts") + 1, task_id=current_task.get())
    job.refresh_from_db(fields=["attempts", "task_id"])
    _set(job, state=Job.State.RUNNING, done=0, total=0, step="", outcome="", finished_at=None)


def hold(job: Job) -> None:
    """Within a transaction: nobody else takes the job up until it ends. Raises JobTakenUp."""
    if not Job.objects.select_for_update(no_key=True).filter(pk=job.pk, attempts=job.attempts).exists():
        raise JobTakenUp


def give_way() -> None:
    """Between the transactions of long work: a database with one writer is left to others for a moment.

    Who waits for it looks again only now and then, so one that began again at once would leave nobody a turn.
    """
    if not connection.features.has_select_for_update and not settings.TESTING:
        time.sleep(GIVE_WAY_SECONDS)


def advance(job: Job, done: int, total: int, step: str = "") -> None:
    """Write progress; raises JobCancelled when the person asked to stop."""
    if Job.objects.filter(pk=job.pk).exclude(cancel_requested_at=None).exists():
        raise JobCancelled
    _set(job, done=done, total=total, step=step)


def reporter(job: Job, step: str, every: int = 200) -> Callable[[int, int], None]:
    """A progress function for pure code, which knows nothing of jobs; writes every so many items."""

    def report(done: int, total: int) -> None:
        if done % every == 0 or done == total:
            advance(job, done, total, step)

    return report


def queue_again(job: Job) -> None:
    """Back to waiting, as if it had just been asked for."""
    _set(
        job,
        state=Job.State.QUEUED,
        done=0,
        total=0,
        step="",
        outcome="",
        finished_at=None,
        cancel_requested_at=None,
    )


def finish(job: Job, outcome: str) -> None:
    _set(job, state=Job.State.DONE, outcome=outcome, done=job.total, finished_at=timezone.now())


def fail(job: Job, sentence: str) -> None:
    _set(job, state=Job.State.FAILED, outcome=sentence, finished_at=timezone.now())


def interrupted(task_id: str, step: str) -> None:
    """The worker at this task is gone: its job waits again, and what that worker still writes is refused."""
    jobs = Job.objects.filter(task_id=task_id, state=Job.State.RUNNING)
    jobs.update(
        state=Job.State.QUEUED,
        attempts=F("attempts") + 1,
        done=0,
        total=0,
        step=step[:120],
        last_sign_at=timezone.now(),
    )


def given_up(task_id: str, sentence: str) -> None:
    """The task has failed for good; a job that was not told already is told now."""
    for job in Job.objects.unfinished().filter(task_id=task_id):
        fail(job, sentence)


def mark_cancelled(job: Job, outcome: str = NOTHING_KEPT) -> None:
    _set(job, state=Job.State.CANCELLED, outcome=outcome, finished_at=timezone.now())


@transaction.atomic
def request_cancel(job: Job, by) -> None:
    """A waiting job ends at once; a running one stops at its next progress report."""
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    running = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING)
    if waiting.update(
        state=Job.State.CANCELLED, finished_at=timezone.now(), outcome="Cancelled."
    ) or running.update(cancel_requested_at=timezone.now()):
        record_act(job.review_id, by, "job cancelled", job=job.title)


def _set(job: Job, **columns: object) -> None:
    columns["last_sign_at"] = timezone.now()
    if not Job.objects.filter(pk=job.pk, attempts=job.attempts).update(**columns):
        raise JobTakenUp
    for name, value in columns.items():
        setattr(job, name, value)
