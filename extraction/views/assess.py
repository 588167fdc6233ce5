"""One study judged with one tool: by oneself, then the two side by side, then agreed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.models import Review
from screening.models import Report
from screening.prisma.counts import included_studies

from ..bias.assessments import (
    AssessmentRefused,
    agree,
    correct,
    pair_of,
    reopened,
    save_assessment,
    sheet_of,
    start_assessment,
    submit_assessment,
    versions_of,
)
from ..bias.posted import parts, sheet_from
from ..bias.sheet import Sheet, equal_part, merged
from ..models import Assessment
from .bias import appraisal_or_404, may_assess, study_or_404


@may_assess
def assess(request: HttpRequest, review: Review, appraisal_pk: int, study_pk: int) -> HttpResponse:
    """My own assessment. A change of an answer is saved at once where there is JavaScript."""
    appraisal = appraisal_or_404(review, appraisal_pk)
    study = get_object_or_404(included_studies(review), pk=study_pk)
    there = ("extraction:assess_compare", review.slug, appraisal.pk, study.pk)
    if Assessment.objects.agreed().filter(study=study, appraisal=appraisal).exists():
        return redirect(*there)
    try:
        own = start_assessment(study=study, assessor=request.user, appraisal=appraisal)
    except AssessmentRefused as refusal:
        messages.info(request, str(refusal))
        return redirect(*there)
    if request.method == "POST":
        return _saved(request, own)
    return _sheet_page(request, own, sheet_of(own))


def _saved(request: HttpRequest, own: Assessment, status: int = 200) -> HttpResponse:
    """The answer to a posted sheet: saved, saved and submitted, or the page again with what is wrong."""
    slug, appraisal = own.review.slug, own.appraisal
    sheet = Sheet()
    try:
        sheet = sheet_from(request.POST, appraisal)
        save_assessment(assessment=own, by=request.user, sheet=sheet)
        if "submit" in request.POST:
            submit_assessment(assessment=own, by=request.user)
            messages.success(
                request, gettext("Submitted. The comparison opens once two people have submitted.")
            )
            return redirect("extraction:appraisal", slug, appraisal.pk)
    except AssessmentRefused as refusal:
        messages.error(request, str(refusal))
        status = 422
    if request.htmx or status != 200:
        return _sheet_page(request, own, sheet, status)
    messages.success(request, gettext("Saved."))
    return redirect("extraction:assess", slug, appraisal.pk, own.study_id)


def _sheet_page(request: HttpRequest, own: Assessment, sheet: Sheet, status: int = 200) -> HttpResponse:
    context = {
        "review": own.review,
        "study": own.study,
        "appraisal": own.appraisal,
        "tool": own.appraisal.tool,
        "assessment": own,
        "parts": parts(own.appraisal, sheet),
        "score": own.appraisal.tool.score(sheet.values) if own.appraisal.tool.has_score else None,
        "reports": Report.objects.filter(study=own.study).select_related("citation__representative"),
    }
    return render(request, "extraction/assess.html", context, status=status)


@may_assess
def assess_compare(request: HttpRequest, review: Review, appraisal_pk: int, study_pk: int) -> HttpResponse:
    """The two side by side and what is agreed; a POST shows the proposals for other choices, unstored."""
    return _desk(request, review, appraisal_pk, study_pk)


@require_POST
@may_assess
def assess_agree(request: HttpRequest, review: Review, appraisal_pk: int, study_pk: int) -> HttpResponse:
    appraisal, study = appraisal_or_404(review, appraisal_pk), study_or_404(review, study_pk)
    if pair_of(study, appraisal) is None:
        raise Http404("Not both have submitted")
    try:
        sheet = sheet_from(request.POST, appraisal)
        agree(study=study, settled_by=request.user, appraisal=appraisal, sheet=sheet)
    except AssessmentRefused as refusal:
        messages.error(request, str(refusal))
        return _desk(request, review, appraisal_pk, study_pk, status=422)
    messages.success(request, gettext("The risk of bias of %(study)s is agreed.") % {"study": study})
    return redirect("extraction:appraisal", review.slug, appraisal.pk)


@may_assess
def assess_correct(request: HttpRequest, review: Review, appraisal_pk: int, study_pk: int) -> HttpResponse:
    """The agreed judgement opened once more; `store` keeps a new version of it with its reason."""
    appraisal, study = appraisal_or_404(review, appraisal_pk), study_or_404(review, study_pk)
    agreed = Assessment.objects.agreed().filter(study=study, appraisal=appraisal).first()
    if agreed is None:
        raise Http404("Nothing is agreed yet")
    sheet = sheet_from(request.POST, appraisal) if request.method == "POST" else reopened(agreed)
    if request.POST.get("act") != "store":
        return _correction(request, agreed, sheet)
    try:
        correct(agreed=agreed, by=request.user, sheet=sheet, reason=request.POST.get("reason", ""))
    except AssessmentRefused as refusal:
        messages.error(request, str(refusal))
        return _correction(request, agreed, sheet, status=422)
    messages.success(
        request,
        gettext("The judgement of %(study)s is corrected; the earlier version stays.") % {"study": study},
    )
    return redirect("extraction:assess_compare", review.slug, appraisal.pk, study.pk)


def _correction(request: HttpRequest, agreed: Assessment, sheet: Sheet, status: int = 200) -> HttpResponse:
    """Both people's answers with the agreed ones between them, open to be changed."""
    pair = (agreed.left, agreed.right)
    context = {
        "review": agreed.review,
        "study": agreed.study,
        "appraisal": agreed.appraisal,
        "tool": agreed.appraisal.tool,
        "pair": pair,
        "correcting": agreed,
        "reason": request.POST.get("reason", ""),
        "parts": parts(agreed.appraisal, sheet, (sheet_of(pair[0]), sheet_of(pair[1]))),
    }
    return render(request, "extraction/assess_compare.html", context, status=status)


def _desk(
    request: HttpRequest, review: Review, appraisal_pk: int, study_pk: int, status: int = 200
) -> HttpResponse:
    appraisal, study = appraisal_or_404(review, appraisal_pk), study_or_404(review, study_pk)
    pair = pair_of(study, appraisal)
    agreed = Assessment.objects.agreed().filter(study=study, appraisal=appraisal).first()
    context = {
        "review": review,
        "study": study,
        "appraisal": appraisal,
        "tool": appraisal.tool,
        "pair": pair,
        "agreed": agreed,
        "versions": versions_of(agreed) if agreed else [],
    }
    if pair:
        sheets = (sheet_of(pair[0]), sheet_of(pair[1]))
        shown = sheet_of(agreed) if agreed else _agreeing(request, appraisal, equal_part(*sheets))
        context["parts"] = parts(appraisal, shown, sheets)
    return render(request, "extraction/assess_compare.html", context, status=status)


def _agreeing(request: HttpRequest, appraisal, equal: Sheet) -> Sheet:
    said = sheet_from(request.POST, appraisal) if request.method == "POST" else Sheet()
    return merged(appraisal, equal, said)
