"""The background worker: takes tasks from the queue, signs that it lives, and takes up what others left.

The queue and its rows are the library's. The loop is ours because the library's ends with the first broken
connection, marks what was interrupted as failed, and never looks at a task again whose worker was killed.
"""

import logging
import signal
import time
from traceback import format_exception
from types import FrameType

from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from reviewsite.background import current_task
from reviewsite.reviews.jobs import JobTakenUp

from .tasks import queue_due_backup
from .workers import Signing, back_or_given_up, end_failed, introduce, take_up_lost

logger = logging.getLogger("winnow.worker")

DATABASE_TROUBLE = (OperationalError, InterfaceError)
LOOK_FOR_LOST_EVERY_SECONDS = 15
LONGEST_PAUSE_SECONDS = 30


class Ended(BaseException):
    """The second signal: stop in the middle of a task, which goes back into the queue."""


class Worker:
    """One loop: lost work, next task, pause. `batch` ends it when nothing is left."""

    def __init__(self, *, worker_id: str, interval: float = 1.0, batch: bool = False) -> None:
        self.worker_id, self.interval, self.batch = worker_id, interval, batch
        self.is_to_end = False
        self.is_at_task = False
        self.looked_at = float("-inf")

    def listen_to_signals(self) -> None:
        for name in ("SIGINT", "SIGTERM", "SIGQUIT"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.is_to_end or not self.is_at_task:
            raise Ended
        logger.info("ending after this task")
        self.is_to_end = True

    def run(self) -> None:
        pause = self.interval
        try:
            sign = self._introduced()
            with Signing(sign):
                while not self.is_to_end:
                    try:
                        found = self._step()
                        pause = self.interval
                    except DATABASE_TROUBLE as trouble:
                        logger.warning("the database cannot be used: %s", type(trouble).__name__)
                        connections.close_all()
                        found, pause = False, min(LONGEST_PAUSE_SECONDS, max(1.0, pause * 2))
                        time.sleep(pause)
                        continue
                    if not found and self.batch:
                        break
                    if not found and not self.is_to_end:
                        time.sleep(self.interval)
            sign.delete()
        except Ended:
            logger.info("ended")

    def _introduced(self):
        while True:
            try:
                return introduce(self.worker_id)
            except DATABASE_TROUBLE as trouble:
                logger.warning("waiting for the database: %s", type(trouble).__name__)
                connections.close_all()
                time.sleep(2)

    def _step(self) -> bool:
        """Whether there was a task to do."""
        for connection in connections.all():
            if not connection.in_atomic_block:  # a test's own transaction
                connection.close_if_unusable_or_obsolete()
        if time.monotonic() - self.looked_at > LOOK_FOR_LOST_EVERY_SECONDS:
            take_up_lost()
            queue_due_backup()
            self.looked_at = time.monotonic()
        task = self._claimed()
        if task is None:
            return False
        self._carry_out(task)
        return True

    def _claimed(self) -> DBTaskResult | None:
        with exclusive_transaction():
            task = DBTaskResult.objects.ready().get_locked()
            if task is not None:
                task.claim(self.worker_id)
        return task

    def _carry_out(self, task: DBTaskResult) -> None:
        self.is_at_task = True
        started, place = time.monotonic(), current_task.set(str(task.id))
        try:
            task.task.call(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
        except JobTakenUp:
            logger.warning("task %s was taken up by another worker meanwhile", task.id)
        except DATABASE_TROUBLE as trouble:
            self._put_back(task, f"The database could not be used ({type(trouble).__name__})")
        except Ended:
            self._put_back(task, "The background worker was stopped")
            raise
        except Exception as error:  # noqa: BLE001 - whatever a task raises must not end the worker
            self._fail(task, error)
        else:
            ours = DBTaskResult.objects.running().filter(pk=task.pk, worker_ids=task.worker_ids)
            ours.update(
                status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now(), exception_class_path=""
            )
            logger.info("task %s (%s) done in %.1f s", task.id, task.task_path, time.monotonic() - started)
        finally:
            current_task.reset(place)
            self.is_at_task = False

    def _put_back(self, task: DBTaskResult, why: str) -> None:
        """Into the queue again, waiting for the database if need be."""
        pause = 1.0
        while True:
            try:
                connections.close_all()
                return back_or_given_up(task, why)
            except DATABASE_TROUBLE:
                time.sleep(pause)
                pause = min(LONGEST_PAUSE_SECONDS, pause * 2)

    def _fail(self, task: DBTaskResult, error: Exception) -> None:
        name = type(error).__name__
        sentence = f"Something went wrong that should not have ({name}). Report it if it happens twice."
        end_failed(task, sentence, f"{type(error).__module__}.{name}", "".join(format_exception(error)))
