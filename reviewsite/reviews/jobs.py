"""The only writer of a job's progress: start, advance, finish, fail, cancel."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from .models import Job, Review


class JobCancelled(Exception):
    """The person who asked for the job took it back; the work stops and leaves nothing behind."""


def enqueue(*, review: Review, kind: str, title: str, requested_by) -> Job:
    """A job row in its waiting state; the caller hands its id to the task in the same transaction."""
    return Job.objects.create(review=review, kind=kind, title=title, requested_by=requested_by)


def start(job: Job) -> None:
    _set(job, state=Job.State.RUNNING, done=0, total=0, step="", outcome="", finished_at=None)


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


def mark_cancelled(job: Job, outcome: str = "Cancelled; nothing was kept.") -> None:
    _set(job, state=Job.State.CANCELLED, outcome=outcome, finished_at=timezone.now())


@transaction.atomic
def request_cancel(job: Job) -> None:
    """A waiting job ends at once; a running one stops at its next progress report."""
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if waiting.update(state=Job.State.CANCELLED, finished_at=timezone.now(), outcome="Cancelled."):
        return
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested_at=timezone.now())


def _set(job: Job, **columns: object) -> None:
    columns["last_sign_at"] = timezone.now()
    for name, value in columns.items():
        setattr(job, name, value)
    job.save(update_fields=list(columns))
