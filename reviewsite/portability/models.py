"""A review on its way out of this installation, or into it: background work with a file."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from reviewsite.reviews.models import Review


def transfer_path(transfer: "Transfer", filename: str) -> str:
    # The name given by the browser never becomes a path.
    return f"transfers/{transfer.key.hex}.zip"


class Transfer(models.Model):
    """One export or import as its asker sees it. An import has no review until it is done."""

    class Direction(models.TextChoices):
        OUT = "out", _("Export")
        IN = "in", _("Import")

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    direction = models.CharField(max_length=3, choices=Direction.choices)
    review = models.ForeignKey(Review, null=True, on_delete=models.CASCADE, related_name="transfers")
    key = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    file = models.FileField(upload_to=transfer_path, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="In bytes.")
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    step = models.CharField(max_length=120, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    outcome = models.TextField(blank=True, help_text="A sentence for the person who asked.")
    cancel_requested_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker has begun it.")

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} of {self.review or self.file_name}"

    @property
    def is_finished(self) -> bool:
        return self.state not in {self.State.QUEUED, self.State.RUNNING}

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
