"""Searches: upload what a database exported, or search PubMed from the page."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from ..forms import PubMedForm, UploadForm
from ..imports import ImportNotPossible, register_file, register_pubmed_search, remove_run
from ..models import Record


@review_member()
def searches(request: HttpRequest, review: Review) -> HttpResponse:
    return _page(request, review)


@require_POST
@review_member(Role.REVIEWER)
def upload(request: HttpRequest, review: Review) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            run = register_file(review=review, by=request.user, **form.rule_arguments())
            return redirect("screening:search_run", review.slug, run.pk)
        except ImportNotPossible as refusal:
            form.add_error("file", str(refusal))
    return _page(request, review, upload_form=form, status=422)


@require_POST
@review_member(Role.REVIEWER)
def search_pubmed(request: HttpRequest, review: Review) -> HttpResponse:
    form = PubMedForm(request.POST)
    if not form.is_valid():
        return _page(request, review, pubmed_form=form, status=422)
    run = register_pubmed_search(
        review=review,
        query=form.cleaned_data["query"],
        by=request.user,
        is_offline_example=bool(settings.ENTREZ_URL),
    )
    return redirect("screening:search_run", review.slug, run.pk)


@review_member()
def search_run(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    """One run: progress while it is read, then what came in and what could not be read."""
    run = get_object_or_404(review.search_runs.select_related("job", "created_by"), pk=run_pk)
    context = {
        "review": review,
        "run": run,
        "filled": Record.objects.filter(search_run=run).filled(),
        "without_title": run.records.filter(title="").count(),
        "records": run.records.all()[:200],
        "record_count": run.records.count(),
    }
    return render(request, "screening/search_run.html", context)


@require_POST
@review_member(Role.REVIEWER)
def remove(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    run = get_object_or_404(review.search_runs.select_related("job"), pk=run_pk)
    try:
        remove_run(run=run, by=request.user)
    except ImportNotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("screening:search_run", review.slug, run_pk)
    messages.success(request, "The import is undone.")
    return redirect("screening:searches", review.slug)


def _page(
    request: HttpRequest,
    review: Review,
    upload_form: UploadForm | None = None,
    pubmed_form: PubMedForm | None = None,
    status: int = 200,
) -> HttpResponse:
    runs = review.search_runs.select_related("job").annotate(
        read=Count("records"),
        copies=Count("records", filter=Q(records__founded_citation__merged_into__isnull=False)),
    )
    context = {
        "review": review,
        "runs": runs,
        "upload_form": upload_form or UploadForm(),
        "pubmed_form": pubmed_form or PubMedForm(),
    }
    return render(request, "screening/searches.html", context, status=status)
