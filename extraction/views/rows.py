"""One row of an extraction by itself: where its cells stand, what can be derived, what looks like a slip."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from ..agreeing.forms import ContrastRowForm, RowForm
from ..derivations import Derivation, derive, fitting
from ..derivations.conversions import ConversionError
from ..entering.addresses import NoSuchCell, parse_row, row_at
from ..entering.cells import derive_into, describe_row, drop_derived
from ..entering.columns import BY_KIND, COLUMNS, columns_of, numbers_of, text_of
from ..entering.entry import ExtractionRefused
from ..entering.findings import all_findings
from ..models import Arm, ArmResult, Contrast, Extraction
from ..wording import in_words

may_extract = review_member(Role.REVIEWER, Role.EXTRACTOR)


@dataclass(frozen=True)
class Offer:
    """A derivation that fits the row: what it would give, or the parameters to ask for first."""

    derivation: Derivation
    preview: list[tuple[str, str]]
    problem: str
    parameters: list[tuple[Any, str]]


@may_extract
def row(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    own = Extraction.objects.filter(review=review, extractor=request.user).current().independent()
    extraction = get_object_or_404(own.select_related("review", "study", "form_version"), study=study_pk)
    address = request.GET.get("row", "")
    try:
        shown = row_at(extraction, parse_row(address))
    except NoSuchCell:
        raise Http404("No such row") from None
    if isinstance(shown, Arm):
        raise Http404("An arm has no page")
    if request.method == "POST":
        return _act(request, review, extraction, shown, address)
    return _page(request, review, extraction, shown, address)


def _page(
    request: HttpRequest, review: Review, extraction: Extraction, shown: Any, address: str, status: int = 200
) -> HttpResponse:
    form_class = RowForm if isinstance(shown, ArmResult) else ContrastRowForm
    context = {
        "review": review,
        "study": extraction.study,
        "row": shown,
        "address": address,
        "cells": _cells(shown),
        "findings": [each for each in all_findings(extraction) if shown.pk and each.row == shown],
        "offers": _offers(extraction, shown, request.POST),
        "form": form_class(instance=shown),
    }
    return render(request, "extraction/row.html", context, status=status)


def _cells(shown: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """Label, value and what is said of each cell that holds something."""
    names = [name for name in columns_of(shown) if name in numbers_of(shown) or name in shown.cells]
    return [
        (COLUMNS[name].label, text_of(getattr(shown, name)), {**shown.cells.get(name, {}), "name": name})
        for name in names
    ]


def _offers(extraction: Extraction, shown: Any, posted: Any) -> list[Offer]:
    values = numbers_of(shown)
    kind, extra = "arm", {}
    core, more = BY_KIND[shown.outcome.kind]
    offered = (*core, *more)
    if isinstance(shown, Contrast):
        kind, extra = "contrast", {"measure": shown.measure}
    defaults = _defaults(extraction, shown)
    return [
        _offer(each, {**values, **extra}, defaults, posted)
        for each in fitting(kind, {**values, **extra}, shown.derived_columns)
        if kind == "contrast" or set(each.gives) <= set(offered)
    ]


def _offer(derivation: Derivation, values: Any, defaults: dict[str, str], posted: Any) -> Offer:
    if derivation.parameters:
        asked = [
            (parameter, posted.get(parameter.name) or defaults.get(parameter.name, parameter.default))
            for parameter in derivation.parameters
        ]
        return Offer(derivation, [], "", asked)
    try:
        found = derive(derivation, values, {}).values
    except ConversionError as problem:
        return Offer(derivation, [], in_words(problem), [])
    return Offer(derivation, [(COLUMNS[name].label, f"{value:.6g}") for name, value in found.items()], "", [])


def _defaults(extraction: Extraction, shown: Any) -> dict[str, str]:
    """Parameters that other rows of the extraction hold: baseline and follow-up, or the two first arms."""
    if not isinstance(shown, ArmResult):
        return {}
    rows = ArmResult.objects.filter(
        arm__extraction=extraction, outcome=shown.outcome, subgroup=shown.subgroup
    )
    rows = rows.filter(population=shown.population, scores="final").select_related("arm")
    of_arm = [
        r for r in rows.order_by("time_point__position") if r.arm_id == shown.arm_id and r.mean is not None
    ]
    beside = [
        r
        for r in rows.order_by("arm__position")
        if r.time_point_id == shown.time_point_id and r.arm_id != shown.arm_id
    ]
    last = [r for r in of_arm if r.time_point_id == shown.time_point_id]
    pairs: list[tuple[Any, str, str]] = []
    if of_arm and last and of_arm[0] != last[0]:
        pairs += [(of_arm[0], "first_", ""), (last[0], "last_", "")]
    pairs += [(each, "", str(number)) for number, each in enumerate(beside[:2], 1)]
    return {
        f"{before}{name}{after}": text_of(getattr(each, name))
        for each, before, after in pairs
        for name in ("n", "events", "mean", "sd")
    }


def _act(
    request: HttpRequest, review: Review, extraction: Extraction, shown: Any, address: str
) -> HttpResponse:
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404("No such act")
    try:
        act(request, extraction, shown)
    except ConversionError as problem:
        messages.error(
            request, gettext("It cannot be derived: %(problem)s.") % {"problem": in_words(problem)}
        )
    except ExtractionRefused as refusal:
        messages.error(request, str(refusal))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        target = reverse("extraction:row", args=[review.slug, extraction.study_id])
        return redirect(f"{target}?{urlencode({'row': address})}")
    return _page(request, review, extraction, _fresh(extraction, address), address, status=422)


def _fresh(extraction: Extraction, address: str) -> Any:
    return row_at(extraction, parse_row(address))


def _derive(request: HttpRequest, extraction: Extraction, shown: Any) -> None:
    method = request.POST.get("method", "")
    derive_into(
        extraction=extraction, by=request.user, row=shown, method=method, parameters=request.POST.dict()
    )
    messages.success(
        request, gettext("Derived, with formula and inputs kept. It is marked wherever it is shown.")
    )


def _drop(request: HttpRequest, extraction: Extraction, shown: Any) -> None:
    drop_derived(extraction=extraction, by=request.user, row=shown, column=request.POST.get("column", ""))


def _explain(request: HttpRequest, extraction: Extraction, shown: Any) -> None:
    note = request.POST.get("answer", "").strip()
    kept = {key: told for key, told in shown.explained.items() if key != request.POST.get("check")}
    explained = {**kept, request.POST.get("check", ""): note} if note else kept
    describe_row(extraction=extraction, by=request.user, row=shown, explained=explained)


def _describe(request: HttpRequest, extraction: Extraction, shown: Any) -> None:
    form = (RowForm if isinstance(shown, ArmResult) else ContrastRowForm)(request.POST, instance=shown)
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.values() for error in errors])
    describe_row(extraction=extraction, by=request.user, row=shown, **form.cleaned_data)


ACTS: dict[str, Callable[[HttpRequest, Extraction, Any], None]] = {
    "derive": _derive,
    "drop": _drop,
    "explain": _explain,
    "describe": _describe,
}
