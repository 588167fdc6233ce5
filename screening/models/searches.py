"""Searches: one query in one database on one day, the file that came back, and those that are run again."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

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
        DATABASE = "database", gettext_noop("Database")
        REGISTER = "register", gettext_noop("Register")
        # PRISMA's other methods: their records have a column of their own in the flow.
        WEBSITE = "website", gettext_noop("Website")
        ORGANISATION = "organisation", gettext_noop("Organisation")
        CITATION_SEARCH = "citation_search", gettext_noop("Citation searching")
        OTHER = "other", gettext_noop("Another method")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="search_runs")
    database = models.CharField(max_length=80, help_text="For example PubMed, Embase, CENTRAL.")
    platform = models.CharField(max_length=80, blank=True, help_text="For example Ovid, Embase.com.")
    kind = models.CharField(max_length=20, choices=SourceKind.choices, default=SourceKind.DATABASE)
    saved_search = models.ForeignKey(
        "SavedSearch", null=True, blank=True, on_delete=models.PROTECT, related_name="runs"
    )
    query = models.TextField(blank=True)
    translation = models.TextField(blank=True, help_text="PubMed's own reading of the query.")
    run_on = models.DateField("date of the search", default=timezone.localdate)
    reported_count = models.PositiveIntegerField(
        "hits the database reported",
        null=True,
        blank=True,
        help_text="As the database showed it, not as we counted it.",
    )
    limits = models.TextField(
        "limits and filters",
        blank=True,
        help_text="Dates, languages, a validated filter and where it is from.",
    )
    strategy_source = models.TextField(
        "strategy adapted from", blank=True, help_text="An earlier review's search, if it was reused."
    )
    peer_review = models.TextField(
        "peer review of the search", blank=True, help_text="Who looked at it, for example with PRESS."
    )
    wanted_pmids = models.JSONField(default=list, blank=True, help_text="The records to fetch, listed once.")
    already_held = models.PositiveIntegerField(
        null=True, blank=True, help_text="Hits that an earlier run of the same search had brought in."
    )
    columns = models.JSONField(default=list, blank=True, help_text="For a table: what each column is.")
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

    @property
    def awaits_columns(self) -> bool:
        return bool(self.file) and self.imported_at is None and self.job_id is None


class FetchedBatch(models.Model):
    """Records that PubMed gave and that are not stored yet: a fetch that was killed goes on from these."""

    run = models.ForeignKey(SearchRun, on_delete=models.CASCADE, related_name="fetched_batches")
    number = models.PositiveIntegerField()
    content = models.BinaryField(help_text="PubMed XML, compressed by zlib.")

    class Meta:
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_fetched_batch_per_number")]

    def __str__(self) -> str:
        return f"batch {self.number} of {self.run}"


class ColumnNaming(models.Model):
    """What the columns of a table with these headers are, as a person of the review said; asked once."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="column_namings")
    headers = models.JSONField()
    headers_sha256 = models.CharField(max_length=64)
    fields = models.JSONField()
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "headers_sha256"], name="one_naming_per_header")
        ]

    def __str__(self) -> str:
        return ", ".join(self.headers[:4])


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def due(self, day: date) -> "SavedSearchQuerySet":
        """Those whose schedule asks for a run on or before a day."""
        return self.exclude(schedule=SavedSearch.Schedule.BY_HAND).filter(due_on__lte=day)


class SavedSearch(models.Model):
    """A PubMed query that is run again; each run brings in only what earlier runs did not."""

    class Schedule(models.TextChoices):
        BY_HAND = "by_hand", gettext_noop("When someone asks")
        WEEKLY = "weekly", gettext_noop("Every week")
        MONTHLY = "monthly", gettext_noop("Every month")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=120)
    query = models.TextField()
    limits = models.TextField("limits and filters", blank=True)
    schedule = models.CharField(max_length=20, choices=Schedule.choices, default=Schedule.BY_HAND)
    due_on = models.DateField("next run", null=True, blank=True)
    new_count = models.PositiveIntegerField(null=True, blank=True, help_text="New hits at the last look.")
    looked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "saved searches"

    def __str__(self) -> str:
        return self.name
