"""Tables over all studies, the CSV of the agreed results, and the review's outcomes and time points."""

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from ..forms import OutcomeForm, TimePointForm
from ..models import ArmResult
from ..vocabulary import add_outcome, add_time_point

COLUMNS = (
    "study",
    "arm",
    "outcome",
    "time_point",
    "population",
    "analysis_set",
    "events",
    "n",
    "mean",
    "sd",
    "estimate",
    "ci_low",
    "ci_high",
    "provenance",
    "derivation",
    "page",
    "quote",
    "source_url",
    "note",
)


@review_member()
def table(request: HttpRequest, review: Review) -> HttpResponse:
    rows = ArmResult.objects.agreed(review)
    return render(request, "extraction/table.html", {"review": review, "rows": rows})


@review_member()
def table_csv(request: HttpRequest, review: Review) -> HttpResponse:
    """Agreed results in long form, ready for R; cells that a spreadsheet would run are defused."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{review.slug}-results.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for row in ArmResult.objects.agreed(review):
        values = {"study": row.arm.extraction.study}
        cells = [values.get(name, getattr(row, name, None)) for name in COLUMNS]
        writer.writerow([harmless("" if cell is None else str(cell)) for cell in cells])
    return response


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; plain numbers stay numbers."""
    if not cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


@review_member()
def vocabulary(request: HttpRequest, review: Review) -> HttpResponse:
    """Outcomes and time points; extractors add to them."""
    kind = request.POST.get("add")
    may_add = request.membership.may_extract or request.membership.may_analyse
    outcome_form = OutcomeForm(request.POST if kind == "outcome" else None, prefix="outcome")
    time_form = TimePointForm(request.POST if kind == "time_point" else None, prefix="time")
    if may_add and kind == "outcome" and outcome_form.is_valid():
        add_outcome(review=review, by=request.user, **outcome_form.cleaned_data)
        return redirect("extraction:vocabulary", review.slug)
    if may_add and kind == "time_point" and time_form.is_valid():
        add_time_point(review=review, by=request.user, **time_form.cleaned_data)
        return redirect("extraction:vocabulary", review.slug)
    context = {
        "review": review,
        "may_add": may_add,
        "outcome_form": outcome_form,
        "time_form": time_form,
        "roles": Role,
    }
    return render(
        request, "extraction/vocabulary.html", context, status=422 if request.method == "POST" else 200
    )
