"""Extracting a study: characteristics, arms and typed result rows beside its reports."""

from typing import Any

from django.contrib import messages
from django.forms import BaseModelFormSet, modelformset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from screening.models import Report, Study
from screening.prisma.counts import included_studies

from ..answers_form import AnswersForm
from ..entry import ExtractionRefused, missing_before_submission, save_answers, save_rows, start_extraction
from ..entry import submit as submit_extraction
from ..forms import ArmForm, ArmResultForm, ContrastForm
from ..models import Arm, ArmResult, Contrast, Extraction
from ..overview import extraction_states
from ..schema import FormDefinition

may_extract = review_member(Role.REVIEWER, Role.EXTRACTOR)


@review_member()
def index(request: HttpRequest, review: Review) -> HttpResponse:
    context = {"review": review, "states": extraction_states(review, request.user)}
    return render(request, "extraction/index.html", context)


@may_extract
def extract(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    """One's own extraction; begins it at the first visit."""
    study = get_object_or_404(included_studies(review), pk=study_pk)
    if Extraction.objects.agreed().filter(study=study).exists():
        return redirect("extraction:agreed", review.slug, study.pk)
    try:
        extraction = start_extraction(study=study, extractor=request.user)
    except ExtractionRefused as refusal:
        messages.info(request, str(refusal))
        return redirect("extraction:compare", review.slug, study.pk)
    if extraction.is_submitted:
        return redirect("extraction:submitted", review.slug, study.pk)
    posted = request.POST if request.method == "POST" else None
    parts = _Parts(extraction, posted)
    if posted is not None and parts.are_valid():
        parts.save(request.user)
        messages.success(request, "Saved. Nobody else can read it before both of you submit.")
        return redirect("extraction:extract", review.slug, study.pk)
    return _page(request, review, study, parts)


@require_POST
@may_extract
def submit(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    own = Extraction.objects.filter(review=review, extractor=request.user).current().independent()
    extraction = get_object_or_404(own, study=study_pk)
    try:
        submit_extraction(extraction=extraction, by=request.user)
    except ExtractionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("extraction:extract", review.slug, study_pk)
    messages.success(request, "Submitted. The comparison opens once two people have submitted.")
    return redirect("extraction:index", review.slug)


@may_extract
def submitted(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    """One's own submitted extraction, to read."""
    own = Extraction.objects.filter(review=review, extractor=request.user).current().independent().submitted()
    extraction = get_object_or_404(own.select_related("study"), study=study_pk)
    return render(request, "extraction/submitted.html", {"review": review, "extraction": extraction})


class _Parts:
    """The forms of one extraction page, saved together or not at all."""

    def __init__(self, extraction: Extraction, posted: Any) -> None:
        self.extraction = extraction
        definition = FormDefinition.from_json(extraction.form_version.definition)
        self.answers = AnswersForm(definition, extraction.answers, posted, prefix="answers")
        self.arms = _formset(Arm, ArmForm, extra=1)(posted, queryset=extraction.arms.all(), prefix="arms")
        rows = {"form_kwargs": {"extraction": extraction}}
        self.results = _formset(ArmResult, ArmResultForm, extra=3)(
            posted, queryset=ArmResult.objects.filter(arm__extraction=extraction), prefix="results", **rows
        )
        self.contrasts = _formset(Contrast, ContrastForm, extra=1)(
            posted, queryset=Contrast.objects.filter(arm__extraction=extraction), prefix="contrasts", **rows
        )

    def are_valid(self) -> bool:
        for form in self.arms.forms:
            form.instance.extraction = self.extraction
        # Every part is checked, so that all errors are shown at once.
        valid = [part.is_valid() for part in (self.answers, self.arms, self.results, self.contrasts)]
        return all(valid)

    def save(self, by) -> None:
        save_answers(extraction=self.extraction, by=by, answers=self.answers.answers())
        for formset in (self.results, self.contrasts, self.arms):
            rows = formset.save(commit=False)
            save_rows(extraction=self.extraction, by=by, rows=rows, removed=formset.deleted_objects)


def _formset(model: type, form: type, *, extra: int) -> type[BaseModelFormSet]:
    return modelformset_factory(model, form=form, extra=extra, can_delete=True)


def _page(request: HttpRequest, review: Review, study: Study, parts: _Parts) -> HttpResponse:
    context = {
        "review": review,
        "study": study,
        "extraction": parts.extraction,
        "parts": parts,
        "missing": missing_before_submission(parts.extraction),
        "reports": Report.objects.filter(study=study).select_related("citation__representative"),
        "has_vocabulary": review.outcomes.exists(),
    }
    return render(
        request, "extraction/extract.html", context, status=422 if request.method == "POST" else 200
    )
