"""Studies: reports grouped, one main report each, overlapping cohorts marked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from reviewsite.web.keys import key_in, keys_in

from ..models import Report, Study, StudyOverlap
from ..prisma.counts import included_studies
from ..studies.forms import OverlapForm, StudyEditForm, StudyForm
from ..studies.grouping import (
    StudyRefused,
    attach_reports,
    create_study,
    detach_report,
    edit_study,
    mark_overlap,
    remove_overlap,
    say_no_overlap,
    say_not_one_study,
    set_primary,
    suggested_label,
)
from ..studies.suggestions import facts_of_reports, group_suggestions, overlap_suggestions

may_group = review_member(Role.REVIEWER, Role.EXTRACTOR)


@review_member()
def studies(request: HttpRequest, review: Review) -> HttpResponse:
    return _page(request, review)


@require_POST
@may_group
def group(request: HttpRequest, review: Review) -> HttpResponse:
    """Ticked reports become a new study, or join the one chosen."""
    ticked = _included(review).filter(pk__in=keys_in(request.POST.getlist("reports")))
    try:
        if study := _named_study(review, request.POST.get("study", "")):
            attach_reports(study=study, reports=list(ticked), by=request.user)
        else:
            form = StudyForm(request.POST)
            if not form.is_valid():
                return _page(request, review, form, status=422)
            study = create_study(review=review, reports=list(ticked), by=request.user, **form.cleaned_data)
        messages.success(request, _how_many_reports(study))
    except StudyRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("screening:studies", review.slug)


@require_POST
@may_group
def apart(request: HttpRequest, review: Review) -> HttpResponse:
    """A suggestion turned down: these reports are not of one study."""
    reports = _included(review).filter(pk__in=keys_in(request.POST.getlist("reports")))
    study = _named_study(review, request.POST.get("study", ""))
    say_not_one_study(reports=reports, study=study, by=request.user)
    messages.success(request, gettext("Noted; this is not suggested again."))
    return redirect("screening:studies", review.slug)


@require_POST
@may_group
def no_overlap(request: HttpRequest, review: Review) -> HttpResponse:
    """A suggestion turned down: these two studies share no participants."""
    pks = keys_in(request.POST.getlist("studies"))[:2]
    studies = list(review.studies.filter(pk__in=pks))
    if len(studies) == 2:
        say_no_overlap(first=studies[0], second=studies[1], by=request.user)
        messages.success(request, gettext("Noted; this is not suggested again."))
    return redirect("screening:studies", review.slug)


@require_POST
@may_group
def edit(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    study = get_object_or_404(review.studies, pk=study_pk)
    form = StudyEditForm.of(study, request.POST)
    if form.is_valid():
        try:
            edit_study(study=study, by=request.user, **form.cleaned_data)
            return redirect("extraction:study", review.slug, study.pk)
        except StudyRefused as refusal:
            form.add_error("label", str(refusal))
    context = {"review": review, "study": study, "form": form}
    return render(request, "screening/study_edit.html", context, status=422)


@require_POST
@may_group
def report_act(request: HttpRequest, review: Review, report_pk: int) -> HttpResponse:
    """Make a report its study's main one, or take it out."""
    report = get_object_or_404(Report.objects.select_related("study"), review=review, pk=report_pk)
    rule = set_primary if request.POST.get("act") == "primary" else detach_report
    try:
        rule(report=report, by=request.user)
    except StudyRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("screening:studies", review.slug)


@require_POST
@may_group
def overlap(request: HttpRequest, review: Review) -> HttpResponse:
    form = OverlapForm(review, request.POST)
    if not form.is_valid():
        return _page(request, review, overlap_form=form, status=422)
    try:
        mark_overlap(by=request.user, **form.cleaned_data)
    except StudyRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("screening:studies", review.slug)


@require_POST
@may_group
def overlap_remove(request: HttpRequest, review: Review, overlap_pk: int) -> HttpResponse:
    remove_overlap(overlap=get_object_or_404(StudyOverlap, review=review, pk=overlap_pk), by=request.user)
    return redirect("screening:studies", review.slug)


def _named_study(review: Review, pk: str) -> Study | None:
    return get_object_or_404(review.studies, pk=key_in(pk)) if key_in(pk) else None


def _included(review: Review):
    return Report.objects.filter(review=review).included().select_related("citation__representative", "study")


def _page(
    request: HttpRequest,
    review: Review,
    form: StudyForm | None = None,
    overlap_form: OverlapForm | None = None,
    status: int = 200,
) -> HttpResponse:
    loose = list(_included(review).filter(study=None))
    initial = {"label": suggested_label(loose[0])} if loose else {}
    told = facts_of_reports(review)
    context = {
        "review": review,
        "loose": loose,
        "suggestions": group_suggestions(review, told),
        "overlap_suggestions": overlap_suggestions(review, told),
        "studies": included_studies(review).prefetch_related(
            "reports__citation__representative", "reports__citation__records__notices"
        ),
        "overlaps": review.study_overlaps.select_related("kept", "left_out"),
        "form": form or StudyForm(initial=initial),
        "overlap_form": overlap_form or OverlapForm(review),
    }
    return render(request, "screening/studies.html", context, status=status)


def _how_many_reports(study: Study) -> str:
    n = study.reports.count()
    return ngettext("{study} has {n} report.", "{study} has {n} reports.", n).format(study=study, n=n)
