"""Extracting a study: questions, arms and results typed as into a spreadsheet, beside the reports."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from reviewsite.web.language import shown_choices
from screening.models import Report
from screening.prisma.counts import included_studies

from ..agreeing.comparison import answers_told
from ..agreeing.consensus import pair_of, rows_of
from ..building.form_versions import form_in_use
from ..entering.addresses import NoSuchCell, address_of
from ..entering.answers_form import AnswersForm
from ..entering.cells import CellChange, CellResult, Saved, add_arm, remove_arm, save_cells
from ..entering.columns import columns_of, text_of
from ..entering.entry import ExtractionRefused, missing_before_submission, start_extraction
from ..entering.entry import submit as submit_extraction
from ..entering.entry import take_newest_form as take_newest
from ..entering.findings import finding_on_arms, findings_of
from ..entering.forms import NewContrastForm, NewRowForm
from ..entering.grid import contrast_row, grids
from ..models import Arm, Contrast, Extraction
from ..overview import extraction_states
from ..wording import derivation_in_words, in_words

may_extract = review_member(Role.REVIEWER, Role.EXTRACTOR)
MOST_CHANGES = 2000


@review_member()
def index(request: HttpRequest, review: Review) -> HttpResponse:
    context = {"review": review, "states": extraction_states(review, request.user)}
    return render(request, "extraction/index.html", context)


@may_extract
def extract(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    """One's own extraction; begins it at the first visit. A post saves all cells (without JavaScript)."""
    study = get_object_or_404(included_studies(review), pk=study_pk)
    if Extraction.objects.agreed().filter(study=study).exists():
        return redirect("extraction:agreed", review.slug, study.pk)
    try:
        extraction = start_extraction(study=study, extractor=request.user)
    except ExtractionRefused as refusal:
        messages.info(request, str(refusal))
        if pair_of(study) is None:
            return redirect("extraction:index", review.slug)
        return redirect("extraction:compare", review.slug, study.pk)
    if extraction.is_submitted:
        return redirect("extraction:submitted", review.slug, study.pk)
    if request.method == "POST":
        return _save_page(request, review, extraction)
    return _page(
        request,
        review,
        extraction,
        AnswersForm(extraction.form_version.form, extraction.answers, prefix="answers"),
    )


def _page(
    request: HttpRequest, review: Review, extraction: Extraction, answers: AnswersForm, status: int = 200
) -> HttpResponse:
    new_row, new_contrast = NewRowForm(review, request.GET or None), NewContrastForm(extraction)
    asked_for = [new_row.place()] if new_row.is_bound and new_row.is_valid() else []
    tables, contrasts, findings = grids(extraction, asked_for)
    context = {
        "review": review,
        "study": extraction.study,
        "extraction": extraction,
        "newest": form_in_use(review),
        "answers": answers,
        "arms": [(arm, str(address_of(arm))) for arm in extraction.arms.all()],
        "roles": shown_choices(Arm.Role),
        "grids": tables,
        "contrasts": contrasts,
        "findings": findings,
        "finding_on_arms": finding_on_arms(extraction),
        "new_row": NewRowForm(review, auto_id="row-%s"),
        "new_contrast": new_contrast,
        "seen": json.dumps(_seen(extraction, tables, contrasts)),
        "missing": missing_before_submission(extraction),
        "reports": Report.objects.filter(study=extraction.study).select_related("citation__representative"),
    }
    return render(request, "extraction/extract.html", context, status=status)


def _seen(extraction: Extraction, tables, contrasts) -> dict[str, Any]:
    """What the page shows, so that a save without JavaScript can tell what the person changed."""
    shown = {
        cell.address: cell.value
        for grid in (*tables, *([contrasts] if contrasts else []))
        for row in grid.rows
        for part in row.parts
        for cell in part.cells
    }
    for arm in extraction.arms.all():
        address = address_of(arm)
        shown |= {address.cell(name): text_of(getattr(arm, name)) for name in ("label", "role", "n")}
    return shown


def _save_page(request: HttpRequest, review: Review, extraction: Extraction) -> HttpResponse:
    """Everything on the page at once; what cannot be stored is named, the rest is saved."""
    form = AnswersForm(extraction.form_version.form, extraction.answers, request.POST, prefix="answers")
    try:
        seen = json.loads(request.POST.get("seen", "{}"))
        posted = {
            name.removeprefix("cell:"): v for name, v in request.POST.items() if name.startswith("cell:")
        }
        changes = [
            CellChange(a, seen.get(a, ""), v) for a, v in posted.items() if v.strip() != seen.get(a, "")
        ]
        if form.is_valid():
            changes += _changed_answers(extraction, form)
        saved = save_cells(extraction=extraction, by=request.user, changes=changes[:MOST_CHANGES])
    except (NoSuchCell, AttributeError, RecursionError, TypeError, ValueError):
        raise Http404("No such cell") from None
    except ExtractionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("extraction:extract", review.slug, extraction.study_id)
    for result in (each for each in saved.results if each.state != "saved"):
        messages.error(request, result.message)
    extraction.refresh_from_db()
    if not form.is_valid():
        return _page(request, review, extraction, form, status=422)
    messages.success(request, gettext("Saved. Nobody else can read it before both of you submit."))
    return redirect("extraction:extract", review.slug, extraction.study_id)


def _changed_answers(extraction: Extraction, form: AnswersForm) -> list[CellChange]:
    found = []
    for key, told in form.answers().items():
        stored = extraction.answers.get(key, {})
        found += [
            CellChange(f"answer/{key}", stored.get(part), value, part)
            for part, value in told.items()
            if (value or "") != (stored.get(part) or "")
        ]
    return found


@require_POST
@may_extract
def cells(request: HttpRequest, review: Review, study_pk: int) -> JsonResponse:
    """Autosave: a list of changed cells as JSON; answers what became of each."""
    extraction = _own(request, review, study_pk)
    try:
        told = json.loads(request.body)["changes"]
        changes = [CellChange(str(c["cell"]), c["was"], c["value"], c.get("part", "value")) for c in told]
        if len(changes) > MOST_CHANGES or any(c.part not in ("value", "page", "quote") for c in changes):
            raise ValueError("too many changes, or another part")
        saved = save_cells(extraction=extraction, by=request.user, changes=changes)
    except ExtractionRefused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=409)
    except (NoSuchCell, AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return JsonResponse({"refused": gettext("The page is out of date: reload it.")}, status=400)
    return JsonResponse(_told(saved))


def _told(saved: Saved) -> dict[str, Any]:
    return {
        "cells": [_cell(result) for result in saved.results],
        "rows": {address: _row(row) for address, row in saved.rows.items()},
    }


def _cell(result: CellResult) -> dict[str, Any]:
    value = result.value if isinstance(result.value, list) else text_of(result.value)
    return {
        "cell": result.cell,
        "part": result.part,
        "state": result.state,
        "value": value,
        "message": result.message,
    }


def _row(row: Any) -> dict[str, Any]:
    """What a row holds now: derived values may have followed, and findings come and go."""
    if row is None or isinstance(row, Arm):
        return {"values": {}, "derived": {}, "findings": []}
    return {
        "values": {name: text_of(getattr(row, name)) for name in columns_of(row) if name != "ci_level"},
        "derived": {
            name: derivation_in_words(row.cells[name]["derived"])["title"] for name in row.derived_columns
        },
        "findings": [in_words(each.finding.text) for each in findings_of(row) if not each.note],
    }


@require_POST
@may_extract
def arm_act(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    """Add an arm, or remove an empty one."""
    extraction = _own(request, review, study_pk)
    try:
        if "remove" in request.POST:
            arm = get_object_or_404(extraction.arms, pk=request.POST["remove"])
            remove_arm(extraction=extraction, by=request.user, arm=arm)
        else:
            add_arm(extraction=extraction, by=request.user, label=request.POST.get("label", ""))
    except ExtractionRefused as refusal:
        messages.error(request, str(refusal))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect(reverse("extraction:extract", args=[review.slug, study_pk]) + "#results")


@require_POST
@may_extract
def take_newest_form(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    extraction = _own(request, review, study_pk)
    try:
        emptied = take_newest(extraction=extraction, by=request.user)
    except ExtractionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        for told in emptied:
            messages.warning(request, gettext("An answer no longer fits: %(told)s") % {"told": told})
        messages.success(request, gettext("This extraction now uses the newest form."))
    return redirect("extraction:extract", review.slug, study_pk)


@may_extract
def new_contrast(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    """An empty row of the table of comparisons; it is stored once a number is typed into it."""
    extraction = _own(request, review, study_pk)
    form = NewContrastForm(extraction, request.GET)
    tables, contrasts, _ = grids(extraction)
    if contrasts is None or not form.is_valid():
        errors = [error for each in form.errors.values() for error in each] or [
            "A comparison needs two arms."
        ]
        return HttpResponse(" ".join(errors), status=422, content_type="text/plain; charset=utf-8")
    row = contrast_row(contrasts, Contrast(**form.cleaned_data))
    context = {"review": review, "study": extraction.study, "grid": contrasts, "row": row}
    return render(request, "extraction/_grid_row.html", context)


def _own(request: HttpRequest, review: Review, study_pk: int) -> Extraction:
    own = Extraction.objects.filter(review=review, extractor=request.user).current().independent()
    return get_object_or_404(own.select_related("review", "study", "form_version"), study=study_pk)


@require_POST
@may_extract
def submit(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    extraction = _own(request, review, study_pk)
    try:
        submit_extraction(extraction=extraction, by=request.user)
    except ExtractionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("extraction:extract", review.slug, study_pk)
    messages.success(request, _after_submission(extraction))
    return redirect("extraction:index", review.slug)


def _after_submission(extraction: Extraction) -> str:
    if not extraction.verifies_id:
        return "Submitted. The comparison opens once two people have submitted."
    if Extraction.objects.agreed().filter(study=extraction.study_id).exists():
        return gettext("Verified: %(study)s is agreed, as you changed nothing.") % {"study": extraction.study}
    return gettext("Verified with changes: settle them in the comparison.")


@may_extract
def submitted(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    """One's own submitted extraction, to read."""
    own = Extraction.objects.filter(review=review, extractor=request.user).current().independent().submitted()
    extraction = get_object_or_404(own.select_related("study", "form_version"), study=study_pk)
    context = {
        "review": review,
        "extraction": extraction,
        "answers": answers_told(extraction),
        "rows": rows_of(extraction),
    }
    return render(request, "extraction/submitted.html", context)
