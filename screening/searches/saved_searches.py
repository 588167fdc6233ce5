"""The rules of searches that are run again: save, schedule, look for what is new, run."""

from calendar import monthrange
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from reviewsite.reviews import jobs
from reviewsite.reviews.models import Job, Review, record_act

from ..models import SavedSearch, SearchRun
from ..tasks import look_for_new
from .imports import register_pubmed_search

Schedule = SavedSearch.Schedule


class SearchRefused(Exception):
    """The search cannot be saved or run as asked; the text is a sentence for the person."""


@transaction.atomic
def save_search(*, review: Review, name: str, query: str, schedule: str, limits: str = "", by) -> SavedSearch:
    """Keep a query to run it again. Raises SearchRefused when the review has one of this name."""
    if review.saved_searches.filter(name=name).exists():
        raise SearchRefused(
            gettext("There is a saved search “{name}” already; give this one another name.").format(name=name)
        )
    saved = SavedSearch.objects.create(
        review=review,
        name=name,
        query=query,
        limits=limits,
        schedule=schedule,
        due_on=next_day(timezone.localdate(), schedule),
        created_by=by,
    )
    record_act(review, by, "search saved", name=name, query=query, schedule=schedule)
    return saved


@transaction.atomic
def reschedule(*, saved: SavedSearch, schedule: str, by) -> None:
    saved.schedule = schedule
    saved.due_on = next_day(timezone.localdate(), schedule)
    saved.save(update_fields=["schedule", "due_on"])
    record_act(saved.review, by, "search rescheduled", name=saved.name, schedule=schedule)


def next_day(day: date, schedule: str) -> date | None:
    """When a search is due after a day; None when it runs by hand only."""
    if schedule == Schedule.WEEKLY:
        return day + timedelta(days=7)
    if schedule == Schedule.MONTHLY:
        year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
        return date(year, month, min(day.day, monthrange(year, month)[1]))
    return None


@transaction.atomic
def run_again(*, saved: SavedSearch, by) -> SearchRun:
    """A run that waits for PubMed to be searched in the background; it brings in what is new alone.

    Raises SearchRefused while another run of the same search is on its way.
    """
    saved = SavedSearch.objects.select_for_update(no_key=True).get(pk=saved.pk)
    if Job.objects.unfinished().filter(search_run__saved_search=saved).exists():
        raise SearchRefused(gettext("This search is running already; its records will be here in a moment."))
    run = register_pubmed_search(
        review=saved.review,
        query=saved.query,
        limits=saved.limits,
        saved_search=saved,
        by=by,
        is_offline_example=bool(settings.ENTREZ_URL),
    )
    saved.due_on = next_day(timezone.localdate(), saved.schedule)
    saved.new_count = None
    saved.save(update_fields=["due_on", "new_count"])
    record_act(saved.review, by, "saved search run", name=saved.name)
    return run


def run_due(day: date | None = None) -> list[SearchRun]:
    """Queue every search that is due; whoever saved it stands as the one who asked."""
    runs = []
    for saved in SavedSearch.objects.due(day or timezone.localdate()).select_related("created_by"):
        try:
            runs.append(run_again(saved=saved, by=saved.created_by))
        except SearchRefused:
            continue
    return runs


@transaction.atomic
def ask_for_new(*, saved: SavedSearch, by) -> Job:
    """A job that counts what a run would bring in now."""
    title = f"Looking for new records: {saved.name}"
    job = jobs.enqueue(review=saved.review, kind=Job.Kind.PUBMED, title=title, requested_by=by)
    look_for_new.enqueue(saved.pk, job.pk)
    record_act(saved.review, by, "asked what a saved search would bring", name=saved.name)
    return job
