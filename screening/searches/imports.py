"""The rules that begin an import and that undo one; what a run brings is kept by `intake`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from reviewsite.reviews import jobs
from reviewsite.reviews.models import Job, Review, record_act

from ..citations import word_index
from ..duplicates.deduplication import drop_founded, regroup
from ..importers import ImportRefused, Table, open_export, table_in
from ..importers.origin import Origin, origin_of
from ..models import Citation, ColumnNaming, Decision, DuplicateLink, Record, SavedSearch, SearchRun
from ..stored_words import in_words
from ..tasks import read_file, search_pubmed
from .intake import forget

# What a search that Winnow ran itself fixes.
ASKED = frozenset({"database", "platform", "kind", "run_on", "reported_count", "query"})


class ImportNotPossible(Exception):
    """The import, or its undoing, cannot be done as asked; the text is a sentence for the person."""


class OriginUnknown(Exception):
    """Neither the person nor the file says which database it is from."""


class FilesRefused(ImportNotPossible):
    """None of several files was taken; `sentences` has one for each that stands in the way."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


@dataclass(frozen=True, kw_only=True)
class SearchDetails:
    """What is known of the search behind a file; PRISMA-S asks for each of these."""

    database: str = ""
    platform: str = ""
    kind: str = SearchRun.SourceKind.DATABASE
    query: str = ""
    run_on: date | None = None
    reported_count: int | None = None
    limits: str = ""
    strategy_source: str = ""
    peer_review: str = ""


@transaction.atomic
def register_file(*, review: Review, content: bytes, file_name: str, by, **details: object) -> SearchRun:
    """A run that waits for its file to be read in the background.

    details: the fields of SearchDetails. A table whose headers the review has not seen before waits for
    someone to say what its columns are (`name_columns`).
    Raises ImportNotPossible when the same file is in the review already, whatever its name, and ImportRefused
    when the file cannot be read at all.
    """
    known = SearchDetails(**details)
    digest = hashlib.sha256(content).hexdigest()
    _refuse_or_clear_repeat(review, digest)
    table = table_in(content)
    fields = named_before(review, table) if table else []
    run = SearchRun(
        review=review,
        database=known.database.strip(),
        platform=known.platform.strip(),
        kind=known.kind,
        query=known.query,
        run_on=known.run_on or timezone.localdate(),
        reported_count=known.reported_count,
        limits=known.limits,
        strategy_source=known.strategy_source,
        peer_review=known.peer_review,
        file_name=file_name[:255],
        file_sha256=digest,
        columns=fields,
        created_by=by,
    )
    try:
        with transaction.atomic():
            run.file.save(digest, ContentFile(content), save=False)
            run.save()
    except IntegrityError:
        raise ImportNotPossible(gettext("A colleague uploaded the same file a moment ago.")) from None
    if table is None or fields:
        _read_in_background(run, by)
    record_act(
        review,
        by,
        "file uploaded",
        file=run.file_name,
        sha256=digest,
        database=run.database,
        run_on=run.run_on,
    )
    return run


@transaction.atomic
def register_files(
    *, review: Review, files: Sequence[tuple[str, bytes]], by, database: str = "", kind: str = "", **details
) -> list[SearchRun]:
    """Runs for files uploaded together, each given as its name and content: all of them, or none.

    database, kind: left empty, each is read from the marks that the file's export bears.
    Raises FilesRefused.
    """
    runs, sentences = [], []
    for name, content in files:
        try:
            told = {**details, **_origin(content, database.strip(), kind, details.get("platform", ""))}
            with transaction.atomic():
                runs.append(register_file(review=review, content=content, file_name=name, by=by, **told))
        except OriginUnknown:
            sentences.append(_asks_for_database(name, is_alone=len(files) == 1))
        except (ImportNotPossible, ImportRefused) as refusal:
            sentence = in_words(str(refusal))
            sentences.append(f"{name}: {sentence}" if len(files) > 1 else sentence)
    if sentences:
        raise FilesRefused(sentences)
    return runs


def _asks_for_database(name: str, *, is_alone: bool) -> str:
    """The way out: a database that is typed in holds for all files sent together."""
    if is_alone:
        return gettext("The file does not say which database it is from. Upload it with the database's name.")
    return gettext(
        "%(name)s: The file does not say which database it is from. Leave it out here, "
        "and upload it by itself with the database's name."
    ) % {"name": name}


def _origin(content: bytes, database: str, kind: str, platform: str) -> dict[str, str]:
    """What a person said of where a file came from, filled up from the file where the two agree."""
    found = origin_of(content)
    if not (database or found):
        open_export(content)  # What is no export at all is told first: a database's name would not help it.
        raise OriginUnknown
    own = found if found and database in ("", found.database) else Origin(database)
    return {"database": own.database, "kind": kind or own.kind, "platform": platform or own.platform}


@transaction.atomic
def state_details(*, run: SearchRun, by, **details: object) -> SearchRun:
    """Correct or complete what is known of the search behind a run; `details` are fields of SearchDetails.

    Raises ImportNotPossible when something would be changed that Winnow itself asked of PubMed.
    """
    run = SearchRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    changed = {name: value for name, value in details.items() if getattr(run, name) != value}
    if not run.file and set(changed) & ASKED:
        raise ImportNotPossible(gettext("This search was run from here; what was asked stays as it was."))
    if not changed:
        return run
    told = {name: {"was": _told(getattr(run, name)), "is": _told(value)} for name, value in changed.items()}
    for name, value in changed.items():
        setattr(run, name, value)
    run.save(update_fields=list(changed))
    record_act(run.review, by, "details of a search stated", run=str(run), file=run.file_name, **told)
    return run


def _told(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def named_before(review: Review, table: Table) -> list[str]:
    """What this review said of a table with the same headers; empty when it has seen none."""
    naming = ColumnNaming.objects.filter(review=review, headers_sha256=_headers_digest(table)).first()
    return naming.fields if naming else []


@transaction.atomic
def name_columns(*, run: SearchRun, fields: Sequence[str], by) -> SearchRun:
    """Say what the columns of an uploaded table are, remember it for the review, and read the table.

    Raises ImportNotPossible when the table is being read already or no column is the title.
    """
    run = SearchRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if not run.awaits_columns:
        raise ImportNotPossible(gettext("The columns of this table have been named already."))
    if "title" not in fields:
        raise ImportNotPossible(gettext("Say which column holds the title; records are screened by it."))
    table = table_of(run)
    naming = {
        "headers": list(table.headers),
        "fields": list(fields),
        "named_by": by,
        "named_at": timezone.now(),
    }
    ColumnNaming.objects.update_or_create(
        review=run.review, headers_sha256=_headers_digest(table), defaults=naming
    )
    run.columns = list(fields)
    run.save(update_fields=["columns"])
    _read_in_background(run, by)
    record_act(run.review, by, "columns of a table named", file=run.file_name, columns=list(fields))
    return run


def table_of(run: SearchRun) -> Table:
    """The table that was uploaded for a run."""
    with run.file.open("rb") as file:
        table = table_in(file.read())
    if table is None:
        raise ImportNotPossible(gettext("The file of this run is no table."))
    return table


def _headers_digest(table: Table) -> str:
    return hashlib.sha256("\x1f".join(table.headers).encode()).hexdigest()


def _read_in_background(run: SearchRun, by) -> None:
    title = f"Reading {run.file_name}"
    run.job = jobs.enqueue(review=run.review, kind=Job.Kind.IMPORT, title=title[:200], requested_by=by)
    run.save(update_fields=["job"])
    read_file.enqueue(run.pk)


@transaction.atomic
def register_pubmed_search(
    *,
    review: Review,
    query: str,
    by,
    is_offline_example: bool,
    limits: str = "",
    saved_search: SavedSearch | None = None,
) -> SearchRun:
    """A run that waits for PubMed to be searched in the background."""
    title = f"Searching PubMed: {query[:150]}"
    job = jobs.enqueue(review=review, kind=Job.Kind.PUBMED, title=title, requested_by=by)
    run = SearchRun.objects.create(
        review=review,
        database="PubMed",
        platform="E-utilities",
        query=query,
        limits=limits,
        saved_search=saved_search,
        is_offline_example=is_offline_example,
        job=job,
        created_by=by,
    )
    search_pubmed.enqueue(run.pk)
    record_act(review, by, "PubMed searched", query=query, limits=limits)
    return run


@transaction.atomic
def start_again(*, run: SearchRun, by) -> None:
    """Queue a run whose job failed, was cancelled, or was left behind by a worker that died.

    What PubMed gave before is kept and not fetched again. Raises ImportNotPossible for a run that is
    complete, or whose job still gives signs of life.
    """
    run = SearchRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.imported_at and run.job and run.job.state == Job.State.DONE:
        raise ImportNotPossible(gettext("This import is complete; there is nothing to start again."))
    if run.job is None:
        raise ImportNotPossible(gettext("Say first what the columns of the table are."))
    if not run.job.is_finished and not run.job.seems_dead:
        raise ImportNotPossible(gettext("This import is still on its way."))
    jobs.queue_again(run.job)
    (read_file if run.file else search_pubmed).enqueue(run.pk)
    record_act(run.review, by, "import started again", run=str(run), file=run.file_name)


@transaction.atomic
def remove_run(*, run: SearchRun, by) -> None:
    """Undo an import, as long as no one has decided on any of its records.

    Raises ImportNotPossible that says what stands in the way.
    """
    if Job.objects.unfinished().filter(pk=run.job_id).exists():
        raise ImportNotPossible(gettext("This import is still running; cancel it first."))
    if count := decided_records(run):
        raise ImportNotPossible(
            gettext(
                "There are decisions on {count} of its records, and decisions are never deleted. "
                "Exclude the records that should not be here instead; the flow diagram then says why they "
                "left."
            ).format(count=count)
        )
    _set_free(run)
    if run.file:
        storage, name = run.file.storage, run.file.name
        transaction.on_commit(lambda: storage.delete(name))
    word_index.forget(run)
    told = {"run": str(run), "file": run.file_name, "sha256": run.file_sha256}
    run.delete()
    record_act(run.review, by, "import undone", **told)


def decided_records(run: SearchRun) -> int:
    """How many of a run's records someone has decided on: what stands in the way of undoing its import."""
    decided = Decision.objects.filter(citation__founding_record__search_run=run)
    return decided.values("citation").distinct().count()


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
    drop_founded(run)
    regroup(run.review, {record.pk for record in others})


def _refuse_or_clear_repeat(review: Review, digest: str) -> None:
    earlier = SearchRun.objects.filter(review=review, file_sha256=digest).select_related("job").first()
    if earlier is None:
        return
    day = date_format(earlier.created_at, "d F Y")
    if earlier.awaits_columns:
        raise ImportNotPossible(
            gettext(
                "This very file was uploaded on {day} as {file_name} and waits for someone to say what its "
                "columns are. Open it under Searches."
            ).format(day=day, file_name=earlier.file_name)
        )
    if earlier.imported_at or (earlier.job and not earlier.job.is_finished):
        raise ImportNotPossible(
            gettext(
                "This very file was uploaded on {day} as {file_name} ({database}). Its records are counted "
                "once; there is nothing to do."
            ).format(day=day, file_name=earlier.file_name, database=earlier.database)
        )
    forget(earlier)
    earlier.delete()
