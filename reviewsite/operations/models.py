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


class Backup(models.Model):
    """One backup: begun, and how it ended. At most one is under way."""

    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    is_under_way = models.BooleanField(default=True)
    file = models.CharField(max_length=500, blank=True)
    size = models.BigIntegerField(default=0, help_text="Bytes.")
    problem = models.TextField(blank=True, help_text="Why there is no file.")

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_under_way"], condition=models.Q(is_under_way=True), name="one_backup_under_way"
            )
        ]

    def __str__(self) -> str:
        return self.file or f"backup of {self.started_at:%d %B %Y}"

    @property
    def is_good(self) -> bool:
        return bool(self.file and not self.is_under_way and not self.problem)
