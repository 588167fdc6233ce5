"""Certainty of the evidence: judged domain by domain, shown as the summary of findings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from reviewsite.web.keys import key_in

from ..certainty.evidence import line_of, lines
from ..certainty.findings import as_csv, findings
from ..certainty.findings_docx import as_docx
from ..certainty.forms import ProfileForm, judgement_rows, steps_given
from ..certainty.rules import CertaintyRefused, add_profile, change_profile, judge_certainty
from ..models import EvidenceProfile

may_judge = review_member(Role.STATISTICIAN, Role.REVIEWER)


@review_member()
def summary(request: HttpRequest, review: Review) -> HttpResponse:
    """The summary of findings, and the analyses that are not in it yet."""
    context = {
        "review": review,
        "findings": findings(lines(review)),
        "others": review.analyses.filter(profile=None),
        "may_judge": request.membership.role in {Role.OWNER, Role.STATISTICIAN, Role.REVIEWER},
    }
    return render(request, "analysis/certainty.html", context)


@require_POST
@may_judge
def add(request: HttpRequest, review: Review) -> HttpResponse:
    chosen = request.POST.get("analysis", "")
    spec = get_object_or_404(review.analyses, pk=key_in(chosen))
    try:
        profile = add_profile(review=review, by=request.user, spec=spec)
    except CertaintyRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("analysis:certainty", review.slug)
    return redirect("analysis:profile", review.slug, profile.pk)


@review_member()
def profile(request: HttpRequest, review: Review, profile_pk: int) -> HttpResponse:
    """One outcome: what the numbers propose for each domain, and what is judged."""
    return _profile_page(request, _profile(review, profile_pk))


@require_POST
@may_judge
def judge(request: HttpRequest, review: Review, profile_pk: int) -> HttpResponse:
    found = _profile(review, profile_pk)
    try:
        written = judge_certainty(profile=found, by=request.user, given=steps_given(request.POST))
    except CertaintyRefused as refusal:
        messages.error(request, str(refusal))
        return _profile_page(request, found, status=422)
    told = ngettext("%(n)s judgement stored.", "%(n)s judgements stored.", len(written)) % {"n": len(written)}
    messages.success(request, told if written else gettext("Nothing new was judged."))
    return redirect("analysis:profile", review.slug, found.pk)


@require_POST
@may_judge
def settings(request: HttpRequest, review: Review, profile_pk: int) -> HttpResponse:
    """Start, importance, relative effect and baseline risks of an outcome."""
    found = _profile(review, profile_pk)
    form = ProfileForm(request.POST, instance=_profile(review, profile_pk))
    if not form.is_valid():
        return _profile_page(request, found, form=form, status=422)
    try:
        change_profile(profile=found, by=request.user, **form.cleaned_data)
        messages.success(request, gettext("Stored."))
    except CertaintyRefused as refusal:
        form.add_error(None, str(refusal))
        return _profile_page(request, _profile(review, profile_pk), form=form, status=422)
    return redirect("analysis:profile", review.slug, found.pk)


@review_member()
def download(request: HttpRequest, review: Review, file_format: str) -> HttpResponse:
    """The summary of findings as a Word file or as CSV."""
    rows = findings(lines(review))
    if file_format == "csv":
        response = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    else:
        content = as_docx(review.title, _question(review), rows)
        response = HttpResponse(
            content, content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        )
    name = f"{review.slug}-summary-of-findings.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _question(review: Review) -> str:
    """The review's question by its parts, as the protocol has them."""
    asked = review.protocol
    parts = (
        ("Population", asked.population),
        ("Intervention", asked.intervention),
        ("Comparator", asked.comparator),
    )
    return "; ".join(f"{name}: {text}" for name, text in parts if text)


def _profile(review: Review, pk: int) -> EvidenceProfile:
    return get_object_or_404(
        review.evidence_profiles.select_related(
            "review", "spec__review", "spec__outcome", "spec__time_point"
        ),
        pk=pk,
    )


def _profile_page(
    request: HttpRequest, found: EvidenceProfile, form: ProfileForm | None = None, status: int = 200
) -> HttpResponse:
    line = line_of(found)
    context = {
        "review": found.review,
        "profile": found,
        "line": line,
        "finding": findings([line])[0],
        "rows": judgement_rows(line, request.POST if status == 422 and form is None else None),
        "form": form or ProfileForm(instance=found),
        "may_judge": request.membership.role in {Role.OWNER, Role.STATISTICIAN, Role.REVIEWER},
        "history": found.judgements.exclude(superseded_by=None).select_related("judged_by"),
    }
    return render(request, "analysis/profile.html", context, status=status)
