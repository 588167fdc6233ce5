"""Records as the databases gave them, and the links that say which are copies of one another."""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from reviewsite.reviews.models import Review

from .searches import SearchRun

# Fields of the import report, as the page names them, with what an empty one holds.
REPORTED_FIELDS = (
    ("title", ""),
    ("authors", []),
    ("year", None),
    ("journal", ""),
    ("abstract", ""),
    ("DOI", ""),
    ("PMID", ""),
    ("keywords", []),
)


class RecordQuerySet(models.QuerySet["Record"]):
    def identified(self) -> "RecordQuerySet":
        """Every record that PRISMA counts as identified."""
        return self.exclude(search_run__imported_at=None)

    def with_pmid(self) -> "RecordQuerySet":
        return self.identified().exclude(pmid="")

    def filled(self) -> list[tuple[str, int, int]]:
        """For the import report: field, how many records have it, and what share in percent."""
        total = self.count()
        counts = self.aggregate(
            **{name: Count("pk", filter=~Q(**{name.lower(): empty})) for name, empty in REPORTED_FIELDS}
        )
        return [(name, n, n * 100 // total) for name, n in counts.items()] if total else []


class Record(models.Model):
    """One hit as the database gave it; never edited.

    `citation` is the one column that changes: a projection of the live duplicate links, rebuilt by
    `screening.duplicates.deduplication` and checked by `manage.py check_review`.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="records")
    search_run = models.ForeignKey(SearchRun, on_delete=models.CASCADE, related_name="records")
    position = models.PositiveIntegerField()
    citation = models.ForeignKey("Citation", null=True, on_delete=models.PROTECT, related_name="records")
    title = models.TextField(blank=True)
    authors = models.JSONField(default=list)
    year = models.PositiveSmallIntegerField(null=True)
    journal = models.TextField(blank=True)
    volume = models.CharField(max_length=60, blank=True)
    issue = models.CharField(max_length=60, blank=True)
    pages = models.CharField(max_length=120, blank=True)
    doi = models.CharField(max_length=300, blank=True, db_index=True)
    pmid = models.CharField(max_length=20, blank=True, db_index=True)
    abstract = models.TextField(blank=True)
    keywords = models.JSONField(default=list)
    language = models.CharField(max_length=60, blank=True)
    publication_type = models.TextField(blank=True)
    url = models.TextField(blank=True)
    database_id = models.CharField(max_length=120, blank=True)
    extra = models.JSONField(default=dict)
    raw = models.TextField(blank=True)
    line = models.PositiveIntegerField(default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["search_run", "position"]
        constraints = [
            models.UniqueConstraint(fields=["search_run", "position"], name="one_record_per_position")
        ]
        # For lists that are narrowed: without these every record, abstract and all, would be read.
        indexes = [
            models.Index(fields=["review", "year"], name="record_by_year"),
            models.Index(fields=["review"], condition=models.Q(abstract=""), name="record_without_abstract"),
            models.Index(fields=["search_run", "citation"], name="record_by_run_and_citation"),
        ]

    def __str__(self) -> str:
        return self.title or "(no title)"

    @property
    def first_author(self) -> str:
        return self.authors[0] if self.authors else ""

    @property
    def source_line(self) -> str:
        """Authors, journal and year, as far as they are known."""
        parts = (self.short_authors, self.journal, str(self.year or ""))
        return " · ".join(part for part in parts if part)

    @property
    def short_authors(self) -> str:
        """One to three names as given, else the first and "et al."."""
        return "; ".join(self.authors) if len(self.authors) <= 3 else f"{self.authors[0]} et al."


class RecordNotice(models.Model):
    """What the publisher or PubMed has said of a record since: retracted, doubted, merged or gone.

    Found in the record as it came, or when a search was run again. Rows are only added.
    """

    class Kind(models.TextChoices):
        RETRACTED = "retracted", gettext_noop("Retracted")
        RETRACTION_NOTICE = "retraction_notice", gettext_noop("Notice of a retraction")
        CONCERN = "concern", gettext_noop("Expression of concern")
        MERGED = "merged", gettext_noop("Merged into another PubMed record")
        GONE = "gone", gettext_noop("No longer in PubMed")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text = models.TextField(blank=True, help_text="Where it says so.")
    found_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["found_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["record", "kind"], name="one_notice_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.record}"

    @property
    def is_grave(self) -> bool:
        """Whether the study's results must not be used without a second thought."""
        return self.kind in {self.Kind.RETRACTED, self.Kind.CONCERN}


class DuplicateLinkQuerySet(models.QuerySet["DuplicateLink"]):
    def live(self) -> "DuplicateLinkQuerySet":
        return self.filter(superseded_by=None)

    def of_citation(self, citation) -> "DuplicateLinkQuerySet":
        """Live links with an end among the records of a citation."""
        return self.live().filter(Q(first__citation=citation) | Q(second__citation=citation))

    def awaiting_a_person(self) -> "DuplicateLinkQuerySet":
        return self.live().filter(verdict=DuplicateLink.Verdict.UNSURE)


class DuplicateLink(models.Model):
    """What is held about a pair of records: copies, not copies, two documents of one work, or for a person.

    Rows are only added; a later verdict supersedes the earlier one. Nothing is ever merged away.
    """

    class Verdict(models.TextChoices):
        SAME = "same", gettext_noop("Same")
        DIFFERENT = "different", gettext_noop("Different")
        VERSION = "version", gettext_noop("Versions of one work")
        UNSURE = "unsure", gettext_noop("Not sure")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="duplicate_links")
    first = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    score = models.FloatField()
    rule = models.CharField(max_length=60, help_text="The rule that spoke, or 'person'.")
    evidence = models.JSONField(default=list)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(default=timezone.now, editable=False)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.CASCADE, related_name="superseded_by"
    )

    objects = DuplicateLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(supersedes=None), name="one_first_verdict_per_pair"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}: {self.verdict} ({self.rule} {self.score:.2f})"


class PairSample(models.Model):
    """Unsure pairs above a score, some of them drawn for a person to look at before the rest is accepted.

    What the person said of the drawn pairs is in their links; the error is counted from them.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="pair_samples")
    threshold = models.FloatField()
    link_ids = models.JSONField(help_text="The links as they were drawn, by number.")
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=timezone.now, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    accepted_count = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-drawn_at", "-pk"]

    def __str__(self) -> str:
        return f"{len(self.link_ids)} pairs scored {self.threshold:.2f} or more"


class FieldChoice(models.Model):
    """A person's word on which of a citation's records a field is shown from. Rows are only added."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="field_choices")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="field_choices")
    field = models.CharField(max_length=20)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["decided_at", "pk"]

    def __str__(self) -> str:
        return f"{self.field} from {self.record}"
