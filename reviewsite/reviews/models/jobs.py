"""Background work as the people who asked for it see it: state, progress, outcome."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from .review import Review

# A worker writes its progress every few seconds; comparing many records is the longest it is silent.
SILENCE = timedelta(minutes=5)


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])


class Job(models.Model):
    """One piece of background work. The queue itself belongs to the task library; this row is for people."""

    class Kind(models.TextChoices):
        IMPORT = "import", _("Import")
        PUBMED = "pubmed", _("PubMed search")
        BULK = "bulk", _("Decisions on many at once")
        DOCUMENTS = "documents", _("Reading PDFs")
        ANALYSIS = "analysis", _("Analyses")
        REPORT = "report", _("Manuscript kit")

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    step = models.CharField(max_length=120, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    outcome = models.TextField(blank=True, help_text="A sentence for the person who asked.")
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker has begun it.")
    task_id = models.CharField(max_length=36, blank=True, help_text="The queued task that a worker is at.")
    last_sign_at = models.DateTimeField(null=True, blank=True, help_text="When the worker last wrote here.")

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        return self.state not in {self.State.QUEUED, self.State.RUNNING}

    @property
    def seems_dead(self) -> bool:
        """Whether a worker took the job and has not been heard of since: it was probably killed."""
        if self.state != self.State.RUNNING or self.last_sign_at is None:
            return False
        return timezone.now() - self.last_sign_at > SILENCE

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
