"""The figures of a run: the page to choose one and dress it, the files, and the run as a bundle."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review

from ..bundling import review_bundle, run_bundle
from ..figure_forms import FORMATS, FigureForm
from ..figures.export import pages_bytes
from ..figures.run_pictures import ALL, NoPicture
from ..models import AnalysisRun
from ..responses import figure_response, zip_response
from ..run_figures import figures_of, linked_figure, quoted_rows
from .analyses import runs_of


def _run_with_result(review: Review, run_pk: int) -> AnalysisRun:
    this = get_object_or_404(runs_of(review), pk=run_pk)
    if not this.result:
        raise Http404("This run has no result.")
    return this


@review_member()
def gallery(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    """Every figure of a run with the choices of the one that is shown, and its files."""
    this = _run_with_result(review, run_pk)
    form = FigureForm(this, request.GET or None)
    context = {
        "review": review,
        "run": this,
        "form": form,
        "formats": FORMATS,
        "chosen": request.GET.urlencode(),
        "studies": quoted_rows(this),
        **_shown(this, form),
    }
    return render(request, "analysis/figures.html", context, status=422 if form.errors else 200)


def _shown(run: AnalysisRun, form: FigureForm) -> dict[str, object]:
    """The figure as part of the page, with links from its marks, or why there is none."""
    try:
        drawn = linked_figure(run, form.name, form.look, form.appraisal)
    except NoPicture as reason:
        return {"refusal": str(reason)}
    return {
        "has_marks": "<a " in drawn,
        "drawn": mark_safe(drawn),
    }  # ElementTree wrote it: every text in it is escaped


@review_member()
def run_picture(
    request: HttpRequest, review: Review, run_pk: int, name: str, file_format: str
) -> HttpResponse:
    """A figure by its name, dressed as the address says; `?download` names it as a file."""
    this = _run_with_result(review, run_pk)
    if name not in ALL:
        raise Http404("There is no such figure.")
    form = FigureForm(this, request.GET)
    if form.errors:
        raise Http404("There is no figure with these choices.")
    try:
        drawn = figures_of(this, name, form.look, form.appraisal)
    except NoPicture as reason:
        raise Http404(str(reason)) from reason
    file = pages_bytes(drawn, file_format, form.dots)
    is_zip = len(drawn) > 1 and file_format not in ("pdf", "tiff")
    return figure_response(request, file, f"{review.slug}-{name}-{this.pk}", "zip" if is_zip else file_format)


@review_member()
def bundle(request: HttpRequest, review: Review, run_pk: int) -> HttpResponseBase:
    """Data, settings, results, figures, methods and R script of one run as a zip."""
    this = _run_with_result(review, run_pk)
    name = f"{review.slug}-run-{this.pk}"
    return zip_response(run_bundle(this, name), name)


@review_member()
def whole_bundle(request: HttpRequest, review: Review) -> HttpResponseBase:
    """Every analysis' latest run, the extracted data, judgements and plan of the review as a zip."""
    name = f"{review.slug}-analyses"
    return zip_response(review_bundle(review, name), name)
