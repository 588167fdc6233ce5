"""The rule that keeps what a search run brought: whole, or not at all."""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from .deduplication import found_citations
from .importers import ParsedFile, RawRecord
from .models import Record, SearchRun


@transaction.atomic
def store_records(*, run: SearchRun, parsed: ParsedFile) -> None:
    """Keep everything a run brought in one transaction: all of it or nothing."""
    Record.objects.bulk_create(
        (_record(run, position, raw) for position, raw in enumerate(parsed.records, 1)), batch_size=500
    )
    run.file_format, run.file_encoding = parsed.format, parsed.encoding
    run.problems = [asdict(problem) for problem in parsed.problems]
    run.imported_at = timezone.now()
    run.save()
    found_citations(run)


def _record(run: SearchRun, position: int, raw: RawRecord) -> Record:
    return Record(
        review_id=run.review_id,
        search_run=run,
        position=position,
        title=raw.title,
        authors=list(raw.authors),
        year=raw.year,
        journal=raw.journal,
        volume=raw.volume[:60],
        issue=raw.issue[:60],
        pages=raw.pages[:120],
        doi=raw.doi[:300],
        pmid=raw.pmid[:20],
        abstract=raw.abstract,
        keywords=list(raw.keywords),
        language=raw.language[:60],
        publication_type=raw.publication_type,
        url=raw.url,
        database_id=raw.database_id[:120],
        extra=dict(raw.extra),
        raw=raw.raw,
        line=raw.line,
    )
