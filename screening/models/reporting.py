"""What a report says beside its rows: numbers from outside, the team's own wording, versions as published."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from reviewsite.reviews.models import Review

from .searches import SearchRun


class FlowEventQuerySet(models.QuerySet["FlowEvent"]):
    def standing(self) -> "FlowEventQuerySet":
        """The latest word of each history, unless it was taken back."""
        return self.filter(superseded_by=None, is_withdrawn=False)

    def standing_at(self, moment) -> "FlowEventQuerySet":
        """Those that stood at a moment and had happened by its day."""
        known = self.filter(entered_at__lte=moment, on__lte=timezone.localdate(moment), is_withdrawn=False)
        return known.exclude(superseded_by__entered_at__lte=moment)


class FlowEvent(models.Model):
    """Numbers of the PRISMA flow that no row of this review stands for, such as a search done by hand.

    Each says what became of all its records, so that the flow adds up. Rows are only added; a correction
    names the one it supersedes. A report that was included has to be a row and is never entered here.
    """

    class Kind(models.TextChoices):
        RECORDS = "records", gettext_noop("Records found outside of Winnow")
        PREVIOUS = "previous", gettext_noop("A previous version of the review")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="flow_events")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.RECORDS)
    on = models.DateField("date")
    source_kind = models.CharField(max_length=20, choices=SearchRun.SourceKind.choices, blank=True)
    source = models.CharField(max_length=80, blank=True)
    records = models.PositiveIntegerField(default=0)
    duplicates_removed = models.PositiveIntegerField(default=0)
    removed_by_automation = models.PositiveIntegerField(default=0)
    removed_other = models.PositiveIntegerField(default=0)
    excluded_title_abstract = models.PositiveIntegerField(default=0)
    not_retrieved = models.PositiveIntegerField(default=0)
    excluded_full_text = models.JSONField(default=list, help_text="Reason and number, a pair each.")
    studies = models.PositiveIntegerField(default=0)
    reports = models.PositiveIntegerField(default=0)
    note = models.TextField(help_text=gettext_lazy("Where the numbers are from."))
    is_withdrawn = models.BooleanField(default=False)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now, editable=False)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.CASCADE, related_name="superseded_by"
    )

    objects = FlowEventQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="flow_event_has_a_note")]

    def __str__(self) -> str:
        if self.kind == self.Kind.PREVIOUS:
            return f"Previous version, {self.on}: {self.studies} studies"
        return f"{self.source}, {self.on}: {self.records} records"


class FlowWording(models.Model):
    """A team's own words for a label of the flow; the numbers stay what the rows come to."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="flow_wordings")
    key = models.CharField(max_length=200)
    text = models.CharField(max_length=200)

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["review", "key"], name="one_flow_wording_per_label")]

    def __str__(self) -> str:
        return f"{self.key}: {self.text}"


class ReviewVersion(models.Model):
    """The review as it was published: everything it then said, with a hash. Never changed, never deleted."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120, help_text="For example: Version 1, or the journal and its date.")
    note = models.TextField(blank=True)
    content = models.JSONField(help_text="Flow, studies, estimates and where each citation stood.")
    sha256 = models.CharField(max_length=64, help_text="Of the content, written with sorted keys.")
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return self.name


class ManuscriptKit(models.Model):
    """One making of the manuscript kit: the job that made it, and the files that came of it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="manuscript_kits")
    job = models.OneToOneField("reviews.Job", on_delete=models.PROTECT, related_name="manuscript_kit")
    word_file = models.FileField(upload_to="kits/", blank=True)
    zip_file = models.FileField(upload_to="kits/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the ZIP.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Manuscript kit of {self.asked_at:%Y-%m-%d %H:%M}"


class ChecklistNote(models.Model):
    """What a person says of an item of a reporting checklist, such as the page on which it is answered."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="checklist_notes")
    item = models.CharField(max_length=40, help_text="List and number, as the checklists name them.")
    text = models.TextField()

    class Meta:
        ordering = ["item"]
        constraints = [models.UniqueConstraint(fields=["review", "item"], name="one_note_per_checklist_item")]

    def __str__(self) -> str:
        return f"{self.item}: {self.text}"
