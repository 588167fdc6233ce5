"""The one place that names the task library: Django 6 has the same interface in django.tasks."""

from collections.abc import Callable
from contextvars import ContextVar

from django_tasks import task

__all__ = ["IF_GIVEN_UP", "current_task", "if_given_up", "task"]

# The id of the task that a worker is at; empty in a web process and in tests.
current_task: ContextVar[str] = ContextVar("current_task", default="")

# What to do, by the path of a task, when it is given up: called with the task's arguments and a sentence.
IF_GIVEN_UP: dict[str, Callable[..., None]] = {}


def if_given_up(of_task: object) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register what tidies up after a task that failed for good and has no job to tell of it."""

    def register(tidy: Callable[..., None]) -> Callable[..., None]:
        IF_GIVEN_UP[of_task.module_path] = tidy  # type: ignore[attr-defined]
        return tidy

    return register
