"""Risk of bias: which tools are in use, how far each is, what was agreed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from reviewsite.web.keys import key_in
from screening.models import Study
from screening.prisma.counts import included_studies

from ..bias.appraisals import AppraisalRefused, drop_appraisal, plan_appraisal, save_own_tool
from ..bias.forms import AppraisalForm, OwnToolForm
from ..bias.table import agreement_by_domain, table_of
from ..models import Appraisal
from ..overview import assessment_states
from ..risk_of_bias import catalogue

may_assess = review_member(Role.REVIEWER, Role.EXTRACTOR)


@review_member()
def risk_of_bias(request: HttpRequest, review: Review, form: AppraisalForm | None = None) -> HttpResponse:
    """Every tool in use with how far it is, and the form that takes another."""
    appraisals = review.appraisals.select_related("outcome", "own_tool")
    context = {
        "review": review,
        "in_use": [(each, assessment_states(each, request.user)) for each in appraisals],
        "form": form or AppraisalForm(review),
        "tools": catalogue.tools(),
        "has_studies": included_studies(review).exists(),
    }
    return render(request, "extraction/risk_of_bias.html", context, status=422 if form else 200)


@require_POST
@may_assess
def plan(request: HttpRequest, review: Review) -> HttpResponse:
    form = AppraisalForm(review, request.POST)
    if not form.is_valid():
        return risk_of_bias(request, review.slug, form=form)
    try:
        appraisal = plan_appraisal(review=review, by=request.user, **form.chosen())
    except AppraisalRefused as refusal:
        form.add_error(None, str(refusal))
        return risk_of_bias(request, review.slug, form=form)
    return redirect("extraction:appraisal", review.slug, appraisal.pk)


@require_POST
@may_assess
def drop(request: HttpRequest, review: Review, appraisal_pk: int) -> HttpResponse:
    appraisal = appraisal_or_404(review, appraisal_pk)
    try:
        drop_appraisal(appraisal=appraisal, by=request.user)
        messages.success(request, gettext("The tool is no longer in use."))
    except AppraisalRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("extraction:risk_of_bias", review.slug)


@review_member()
def appraisal(request: HttpRequest, review: Review, appraisal_pk: int) -> HttpResponse:
    """Every study with my state and, where agreed, the judgements."""
    found = appraisal_or_404(review, appraisal_pk)
    context = {
        "review": review,
        "appraisal": found,
        "tool": found.tool,
        "table": table_of(found, assessment_states(found, request.user)),
        "agreement": agreement_by_domain(found),
        **_weighting(request, found),
    }
    return render(request, "extraction/appraisal.html", context)


def _weighting(request: HttpRequest, found: Appraisal) -> dict:
    """The analyses whose weights the summary plot may take, and the one that is chosen."""
    analyses = found.review.analyses.all()
    chosen = request.GET.get("weights", "")
    weighted_by = analyses.filter(pk=key_in(chosen)).first()
    return {
        "analyses": analyses,
        "weighted_by": weighted_by,
        "weights_query": f"?weights={weighted_by.pk}" if weighted_by else "",
    }


@review_member()
def definition(request: HttpRequest, review: Review, key: str) -> HttpResponse:
    """The definition of a tool, as it is written in its file."""
    own = review.own_tools.filter(key=key).first()
    if own is None and key not in catalogue.tool_keys():
        return render(request, "404.html", status=404)
    text = own.definition if own else catalogue.definition_text(key)
    context = {"review": review, "tool": own.tool if own else catalogue.tool(key), "text": text, "own": own}
    return render(request, "extraction/tool.html", context)


@may_assess
def own_tool(request: HttpRequest, review: Review) -> HttpResponse:
    """Write a tool of one's own; `?like=` begins with another's definition."""
    form = OwnToolForm(
        request.POST or None, initial={"definition": _beginning(review, request.GET.get("like"))}
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_own_tool(review=review, by=request.user, definition=form.cleaned_data["definition"])
            messages.success(request, gettext("%(saved)s is stored; put it to use below.") % {"saved": saved})
            return redirect("extraction:risk_of_bias", review.slug)
        except AppraisalRefused as refusal:
            form.add_error("definition", str(refusal))
    context = {
        "review": review,
        "form": form,
        "tools": catalogue.tools(),
        "own_tools": review.own_tools.all(),
    }
    return render(request, "extraction/own_tool.html", context, status=422 if form.errors else 200)


def _beginning(review: Review, key: str | None) -> str:
    own = review.own_tools.filter(key=key).first()
    if own:
        return own.definition
    return catalogue.definition_text(key) if key in catalogue.tool_keys() else catalogue.example_text()


def appraisal_or_404(review: Review, pk: int) -> Appraisal:
    return get_object_or_404(review.appraisals.select_related("review", "outcome", "own_tool"), pk=pk)


def study_or_404(review: Review, pk: int) -> Study:
    return get_object_or_404(review.studies, pk=pk)
