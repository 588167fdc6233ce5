"""The one place that names the task library: Django 6 has the same interface in django.tasks."""

from django_tasks import task

__all__ = ["task"]
