"""Searching PubMed from the site: a live count, a run, and searches that are kept and run again."""

from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from ..models import SavedSearch
from ..searches import pubmed
from ..searches.forms import PubMedForm, ScheduleForm
from ..searches.imports import register_pubmed_search
from ..searches.pubmed_fetch import entrez_access
from ..searches.saved_searches import SearchRefused, ask_for_new, reschedule, run_again, save_search
from ..stored_words import in_words
from .searches import searches_page

# A query that is typed on is counted again; the same one is not asked twice within this many seconds.
COUNT_KEPT = 600
LONGEST_COUNTED = 5_000


@require_GET
@review_member(Role.REVIEWER)
def live_count(request: HttpRequest, review: Review) -> HttpResponse:
    """How many hits the query in the box has now, and how PubMed reads it."""
    query = request.GET.get("query", "").strip()[:LONGEST_COUNTED]
    context: dict[str, object] = {"query": query}
    if query:
        try:
            context["understood"] = _understood(query)
        except pubmed.PubMedError as refusal:
            context["refusal"] = in_words(str(refusal))
    return render(request, "screening/_pubmed_count.html", context)


@require_POST
@review_member(Role.REVIEWER)
def search(request: HttpRequest, review: Review) -> HttpResponse:
    form = PubMedForm(request.POST)
    if form.is_valid():
        try:
            run = _start(review, request.user, **form.cleaned_data)
            return redirect("screening:search_run", review.slug, run.pk)
        except SearchRefused as refusal:
            form.add_error("name", str(refusal))
    return searches_page(request, review, pubmed_form=form, status=422)


@require_POST
@review_member(Role.REVIEWER)
def rerun(request: HttpRequest, review: Review, saved_pk: int) -> HttpResponse:
    try:
        run = run_again(saved=_saved(review, saved_pk), by=request.user)
    except SearchRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("screening:searches", review.slug)
    return redirect("screening:search_run", review.slug, run.pk)


@require_POST
@review_member(Role.REVIEWER)
def look(request: HttpRequest, review: Review, saved_pk: int) -> HttpResponse:
    ask_for_new(saved=_saved(review, saved_pk), by=request.user)
    messages.info(
        request, gettext("PubMed is being asked; the number of new records will stand here in a moment.")
    )
    return redirect("screening:searches", review.slug)


@require_POST
@review_member(Role.REVIEWER)
def schedule(request: HttpRequest, review: Review, saved_pk: int) -> HttpResponse:
    saved = _saved(review, saved_pk)
    form = ScheduleForm(request.POST)
    if form.is_valid():
        reschedule(saved=saved, by=request.user, **form.cleaned_data)
    else:
        messages.error(request, gettext("Choose how often the search is to run."))
    return redirect("screening:searches", review.slug)


def _start(review: Review, user, *, query: str, limits: str, name: str, schedule: str):
    if not name:
        is_example = bool(settings.ENTREZ_URL)
        return register_pubmed_search(
            review=review, query=query, limits=limits, by=user, is_offline_example=is_example
        )
    saved = save_search(review=review, name=name, query=query, limits=limits, schedule=schedule, by=user)
    return run_again(saved=saved, by=user)


def _saved(review: Review, saved_pk: int) -> SavedSearch:
    return get_object_or_404(review.saved_searches.all(), pk=saved_pk)


def _understood(query: str) -> pubmed.Understanding:
    # Not every cache takes blanks and long keys.
    key = f"pubmed-count:{sha256(f'{settings.ENTREZ_URL} {query}'.encode()).hexdigest()}"
    understood = cache.get(key)
    if understood is None:
        # Someone is waiting at the page, so that a busy PubMed is asked once and the page says so.
        understood = pubmed.understand(entrez_access(), query, tries=1)
        cache.set(key, understood, COUNT_KEPT)
    return understood
