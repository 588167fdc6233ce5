"""Search runs: one query in one database on one day, and the file that came back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from reviewsite.reviews.models import Job, Review


class SearchRunQuerySet(models.QuerySet["SearchRun"]):
    def complete(self) -> "SearchRunQuerySet":
        """Runs whose records are in: an import is whole or absent."""
        return self.exclude(imported_at=None)


def upload_path(run: "SearchRun", filename: str) -> str:
    # The name given by the browser is kept in `file_name` and never becomes a path.
    return f"searches/{run.review_id}/{run.file_sha256}"


class SearchRun(models.Model):
    """One query in one database on one day. Owns the records that came back."""

    class SourceKind(models.TextChoices):
        DATABASE = "database", "Database"
        REGISTER = "register", "Register"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="search_runs")
    database = models.CharField(max_length=80, help_text="For example PubMed, Embase, CENTRAL.")
    platform = models.CharField(max_length=80, blank=True, help_text="For example Ovid, Embase.com.")
    kind = models.CharField(max_length=20, choices=SourceKind.choices, default=SourceKind.DATABASE)
    query = models.TextField(blank=True)
    translation = models.TextField(blank=True, help_text="PubMed's own reading of the query.")
    run_on = models.DateField("date of the search", default=timezone.localdate)
    reported_count = models.PositiveIntegerField(
        "hits the database reported",
        null=True,
        blank=True,
        help_text="As the database showed it, not as we counted it.",
    )
    file = models.FileField(upload_to=upload_path, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_format = models.CharField(max_length=40, blank=True)
    file_encoding = models.CharField(max_length=40, blank=True)
    problems = models.JSONField(default=list, blank=True)
    is_offline_example = models.BooleanField(default=False)
    job = models.OneToOneField(
        Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="search_run"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    imported_at = models.DateTimeField(null=True, blank=True)

    objects = SearchRunQuerySet.as_manager()

    class Meta:
        ordering = ["run_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "file_sha256"],
                condition=~Q(file_sha256=""),
                name="one_run_per_file_and_review",
            )
        ]

    def __str__(self) -> str:
        return f"{self.database}, {self.run_on}"
