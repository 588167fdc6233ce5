"""Searches: upload what a database exported, and read what came of it."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from ..models import Record, SearchRun
from ..searches import appendix as search_appendix
from ..searches import import_problems
from ..searches.forms import ColumnsForm, PubMedForm, StoredDetailsForm, UploadForm
from ..searches.imports import (
    FilesRefused,
    ImportNotPossible,
    decided_records,
    name_columns,
    register_files,
    remove_run,
    start_again,
    state_details,
    table_of,
)
from ..searches.moving import tool_of

PROBLEMS_SHOWN = 200
TEXT = "text/plain; charset=utf-8"
CSV = "text/csv; charset=utf-8"


@review_member()
def searches(request: HttpRequest, review: Review) -> HttpResponse:
    return searches_page(request, review)


@require_POST
@review_member(Role.REVIEWER)
def upload(request: HttpRequest, review: Review) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            runs = register_files(review=review, by=request.user, **form.rule_arguments())
            return _after_upload(request, review, runs)
        except FilesRefused as refusal:
            form.add_error("files", refusal.sentences)
    return searches_page(request, review, upload_form=form, status=422)


def _after_upload(request: HttpRequest, review: Review, runs: list[SearchRun]) -> HttpResponse:
    """To the one run, or to the list when there are several; tables wait there for their columns' names."""
    if len(runs) > 1:
        messages.success(request, gettext("%(n)s files were taken in.") % {"n": len(runs)})
        return redirect("screening:searches", review.slug)
    [run] = runs
    to = "screening:columns" if run.awaits_columns else "screening:search_run"
    return redirect(to, review.slug, run.pk)


@review_member(Role.REVIEWER)
def details(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    """Correct or complete what PRISMA-S asks of the search behind a run."""
    run = _run(review, run_pk)
    form = StoredDetailsForm(run, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        state_details(run=run, by=request.user, **form.cleaned_data)
        messages.success(request, gettext("The details of the search are stored."))
        return redirect("screening:search_run", review.slug, run.pk)
    context = {"review": review, "run": run, "form": form}
    return render(request, "screening/search_details.html", context, status=422 if form.errors else 200)


@review_member(Role.REVIEWER)
def columns(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    """Say what the columns of an uploaded table are: names, first values, and a guess at each."""
    run = _run(review, run_pk)
    if not run.awaits_columns:
        return redirect("screening:search_run", review.slug, run.pk)
    table = table_of(run)
    form = ColumnsForm(table, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            name_columns(run=run, fields=form.chosen(), by=request.user)
            return redirect("screening:search_run", review.slug, run.pk)
        except ImportNotPossible as refusal:
            form.add_error(None, str(refusal))
    context = {
        "review": review,
        "run": run,
        "form": form,
        "row_count": len(table.rows),
        "columns": [(field, table.samples(place)) for place, field in enumerate(form)],
    }
    return render(request, "screening/columns.html", context, status=422 if form.errors else 200)


@review_member()
def search_run(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    """One run: progress while it is read, then what came in and what could not be read."""
    run = _run(review, run_pk)
    if run.awaits_columns and request.membership.may_screen:
        return redirect("screening:columns", review.slug, run.pk)
    records = run.records.all()
    context = {
        "review": review,
        "run": run,
        "problems": run.problems[:PROBLEMS_SHOWN],
        "filled": Record.objects.filter(search_run=run).filled(),
        "without_title": records.filter(title="").count(),
        "flagged": records.exclude(notices=None).distinct().count(),
        "records": records.prefetch_related("notices")[:200],
        "record_count": records.count(),
        "decided": decided_records(run) if run.imported_at else 0,
        "columns": run.columns,
        "moved_from": tool_of(run),
    }
    return render(request, "screening/search_run.html", context)


@review_member()
def problems(request: HttpRequest, review: Review, run_pk: int, format: str) -> HttpResponse:
    """What could not be read, to take away: the list as CSV, or the records as they came."""
    run = _run(review, run_pk)
    if format == "csv":
        return _attachment(import_problems.as_csv(run), CSV, f"problems-{run.pk}.csv")
    return _attachment(import_problems.as_records(run), TEXT, f"problem-records-{run.pk}.txt")


@require_POST
@review_member(Role.REVIEWER)
def restart(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    try:
        start_again(run=_run(review, run_pk), by=request.user)
    except ImportNotPossible as refusal:
        messages.error(request, str(refusal))
    return redirect("screening:search_run", review.slug, run_pk)


@require_POST
@review_member(Role.REVIEWER)
def remove(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    try:
        remove_run(run=_run(review, run_pk), by=request.user)
    except ImportNotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("screening:search_run", review.slug, run_pk)
    messages.success(request, gettext("The import is undone."))
    return redirect("screening:searches", review.slug)


@review_member()
def appendix(request: HttpRequest, review: Review) -> HttpResponse:
    """The searches as PRISMA-S asks for them."""
    context = {"review": review, "entries": search_appendix.entries(review)}
    return render(request, "screening/appendix.html", context)


@review_member()
def appendix_file(request: HttpRequest, review: Review, format: str) -> HttpResponse:
    if format == "csv":
        return _attachment(search_appendix.as_csv(review), CSV, f"{review.slug}-searches.csv")
    return _attachment(search_appendix.as_text(review), TEXT, f"{review.slug}-searches.txt")


def searches_page(
    request: HttpRequest,
    review: Review,
    upload_form: UploadForm | None = None,
    pubmed_form: PubMedForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The list of searches with the forms that add one."""
    runs = review.search_runs.select_related("job", "saved_search").annotate(
        read=Count("records"),
        copies=Count(
            "records",
            filter=Q(imported_at__isnull=False, records__founded_citation__merged_into__isnull=False),
        ),
    )
    context = {
        "review": review,
        "runs": runs,
        "is_working": any(run.job and not run.job.is_finished for run in runs),
        "saved_searches": review.saved_searches.all(),
        "upload_form": upload_form or UploadForm(),
        "pubmed_form": pubmed_form or PubMedForm(),
    }
    return render(request, "screening/searches.html", context, status=status)


def _run(review: Review, run_pk: int) -> SearchRun:
    runs = review.search_runs.select_related("job", "created_by", "saved_search")
    return get_object_or_404(runs, pk=run_pk)


def _attachment(content: str, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
