"""The rule that keeps what a search run brought: whole, or not at all."""

from collections.abc import Iterable
from dataclasses import asdict
from itertools import islice

from django.db import transaction
from django.utils import timezone

from reviewsite.reviews import jobs
from reviewsite.reviews.models import record_act

from ..citations import word_index
from ..citations.notices import notices_in
from ..duplicates.deduplication import bring_forth, drop_founded, found_aside
from ..importers import FORMAT_NAMES, Progress, RawRecord, Reading
from ..models import Record, RecordNotice, SearchRun

BATCH = 200


def store_records(*, run: SearchRun, reading: Reading, progress: Progress = None) -> None:
    """Keep everything that a run brought.

    Records and the citations that they found are stored a batch at a time, so that memory stays small,
    progress is seen, and nobody who decides meanwhile has to wait; until the last step, which is a short one,
    no page and no count knows of them. What an attempt that was killed left behind is swept away first.
    """
    forget(run)
    try:
        for position, batch in _batches(reading.reported(progress)):
            _store(run, position, batch)
            jobs.give_way()
    except jobs.JobTakenUp:
        raise
    except Exception:
        forget(run)
        raise
    _complete(run, reading)


@transaction.atomic
def _complete(run: SearchRun, reading: Reading) -> None:
    _hold(run)
    run.file_format = FORMAT_NAMES.get(reading.format, reading.format)
    run.file_encoding = reading.encoding
    run.problems = [asdict(problem) for problem in reading.problems]
    run.imported_at = timezone.now()
    run.save()
    run.fetched_batches.all().delete()
    bring_forth(run)
    told = {"run": str(run), "records": run.records.count(), "problems": len(run.problems)}
    record_act(run.review_id, run.created_by, "records brought in", **told)


@transaction.atomic
def forget(run: SearchRun) -> None:
    """Sweep away what a run that was never completed has brought."""
    _hold(run)
    if run.records.exists():
        word_index.forget(run)
        drop_founded(run)
        run.records.all().delete()


def _hold(run: SearchRun) -> None:
    """A worker that was thought lost must not write beside the one that has taken the run up again."""
    if run.job is not None:
        jobs.hold(run.job)


def _store(run: SearchRun, position: int, batch: list[RawRecord]) -> None:
    records = [_record(run, position + n, raw) for n, raw in enumerate(batch)]
    notices = [
        RecordNotice(record=record, kind=kind, text=text)
        for record, raw in zip(records, batch, strict=True)
        for kind, text in notices_in(raw).items()
    ]
    with transaction.atomic():
        _hold(run)
        Record.objects.bulk_create(records)
        RecordNotice.objects.bulk_create(notices)
        found_aside(records)
        word_index.add(run, [record.pk for record in records])


def _batches(records: Iterable[RawRecord]) -> Iterable[tuple[int, list[RawRecord]]]:
    """The records a batch at a time, with the position of each batch's first, counted from 1."""
    position, left = 1, iter(records)
    while batch := list(islice(left, BATCH)):
        yield position, batch
        position += len(batch)


def as_raw_record(record: Record) -> RawRecord:
    """A stored record as the writers of files take it."""
    return RawRecord(
        title=record.title,
        authors=tuple(record.authors),
        year=record.year,
        journal=record.journal,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        doi=record.doi,
        pmid=record.pmid,
        abstract=record.abstract,
        keywords=tuple(record.keywords),
        language=record.language,
        publication_type=record.publication_type,
        url=record.url,
        database_id=record.database_id,
    )


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
