"""Signs of life of workers, and the work of those that are gone.

A worker writes a sign every few seconds from a thread of its own, so it is heard of however long one step
of its work takes. On its own machine a worker that is gone is known at once by its process; elsewhere by its
silence.
"""

import logging
import os
import socket
import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from reviewsite.background import IF_GIVEN_UP
from reviewsite.reviews import jobs

from .models import WorkerSign

logger = logging.getLogger("winnow.worker")

SIGN_EVERY_SECONDS = 10
# Six signs missed: a pause of the machine or of the network is shorter.
LOST_AFTER = timedelta(seconds=60)
# A process that is there and silent for so long is stuck, not busy: the thread that signs does nothing else.
STUCK_AFTER = timedelta(minutes=15)
MOST_ATTEMPTS = 3


def this_host() -> str:
    """Machine and process namespace: two containers of one name must not judge each other's processes."""
    with suppress(OSError):
        return f"{socket.gethostname()} {os.readlink('/proc/self/ns/pid')}"[:200]
    return socket.gethostname()[:200]


def birth_of(pid: int) -> str:
    """What tells a process from a later one of the same number; empty when one cannot know."""
    with suppress(OSError, IndexError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        # The name in the second field may hold blanks and brackets, so fields are counted from its end.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        if fields[0] != "Z":  # killed, and not yet waited for
            return f"{boot} {fields[19]}"
    return ""


def introduce(worker_id: str) -> WorkerSign:
    """A worker's first sign. Signs of a day ago are swept away with it."""
    WorkerSign.objects.filter(last_sign_at__lt=timezone.now() - timedelta(days=1)).delete()
    pid = os.getpid()
    sign, _ = WorkerSign.objects.update_or_create(
        worker_id=worker_id,
        defaults={
            "host": this_host(),
            "pid": pid,
            "born": birth_of(pid),
            "started_at": timezone.now(),
            "last_sign_at": timezone.now(),
        },
    )
    return sign


def is_lost(sign: WorkerSign) -> bool:
    silent_for = timezone.now() - sign.last_sign_at
    if sign.born and sign.host == this_host():
        return birth_of(sign.pid) != sign.born or silent_for > STUCK_AFTER
    return silent_for > LOST_AFTER


class Signing:
    """Signs of life from a thread of its own while the block runs."""

    def __init__(self, sign: WorkerSign) -> None:
        self.sign, self.ended = sign, threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True, name="signs of life")

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *error: object) -> None:
        self.ended.set()
        self.thread.join()

    def _run(self) -> None:
        while not self.ended.wait(SIGN_EVERY_SECONDS):
            try:
                WorkerSign.objects.filter(pk=self.sign.pk).update(last_sign_at=timezone.now())
            except DatabaseError as error:  # the next sign will do
                logger.warning("no sign of life written: %s", type(error).__name__)
            finally:
                connection.close()
        connection.close()


def take_up_lost() -> int:
    """Queue again, or give up, what workers left behind that are gone; how many tasks that were."""
    with exclusive_transaction():
        running = DBTaskResult.objects.running().select_for_update(skip_locked=True)
        lost = [task for task in running if _is_left_behind(task)]
        for task in lost:
            back_or_given_up(task, "The background worker ended")
    return len(lost)


def _is_left_behind(task: DBTaskResult) -> bool:
    sign = WorkerSign.objects.filter(worker_id=task.worker_ids[-1]).first() if task.worker_ids else None
    return sign is None or is_lost(sign)


@transaction.atomic
def back_or_given_up(task: DBTaskResult, why: str) -> None:
    """Queue an interrupted task once more; after MOST_ATTEMPTS it is given up, and its people are told."""
    attempts = len(task.worker_ids)
    if attempts < MOST_ATTEMPTS:
        logger.warning("task %s is queued again after attempt %s: %s", task.id, attempts, why)
        task.status, task.started_at = TaskResultStatus.READY, None
        task.save(update_fields=["status", "started_at"])
        jobs.interrupted(
            str(task.id), f"{why}; it is taken up again (attempt {attempts + 1} of {MOST_ATTEMPTS})"
        )
        return
    sentence = (
        f"{why} while it was at this, {attempts} times in a row, so it was given up. Nothing half-done is "
        "shown. Tell the person who runs this site: the cause is mostly too little memory, a full disk, or a "
        "database that is away. It can be started again."
    )
    end_failed(task, sentence, "reviewsite.operations.workers.GivenUp", why)


@transaction.atomic
def end_failed(task: DBTaskResult, sentence: str, kind: str, trace: str) -> None:
    """Mark a task as failed, tell the job's people, and tidy up what it has beside a job."""
    logger.error("task %s (%s) failed: %s", task.id, task.task_path, kind)
    task.status, task.finished_at = TaskResultStatus.FAILED, timezone.now()
    task.exception_class_path, task.traceback = kind, trace
    task.save(update_fields=["status", "finished_at", "exception_class_path", "traceback"])
    jobs.given_up(str(task.id), sentence)
    if tidy := IF_GIVEN_UP.get(task.task_path):
        tidy(*task.args_kwargs["args"], sentence=sentence, **task.args_kwargs["kwargs"])
