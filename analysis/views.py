"""Analyses: planned, run, shown with the rows behind them, rerun when those change."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from .dataset import changes
from .figures.export import figure_bytes
from .figures.forest import draw_forest
from .figures.run_forest import forest_of
from .forms import AnalysisForm
from .models import AnalysisRun, AnalysisSpec
from .responses import figure_response
from .runs import rerun_stale, run, standing
from .specs import change_spec, create_spec


def _specs(review: Review):
    return review.analyses.select_related("review", "outcome", "time_point", "created_by")


@review_member()
def index(request: HttpRequest, review: Review) -> HttpResponse:
    context = {"review": review, "standings": [standing(spec) for spec in _specs(review)]}
    return render(request, "analysis/index.html", context)


@review_member(Role.STATISTICIAN)
def new(request: HttpRequest, review: Review) -> HttpResponse:
    form = AnalysisForm(review, request.POST or None)
    if request.method == "POST" and form.is_valid():
        spec = create_spec(review=review, by=request.user, **form.cleaned_data)
        run(spec=spec, by=request.user)
        return redirect("analysis:analysis", review.slug, spec.pk)
    context = {"review": review, "form": form}
    return render(request, "analysis/edit.html", context, status=422 if form.errors else 200)


@review_member(Role.STATISTICIAN)
def edit(request: HttpRequest, review: Review, spec_pk: int) -> HttpResponse:
    spec = get_object_or_404(_specs(review), pk=spec_pk)
    form = AnalysisForm(review, request.POST or None, instance=spec)
    if request.method == "POST" and form.is_valid():
        change_spec(spec=spec, by=request.user, **form.cleaned_data)
        messages.info(request, "The plan is changed; run the analysis again to see what it gives.")
        return redirect("analysis:analysis", review.slug, spec_pk)
    context = {"review": review, "form": form, "spec": spec}
    return render(request, "analysis/edit.html", context, status=422 if form.errors else 200)


@review_member()
def analysis(request: HttpRequest, review: Review, spec_pk: int) -> HttpResponse:
    """The latest run with everything behind it, and whether it still speaks for the present rows."""
    spec = get_object_or_404(_specs(review), pk=spec_pk)
    runs = list(spec.runs.select_related("run_by", "snapshot")[:20])
    now = standing(spec)
    return render(
        request, "analysis/analysis.html", {"review": review, "standing": now, "runs": runs, "run": now.run}
    )


@review_member()
def past_run(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    """One run as it was, against the run before it."""
    this = get_object_or_404(_runs(review), pk=run_pk)
    before = this.spec.runs.select_related("snapshot").filter(pk__lt=this.pk).first()
    context = {
        "review": review,
        "run": this,
        "before": before,
        "row_changes": changes(before.snapshot.rows, this.snapshot.rows) if before else (),
    }
    return render(request, "analysis/run.html", context)


@require_POST
@review_member(Role.STATISTICIAN)
def rerun(request: HttpRequest, review: Review, spec_pk: int) -> HttpResponse:
    spec = get_object_or_404(_specs(review), pk=spec_pk)
    fresh = run(spec=spec, by=request.user)
    messages.success(request, "Run again on the present rows. The earlier run is kept below.")
    return redirect("analysis:run", review.slug, fresh.pk)


@require_POST
@review_member(Role.STATISTICIAN)
def rerun_all(request: HttpRequest, review: Review) -> HttpResponse:
    count = len(rerun_stale(review=review, by=request.user))
    messages.success(request, f"{count} analyses run on the present rows.")
    return redirect("analysis:index", review.slug)


@review_member()
def figure(request: HttpRequest, review: Review, run_pk: int, file_format: str) -> HttpResponse:
    """The forest plot of a run; `?download` names it as a file."""
    this = get_object_or_404(_runs(review), pk=run_pk)
    if not this.result:
        raise Http404("This run has no result to draw.")
    drawn = draw_forest(forest_of(this.spec.title, this.result, this.plan))
    name = f"{review.slug}-forest-{this.pk}"
    return figure_response(request, figure_bytes(drawn, file_format), name, file_format)


def _runs(review: Review):
    return AnalysisRun.objects.filter(spec__in=AnalysisSpec.objects.filter(review=review)).select_related(
        "spec__outcome", "spec__time_point", "snapshot", "run_by"
    )
