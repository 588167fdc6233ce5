"""What a site remembers of its own running. None of it belongs to a review."""

from django.db import models
from django.utils import timezone


class WorkerSign(models.Model):
    """One worker process and when it was last heard of."""

    worker_id = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=200, help_text="Machine and process namespace.")
    pid = models.PositiveIntegerField()
    born = models.CharField(
        max_length=100, blank=True, help_text="Tells it from a later process of this number."
    )
    started_at = models.DateTimeField(default=timezone.now)
    last_sign_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.host} {self.pid}"
