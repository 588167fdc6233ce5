"""Citations: the deduplicated records that screeners see as one."""

import re
from collections.abc import Sequence
from copy import copy

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_noop

from reviewsite.reviews.models import Review, Stage

from ..citations.word_index import holding
from ..deciding.conclusions import Conclusion
from ..duplicates.best_fields import best_fields
from .records import Record, RecordNotice
from .searches import SearchRun

CONCLUSION_CHOICES = [
    (Conclusion.UNDECIDED.value, gettext_noop("Undecided")),
    (Conclusion.CONFLICT.value, gettext_noop("Conflict")),
    (Conclusion.INCLUDED.value, gettext_noop("Included")),
    (Conclusion.EXCLUDED.value, gettext_noop("Excluded")),
]


class CitationQuerySet(models.QuerySet["Citation"]):
    def live(self) -> "CitationQuerySet":
        """Citations that stand for themselves, not merged into another."""
        return self.filter(merged_into=None)

    def at(self, stage: str) -> "CitationQuerySet":
        """Those that have reached a stage: full text needs an included abstract and a report at hand."""
        if stage == Stage.FULL_TEXT:
            return self.live().filter(title_abstract_state=Conclusion.INCLUDED, report__retrieval="obtained")
        return self.live()

    def in_state(self, stage: str, *states: Conclusion) -> "CitationQuerySet":
        return self.at(stage).filter(**{f"{stage}_state__in": states})

    def matching(self, review: Review, *, text: str = "", database: str = "") -> "CitationQuerySet":
        """Narrowed to what is given; every word of the text must begin one in one copy."""
        found, runs = self, SearchRun.objects.filter(review=review).order_by()
        # Records are named by their runs: run and citation stand in one index, so no record is itself read.
        if database:
            copies = Record.objects.filter(search_run__in=runs.filter(database=database).values("pk"))
            found = found.filter(pk__in=copies.order_by().values("citation"))
        if text.split():
            # One list of keys, made once: a subquery for every citation reads each text by itself.
            copies = Record.objects.filter(search_run__in=runs.values("pk")).filter(holding(text))
            found = found.filter(pk__in=copies.order_by().values("citation"))
        return found

    def like(self, text: str) -> "CitationQuerySet":
        """Those with a record of this DOI or PMID, else with the longest of the words in title or authors."""
        records = Record.objects.filter(citation=OuterRef("pk"))
        plain = text.strip().lower().removeprefix("https://doi.org/")
        named = self.filter(Exists(records.filter(Q(doi__iexact=plain) | Q(pmid=plain))))
        if plain and named.exists():
            return named
        # The longest words tell most; where nothing has all three, two do, and then one.
        words = sorted(set(re.findall(r"\w{4,}", text.lower())), key=lambda word: (-len(word), word))[:3]
        for count in range(len(words), 0, -1):
            has_words = Q()
            for word in words[:count]:
                has_words &= Q(title__icontains=word) | Q(authors__icontains=word)
            found = self.filter(Exists(records.filter(has_words)))
            if found.exists():
                return found
        return self.none()

    def with_records(self) -> "CitationQuerySet":
        """With all that a page shows of them, in three queries; the raw text, which none shows, is left."""
        return (
            self.select_related("representative")
            .defer("representative__raw")
            .prefetch_related(Prefetch("records", queryset=_copies()), "records__notices")
        )


def _copies() -> models.QuerySet[Record]:
    return Record.objects.select_related("search_run").defer("raw")


def fetch_records(citations: Sequence["Citation"]) -> None:
    """Give citations read alone what `with_records` gives: in one query, in two where there is a notice."""
    has_notice = Exists(RecordNotice.objects.filter(record=OuterRef("pk")))
    prefetch_related_objects(
        citations, Prefetch("records", queryset=_copies().annotate(has_notice=has_notice))
    )
    records = {record.pk: record for citation in citations for record in citation.records.all()}
    prefetch_related_objects([record for record in records.values() if record.has_notice], "notices")
    for citation in citations:
        # That of a live citation is one of its own records, so it is here already.
        if citation.representative_id in records:
            citation.representative = records[citation.representative_id]


class Citation(models.Model):
    """What is screened. Every record founds one; a duplicate link lets records share the first one's.

    `merged_into`, `representative`, `chosen_fields` and the two states are projections, written only by
    `screening.duplicates.deduplication` and `screening.deciding.decisions` in the transaction that
    changes their source, and rebuilt and compared by `manage.py check_review`. Undoing a link brings
    the founded citation back with the decisions it had.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="citations")
    founding_record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="founded_citation")
    representative = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    title_abstract_state = models.CharField(
        max_length=20, choices=CONCLUSION_CHOICES, default=Conclusion.UNDECIDED
    )
    full_text_state = models.CharField(
        max_length=20, choices=CONCLUSION_CHOICES, default=Conclusion.UNDECIDED
    )
    chosen_fields = models.JSONField(default=dict, help_text="Field to record, where a person chose.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["review", "merged_into", "title_abstract_state"], name="citation_by_ta_state"
            ),
            models.Index(fields=["review", "merged_into", "full_text_state"], name="citation_by_ft_state"),
        ]

    def __str__(self) -> str:
        return str(self.representative)

    def state_at(self, stage: str) -> Conclusion:
        return Conclusion(self.full_text_state if stage == Stage.FULL_TEXT else self.title_abstract_state)

    @property
    def shown(self) -> Record:
        """The citation as screeners see it: each field from the record that is best in it."""
        shown = copy(self.representative)
        for field, record in best_fields(self.representative, self.records.all(), self.chosen_fields).items():
            setattr(shown, field, getattr(record, field))
        return shown

    @property
    def notices(self) -> list[RecordNotice]:
        """What has been said of any of its records since, each kind once, the gravest first."""
        # `fetch_records` has asked which of them there is anything to read of.
        noticed = [record for record in self.records.all() if getattr(record, "has_notice", True)]
        found = {notice.kind: notice for record in noticed for notice in record.notices.all()}
        return [found[kind] for kind in RecordNotice.Kind.values if kind in found]

    @property
    def live_citation(self) -> "Citation":
        return self.merged_into or self
