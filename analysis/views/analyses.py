"""Analyses: planned, run, shown with the rows behind them, rerun when those change."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Job, Review, Role

from ..data.lineage import lineage_of
from ..estimate.comparison import moves
from ..estimate.plan import plan_from
from ..forms import AnalysisForm
from ..models import AnalysisRun, AnalysisSpec
from ..runs import ask_for_rerun, rows_of_run, run, standing, standings
from ..specs import PlanRefused, change_spec, create_spec, exclude_study, is_frozen, take_back_study


def specs_of(review: Review):
    return review.analyses.select_related("review", "outcome", "time_point", "created_by")


def runs_of(review: Review):
    return AnalysisRun.objects.filter(spec__in=AnalysisSpec.objects.filter(review=review)).select_related(
        "spec__outcome", "spec__time_point", "snapshot", "run_by"
    )


@review_member()
def index(request: HttpRequest, review: Review) -> HttpResponse:
    job = Job.objects.filter(review=review, kind=Job.Kind.ANALYSIS).first()
    context = {
        "review": review,
        "standings": standings(review),
        "job": job if job and not job.is_finished else None,
    }
    return render(request, "analysis/index.html", context)


@review_member(Role.STATISTICIAN)
def new(request: HttpRequest, review: Review) -> HttpResponse:
    form = AnalysisForm(review, request.POST or None, is_frozen=is_frozen(review))
    if request.method == "POST" and form.is_valid():
        try:
            spec = create_spec(review=review, by=request.user, **form.cleaned_data)
        except PlanRefused as refusal:
            form.add_error("reason", str(refusal))
        else:
            run(spec=spec, by=request.user)
            return redirect("analysis:analysis", review.slug, spec.pk)
    context = {"review": review, "form": form}
    return render(request, "analysis/edit.html", context, status=422 if form.errors else 200)


@review_member(Role.STATISTICIAN)
def edit(request: HttpRequest, review: Review, spec_pk: int) -> HttpResponse:
    spec = get_object_or_404(specs_of(review), pk=spec_pk)
    form = AnalysisForm(review, request.POST or None, instance=spec, is_frozen=is_frozen(review))
    if request.method == "POST" and form.is_valid():
        try:
            change_spec(spec=spec, by=request.user, **form.cleaned_data)
        except PlanRefused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.info(
                request, gettext("The plan is changed; run the analysis again to see what it gives.")
            )
            return redirect("analysis:analysis", review.slug, spec_pk)
    context = {"review": review, "form": form, "spec": spec}
    return render(request, "analysis/edit.html", context, status=422 if form.errors else 200)


@review_member()
def analysis(request: HttpRequest, review: Review, spec_pk: int) -> HttpResponse:
    """The latest run with everything behind it, and whether it still speaks for the present rows."""
    spec = get_object_or_404(specs_of(review), pk=spec_pk)
    runs = list(spec.runs.select_related("run_by", "snapshot")[:20])
    now = standing(spec)
    return render(
        request, "analysis/analysis.html", {"review": review, "standing": now, "runs": runs, "run": now.run}
    )


@review_member()
def past_run(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    """One run against the run before it: what changed, and how far each change moved the result."""
    this = get_object_or_404(runs_of(review), pk=run_pk)
    before = this.spec.runs.select_related("snapshot", "run_by").filter(pk__lt=this.pk).first()
    told = moves(rows_of_run(before), rows_of_run(this), plan_from(this.plan)) if before else ()
    context = {"review": review, "run": this, "before": before, "moves": told}
    return render(request, "analysis/run.html", context)


@review_member()
def lineage(request: HttpRequest, review: Review, run_pk: int, study_pk: int) -> HttpResponse:
    """From a study's line in a run to the sentence its numbers came from, and to the search that found it."""
    this = get_object_or_404(runs_of(review), pk=run_pk)
    told = lineage_of(this, study_pk)
    if told is None:
        raise Http404("This run did not pool that study.")
    return render(request, "analysis/lineage.html", {"review": review, "run": this, "lineage": told})


@require_POST
@review_member(Role.STATISTICIAN)
def rerun(request: HttpRequest, review: Review, spec_pk: int) -> HttpResponse:
    spec = get_object_or_404(specs_of(review), pk=spec_pk)
    fresh = run(spec=spec, by=request.user)
    messages.success(request, gettext("Run again on the present rows. The earlier run is kept below."))
    return redirect("analysis:run", review.slug, fresh.pk)


@require_POST
@review_member(Role.STATISTICIAN)
def rerun_all(request: HttpRequest, review: Review) -> HttpResponse:
    ask_for_rerun(review=review, by=request.user)
    return redirect("analysis:index", review.slug)


@require_POST
@review_member(Role.STATISTICIAN)
def exclude(request: HttpRequest, review: Review, spec_pk: int, study_pk: int) -> HttpResponse:
    """Take a study out of an analysis with a reason, or back in."""
    spec = get_object_or_404(specs_of(review), pk=spec_pk)
    study = get_object_or_404(review.studies.all(), pk=study_pk)
    try:
        if "back" in request.POST:
            take_back_study(spec=spec, study_pk=study.pk, by=request.user)
        else:
            reason = request.POST.get("reason", "")
            exclude_study(spec=spec, study_pk=study.pk, by=request.user, reason=reason)
    except PlanRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("analysis:analysis", review.slug, spec_pk)
