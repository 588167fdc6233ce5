"""Pictures of risk of bias, and its table in robvis' layout."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from extraction.bias.agreed import agreed_judgements
from extraction.bias.assessments import AssessmentRefused
from extraction.bias.taking_in import import_judgements
from extraction.models import Appraisal
from extraction.risk_of_bias import AnswersRefused, robvis
from extraction.wording import in_words
from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from reviewsite.web.keys import key_in

from ..bias_results import traffic_of, weights_of
from ..figures.export import figure_bytes
from ..figures.model import UndrawablePlot
from ..figures.traffic import draw_summary, draw_traffic, summary_of
from ..models import AnalysisRun
from ..responses import figure_response
from ..run_figures import figures_of

LARGEST_CSV = 2_000_000


# A circle a judgement makes a large text of the SVG, which packs to a tenth; it holds nothing secret.
@gzip_page
@review_member()
def picture(
    request: HttpRequest, review: Review, appraisal_pk: int, kind: str, file_format: str
) -> HttpResponse:
    """The traffic-light or the summary plot; `?weights=ANALYSIS` gives each study its weight in that one."""
    appraisal = _appraisal(review, appraisal_pk)
    try:
        plot = traffic_of(appraisal)
        if kind == "traffic":
            drawn = draw_traffic(plot)
        else:
            drawn = draw_summary(summary_of(plot, _weights(request, review, appraisal)))
    except UndrawablePlot as refusal:
        raise Http404(str(refusal)) from None
    name = f"{review.slug}-risk-of-bias-{kind}-{appraisal.pk}"
    return figure_response(request, figure_bytes(drawn, file_format), name, file_format)


@review_member()
def forest(
    request: HttpRequest, review: Review, appraisal_pk: int, spec_pk: int, file_format: str
) -> HttpResponse:
    """The forest plot of an analysis' latest run with the judgements beside each study."""
    appraisal = _appraisal(review, appraisal_pk)
    spec = get_object_or_404(review.analyses, pk=spec_pk)
    run = spec.runs.select_related("spec__outcome", "snapshot").first()
    if run is None or not run.result:
        raise Http404("This analysis has no result to draw.")
    (drawn,) = figures_of(run, "forest", appraisal=appraisal)
    name = f"{review.slug}-forest-risk-of-bias-{run.pk}"
    return figure_response(request, figure_bytes(drawn, file_format), name, file_format)


def _weights(request: HttpRequest, review: Review, appraisal: Appraisal) -> dict[str, float] | None:
    """Weights by the study's label, as the plot names its rows; None where each study counts alike."""
    chosen = request.GET.get("weights", "")
    if not chosen:
        return None
    spec = get_object_or_404(review.analyses, pk=key_in(chosen))
    weights = weights_of(spec.runs.first())
    labels = {study.pk: study.label for study in agreed_judgements(appraisal)}
    return {labels[pk]: weight for pk, weight in weights.items() if pk in labels}


@review_member()
def robvis_csv(request: HttpRequest, review: Review, appraisal_pk: int) -> HttpResponse:
    """The agreed judgements in the layout that robvis reads."""
    appraisal = _appraisal(review, appraisal_pk)
    run = AnalysisRun.objects.filter(spec__review=review, spec__outcome=appraisal.outcome).first()
    weights = weights_of(run) if appraisal.outcome else {}
    rows = [
        robvis.StudyJudgements(study.label, judged, weights.get(study.pk))
        for study, judged in agreed_judgements(appraisal).items()
    ]
    text = robvis.write(appraisal.tool, appraisal.effect, rows)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{review.slug}-robvis-{appraisal.pk}.csv"'
    return response


@require_POST
@review_member(Role.REVIEWER, Role.EXTRACTOR)
def robvis_import(request: HttpRequest, review: Review, appraisal_pk: int) -> HttpResponse:
    """Judgements from a file in robvis' layout become the person's own assessments, not yet submitted."""
    appraisal = _appraisal(review, appraisal_pk)
    try:
        text = _uploaded(request)
        done = import_judgements(
            appraisal=appraisal, by=request.user, text=text, name=request.FILES["file"].name
        )
        messages.success(
            request,
            gettext("Your judgements of %(done)s studies are taken in. Look through and submit them.")
            % {"done": done},
        )
    except (AnswersRefused, AssessmentRefused) as refusal:
        messages.error(request, in_words(refusal))
    return redirect("extraction:appraisal", review.slug, appraisal.pk)


def _uploaded(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        raise AnswersRefused(gettext("Choose a CSV file first."))
    if file.size > LARGEST_CSV:
        raise AnswersRefused(gettext("The file is larger than 2 MB; a table of judgements is not."))
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AnswersRefused(gettext("The file is not in UTF-8; save it as “CSV UTF-8”.")) from None


def _appraisal(review: Review, pk: int) -> Appraisal:
    return get_object_or_404(review.appraisals.select_related("review", "outcome", "own_tool"), pk=pk)
