"""Risk of bias: judged blind by two, compared, agreed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from screening.models import Report, Study
from screening.prisma.counts import included_studies

from ..assessments import (
    AssessmentRefused,
    Given,
    agree,
    answers_of,
    compare,
    pair_of,
    save_judgements,
    start_assessment,
    submit_assessment,
)
from ..forms import AssessmentForm
from ..models import Assessment
from ..overview import assessment_states
from ..risk_of_bias import MINORS

may_assess = review_member(Role.REVIEWER, Role.EXTRACTOR)


@review_member()
def risk_of_bias(request: HttpRequest, review: Review) -> HttpResponse:
    """Every study with my state and, where agreed, the judgements and their sum."""
    states = assessment_states(review, request.user)
    rows = [(state, _agreed_row(state.agreed)) for state in states]
    return render(request, "extraction/risk_of_bias.html", {"review": review, "tool": MINORS, "rows": rows})


@may_assess
def assess(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    study = get_object_or_404(included_studies(review), pk=study_pk)
    if Assessment.objects.agreed().filter(study=study, tool=MINORS.key).exists():
        return redirect("extraction:assess_compare", review.slug, study.pk)
    try:
        own = start_assessment(study=study, assessor=request.user, tool=MINORS)
    except AssessmentRefused as refusal:
        messages.info(request, str(refusal))
        return redirect("extraction:assess_compare", review.slug, study.pk)
    stored = {judgement.item: judgement for judgement in own.judgements.all()}
    form = AssessmentForm(MINORS, stored, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            save_judgements(assessment=own, by=request.user, given=_given(form))
            if "submit" in request.POST:
                submit_assessment(assessment=own, by=request.user)
                messages.success(request, "Submitted. The comparison opens once two people have submitted.")
                return redirect("extraction:risk_of_bias", review.slug)
            messages.success(request, "Saved.")
        except AssessmentRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("extraction:assess", review.slug, study.pk)
    context = {
        "review": review,
        "study": study,
        "assessment": own,
        "form": form,
        "tool": MINORS,
        "reports": Report.objects.filter(study=study).select_related("citation__representative"),
    }
    return render(request, "extraction/assess.html", context, status=422 if form.errors else 200)


@may_assess
def assess_compare(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    study = get_object_or_404(review.studies, pk=study_pk)
    return _desk(request, review, study)


@require_POST
@may_assess
def assess_agree(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    study = get_object_or_404(review.studies, pk=study_pk)
    if pair_of(study, MINORS) is None:
        raise Http404("Not both have submitted")
    given = {
        item.number: Given(
            request.POST.get(f"item-{item.number}", ""), request.POST.get(f"item-{item.number}-support", "")
        )
        for item in MINORS.items
    }
    try:
        agree(study=study, settled_by=request.user, tool=MINORS, given=given)
    except AssessmentRefused as refusal:
        messages.error(request, str(refusal))
        return _desk(request, review, study, status=422)
    messages.success(request, f"The risk of bias of {study} is agreed.")
    return redirect("extraction:risk_of_bias", review.slug)


def _desk(request: HttpRequest, review: Review, study: Study, status: int = 200) -> HttpResponse:
    pair = pair_of(study, MINORS)
    context = {
        "review": review,
        "study": study,
        "tool": MINORS,
        "pair": pair,
        "items": compare(*pair) if pair else (),
        "agreed": Assessment.objects.agreed().filter(study=study, tool=MINORS.key).first(),
    }
    return render(request, "extraction/assess_compare.html", context, status=status)


def _given(form: AssessmentForm) -> dict[str, Given]:
    cleaned = form.cleaned_data
    return {
        item.number: Given(
            cleaned[item.number], *(cleaned[f"{item.number}-{name}"] for name in ("support", "page", "quote"))
        )
        for item in form.tool.items
    }


def _agreed_row(agreed: Assessment | None) -> dict | None:
    if agreed is None:
        return None
    answers = answers_of(agreed)
    return {
        "answers": [item.answer(answers.get(item.number, "")) for item in MINORS.items],
        "total": MINORS.score(answers),
    }
