"""What runs in the background: an id in, nothing out but rows. Every task is safe to run twice."""

from collections.abc import Callable

from django.conf import settings

from reviewsite.background import task
from reviewsite.reviews import jobs

from . import pubmed
from .deduplication import link_duplicates
from .importers import ImportRefused, ParsedFile, read_records
from .intake import store_records
from .models import SearchRun


@task()
def read_file(run_pk: int) -> None:
    """Read an uploaded file, keep its records, and compare them with all others."""
    _bring_in(run_pk, _parsed_file)


@task()
def search_pubmed(run_pk: int) -> None:
    """Run a PubMed search, keep what it found, and compare it with all other records."""
    _bring_in(run_pk, _parsed_answer)


def _bring_in(run_pk: int, parse: Callable[[SearchRun], ParsedFile]) -> None:
    run = SearchRun.objects.select_related("job", "review").filter(pk=run_pk).first()
    if run is None or run.job is None or run.job.is_finished:
        return
    jobs.start(run.job)
    try:
        if run.imported_at is None:
            store_records(run=run, parsed=parse(run))
        links = link_duplicates(search_run=run, progress=jobs.reporter(run.job, "Comparing records"))
    except (ImportRefused, pubmed.PubMedError) as refusal:
        jobs.fail(run.job, str(refusal))
    except jobs.JobCancelled:
        jobs.mark_cancelled(run.job)
    else:
        read = run.records.count()
        jobs.finish(run.job, f"{read} records read, {links} possible duplicates found among all records.")


def _parsed_file(run: SearchRun) -> ParsedFile:
    with run.file.open("rb") as file:
        return read_records(file.read(), progress=jobs.reporter(run.job, "Reading records"))


def _parsed_answer(run: SearchRun) -> ParsedFile:
    access = entrez_access()
    answer = pubmed.search(access, run.query)
    run.translation, run.reported_count = answer.translation, answer.count
    run.save(update_fields=["translation", "reported_count"])
    report = jobs.reporter(run.job, "Fetching from PubMed", every=1)
    whole = ParsedFile(format="PubMed", encoding="utf-8", records=[], problems=[])
    for batch in pubmed.fetch(access, answer, progress=report):
        part = read_records(batch)
        whole.records.extend(part.records)
        whole.problems.extend(part.problems)
    return whole


def entrez_access() -> pubmed.EntrezAccess:
    """How this site reaches PubMed, from its settings."""
    return pubmed.EntrezAccess(
        email=settings.ENTREZ_EMAIL, api_key=settings.ENTREZ_API_KEY, base_url=settings.ENTREZ_URL
    )
