"""The rules that begin an import and that undo one; what a run brings is kept by `intake`."""

import hashlib
from datetime import date

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from reviewsite.reviews import jobs
from reviewsite.reviews.models import Job, Review, record_act

from .deduplication import regroup
from .models import Citation, Decision, DuplicateLink, Record, SearchRun
from .tasks import read_file, search_pubmed


class ImportNotPossible(Exception):
    """The import, or its undoing, cannot be done as asked; the text is a sentence for the person."""


@transaction.atomic
def register_file(
    *,
    review: Review,
    content: bytes,
    file_name: str,
    database: str,
    by,
    platform: str = "",
    kind: str = SearchRun.SourceKind.DATABASE,
    query: str = "",
    run_on: date | None = None,
    reported_count: int | None = None,
) -> SearchRun:
    """A run that waits for its file to be read in the background.

    Raises ImportNotPossible when the same file is in the review already, whatever its name.
    """
    digest = hashlib.sha256(content).hexdigest()
    _refuse_or_clear_repeat(review, digest)
    job = jobs.enqueue(review=review, kind=Job.Kind.IMPORT, title=f"Reading {file_name}", requested_by=by)
    run = SearchRun(
        review=review,
        database=database.strip(),
        platform=platform.strip(),
        kind=kind,
        query=query,
        run_on=run_on or timezone.localdate(),
        reported_count=reported_count,
        file_name=file_name[:255],
        file_sha256=digest,
        job=job,
        created_by=by,
    )
    try:
        with transaction.atomic():
            run.file.save(digest, ContentFile(content), save=False)
            run.save()
    except IntegrityError:
        raise ImportNotPossible("A colleague uploaded the same file a moment ago.") from None
    read_file.enqueue(run.pk)
    return run


@transaction.atomic
def register_pubmed_search(*, review: Review, query: str, by, is_offline_example: bool) -> SearchRun:
    """A run that waits for PubMed to be searched in the background."""
    title = f"Searching PubMed: {query[:150]}"
    job = jobs.enqueue(review=review, kind=Job.Kind.PUBMED, title=title, requested_by=by)
    run = SearchRun.objects.create(
        review=review,
        database="PubMed",
        platform="E-utilities",
        query=query,
        is_offline_example=is_offline_example,
        job=job,
        created_by=by,
    )
    search_pubmed.enqueue(run.pk)
    return run


@transaction.atomic
def remove_run(*, run: SearchRun, by) -> None:
    """Undo an import, as long as no one has decided on any of its records.

    Raises ImportNotPossible that says what stands in the way.
    """
    if Job.objects.unfinished().filter(pk=run.job_id).exists():
        raise ImportNotPossible("This import is still running; cancel it first.")
    decided = Decision.objects.filter(citation__founding_record__search_run=run)
    if count := decided.values("citation").distinct().count():
        raise ImportNotPossible(
            f"{count} of its records have decisions, and decisions are never deleted. "
            "Mark records that should not be here as excluded instead."
        )
    _set_free(run)
    record_act(run.review, by, "import undone", run=str(run), file=run.file_name, sha256=run.file_sha256)
    if run.file:
        storage, name = run.file.storage, run.file.name
        transaction.on_commit(lambda: storage.delete(name))
    run.delete()


def _set_free(run: SearchRun) -> None:
    """Let the records of other runs stand for themselves again, then drop what this run founded."""
    links = DuplicateLink.objects.filter(Q(first__search_run=run) | Q(second__search_run=run))
    ends = {pk for pair in links.values_list("first", "second") for pk in pair}
    links.delete()
    tied = Record.objects.filter(Q(citation__records__search_run=run) | Q(pk__in=ends)).exclude(
        search_run=run
    )
    others = list(tied.select_related("founded_citation").distinct())
    for record in others:
        record.citation = record.founded_citation
        Citation.objects.filter(pk=record.founded_citation.pk).update(merged_into=None, representative=record)
    Record.objects.bulk_update(others, ["citation"], batch_size=500)
    run.records.update(citation=None)
    Citation.objects.filter(founding_record__search_run=run).update(merged_into=None)
    Citation.objects.filter(founding_record__search_run=run).delete()
    regroup(run.review, {record.pk for record in others})


def _refuse_or_clear_repeat(review: Review, digest: str) -> None:
    earlier = SearchRun.objects.filter(review=review, file_sha256=digest).select_related("job").first()
    if earlier is None:
        return
    if earlier.imported_at or (earlier.job and not earlier.job.is_finished):
        raise ImportNotPossible(
            f"This very file was uploaded on {earlier.created_at:%d %B %Y} as {earlier.file_name} "
            f"({earlier.database}). Its records are counted once; there is nothing to do."
        )
    earlier.delete()
