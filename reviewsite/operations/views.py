"""Is the site well? A word for machines, numbers for Prometheus, a page for owners."""

import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Job, Review, Role

from .metrics import CONTENT_TYPE, exposition
from .state import database_answers, site_state

JOBS_SHOWN = 20


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, 503 when the database does not answer. Says nothing of what is in it."""
    well = database_answers()
    return JsonResponse({"status": "ok" if well else "database away"}, status=200 if well else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    given = request.headers.get("Authorization", "")
    # Compared as bytes in constant time: a header may hold anything.
    expected = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), expected.encode()):
        raise Http404("No such page")
    return HttpResponse(exposition(), content_type=CONTENT_TYPE)


@require_safe
@review_member(Role.OWNER)
def status(request: HttpRequest, review: Review) -> HttpResponse:
    """Jobs of this review, and how the site is that carries it."""
    jobs = Job.objects.filter(review=review).select_related("requested_by")[:JOBS_SHOWN]
    context = {
        "review": review,
        "jobs": jobs,
        "state": site_state(),
        "every_hours": settings.BACKUP_EVERY_HOURS,
    }
    return render(request, "operations/status.html", context)
