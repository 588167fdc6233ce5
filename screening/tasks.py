"""What runs in the background: an id in, nothing out but rows. Every task is safe to run twice."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import DatabaseError

from reviewsite.background import if_given_up, task
from reviewsite.reviews import jobs
from reviewsite.reviews.models import Job

from .deciding.bulk import carry_out
from .duplicates.deduplication import link_duplicates
from .importers import ImportRefused, Reading, open_export
from .models import BulkDecision, RankingRun, SavedSearch, SearchRun
from .order.reading_order import make_order, record_failure
from .order.stopping import reopen_for
from .ranking import RankingRefused
from .rounds.announcing import tell_of_run
from .searches import pubmed, pubmed_fetch
from .searches.intake import store_records
from .searches.moving import carry_over


@task()
def read_file(run_pk: int) -> None:
    """Read an uploaded file, keep its records, and compare them with all others."""
    _bring_in(run_pk, _opened_file, "Reading records")


@task()
def search_pubmed(run_pk: int) -> None:
    """Run a PubMed search, keep what it found, and compare it with all other records."""
    _bring_in(run_pk, pubmed_fetch.fetched, "Storing records")


@task()
def look_for_new(saved_search_pk: int, job_pk: int) -> None:
    """Count what a saved search would bring in now, and import nothing."""
    saved = SavedSearch.objects.filter(pk=saved_search_pk).first()
    job = Job.objects.filter(pk=job_pk).first()
    if saved is None or job is None or job.is_finished:
        return
    with _told(job):
        new = pubmed_fetch.note_new(saved)
        jobs.finish(job, f"{new} record{'' if new == 1 else 's'} that no earlier run brought in.")


@task()
def decide_many(bulk_pk: int) -> None:
    """Decide on many citations for an owner."""
    bulk = (
        BulkDecision.objects.select_related("job", "review", "reason", "asked_by").filter(pk=bulk_pk).first()
    )
    if bulk is None or bulk.job.is_finished:
        return
    with jobs.carrying_out(
        bulk.job,
        if_cancelled="Cancelled; what was decided until then stays and can be taken back.",
        if_wrong="What was decided until then stays and can be taken back.",
    ):
        carry_out(bulk)


@task()
def move_decisions(job_pk: int, run_pk: int, stage: str, holds: str, people: dict[str, int]) -> None:
    """Take over the decisions that came with a file of Covidence or Rayyan."""
    job = Job.objects.select_related("requested_by").filter(pk=job_pk).first()
    run = SearchRun.objects.select_related("review__protocol").filter(pk=run_pk).first()
    if job is None or run is None or job.is_finished:
        return
    with jobs.carrying_out(job, if_cancelled="Cancelled; what was taken over until then stays."):
        carry_over(job, run, stage=stage, holds=holds, people=people)


def _bring_in(run_pk: int, opened: Callable[[SearchRun], Reading], step: str) -> None:
    run = SearchRun.objects.select_related("job", "review", "saved_search").filter(pk=run_pk).first()
    if run is None or run.job is None or run.job.is_finished:
        return
    with _told(run.job):
        if run.imported_at is None:
            store_records(run=run, reading=opened(run), progress=jobs.reporter(run.job, step))
        links = link_duplicates(search_run=run, progress=jobs.reporter(run.job, "Comparing records"))
        reopen_for(run)
        flagged = pubmed_fetch.check_standing(run) if run.saved_search else 0
        jobs.finish(run.job, _outcome(run, links, flagged))
        tell_of_run(run)


@task()
def order_citations(run_pk: int) -> None:
    """Make the order of reading that was asked for; a run that is finished stays as it is."""
    run = RankingRun.objects.select_related("review").filter(pk=run_pk, finished_at=None).first()
    if run is None:
        return
    try:
        make_order(run)
    except RankingRefused as refusal:
        record_failure(run, str(refusal))
    except DatabaseError:
        # The worker takes the task up again.
        raise
    except Exception as error:
        record_failure(
            run,
            f"Something went wrong that should not have ({type(error).__name__}); the last order stands, and "
            "a new one is tried after the next conclusions. Please report it if it comes again.",
        )
        raise


@if_given_up(order_citations)
def order_given_up(run_pk: int, *, sentence: str) -> None:
    """An order that will not be made must not stand in the way of the next."""
    run = RankingRun.objects.select_related("review").filter(pk=run_pk, finished_at=None).first()
    if run is not None:
        record_failure(run, sentence)


def _told(job: Job) -> AbstractContextManager[None]:
    """Whatever ends a job is told to the person who asked for it."""
    return jobs.carrying_out(
        job,
        refusals=(ImportRefused, pubmed.PubMedError),
        if_wrong="Nothing of this import was kept; please report it with the file, and try again.",
    )


def _outcome(run: SearchRun, links: int, flagged: int) -> str:
    said = f"{run.records.count()} records read, {links} possible duplicates found among all records."
    if run.already_held:
        said += f" {run.already_held} hits were held already and not read again."
    if flagged:
        said += f" {flagged} records have been retracted or merged in PubMed since."
    return said


def _opened_file(run: SearchRun) -> Reading:
    with run.file.open("rb") as file:
        return open_export(file.read(), run.columns or None)
