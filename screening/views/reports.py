"""Reports: getting hold of the full texts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from ..forms import RetrievalForm
from ..models import Report, Retrieval
from ..retrieval import record_retrieval


@review_member()
def reports(request: HttpRequest, review: Review) -> HttpResponse:
    return _page(request, review, RetrievalForm(_sought(review)))


@require_http_methods(["POST"])
@review_member(Role.REVIEWER, Role.EXTRACTOR)
def mark(request: HttpRequest, review: Review) -> HttpResponse:
    sought = _sought(review)
    form = RetrievalForm(sought, request.POST)
    if not form.is_valid():
        return _page(request, review, form, status=422)
    marked = [report for report in sought if report.pk in form.cleaned_data["reports"]]
    state, note = form.cleaned_data["state"], form.cleaned_data["note"]
    record_retrieval(reports=marked, state=state, note=note, by=request.user)
    messages.success(request, f"{len(marked)} marked as {Retrieval(state).label.lower()}.")
    return redirect("screening:reports", review.slug)


def _sought(review: Review):
    return (
        Report.objects.filter(review=review)
        .sought()
        .select_related("citation__representative", "study")
        .prefetch_related("retrieval_events", "citation__records__notices")
    )


def _page(request: HttpRequest, review: Review, form: RetrievalForm, status: int = 200) -> HttpResponse:
    sought = _sought(review)
    groups = [(state, [r for r in sought if r.retrieval == state]) for state in Retrieval]
    context = {"review": review, "groups": groups, "form": form, "states": Retrieval}
    return render(request, "screening/reports.html", context, status=status)
