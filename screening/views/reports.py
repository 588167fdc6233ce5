"""Reports: getting hold of the full texts, and the page of one report."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from ..full_text.forms import PdfUploadForm, RetrievalForm
from ..full_text.retrieval import counts_by_state, record_retrieval, state_to_show
from ..models import Report, Retrieval

REPORTS_A_PAGE = 100
# What is written most often when a report could not be had; offered, not prescribed.
USUAL_REASONS = (
    gettext_lazy("No access through the library or interlibrary loan"),
    gettext_lazy("Authors did not answer"),
    gettext_lazy("Only a conference abstract exists"),
    gettext_lazy("The journal or the article cannot be found"),
    gettext_lazy("Retracted and taken down"),
)


@review_member()
def reports(request: HttpRequest, review: Review) -> HttpResponse:
    return _page(request, review, RetrievalForm(Report.objects.none()))


@require_POST
@review_member(Role.REVIEWER, Role.EXTRACTOR)
def mark(request: HttpRequest, review: Review) -> HttpResponse:
    sought = _sought(review)
    form = RetrievalForm(sought, request.POST)
    if not form.is_valid():
        return _page(request, review, form, status=422)
    marked = [report for report in sought if report.pk in form.cleaned_data["reports"]]
    state, note = form.cleaned_data["state"], form.cleaned_data["note"]
    record_retrieval(reports=marked, state=state, note=note, by=request.user)
    messages.success(
        request,
        gettext("{n} marked as {state}.").format(
            n=len(marked), state=gettext(Retrieval(state).label).lower()
        ),
    )
    if "report_page" in request.POST:
        return redirect("screening:report", review.slug, marked[0].pk)
    return redirect("screening:reports", review.slug)


@review_member()
def report(request: HttpRequest, review: Review, report_pk: int) -> HttpResponse:
    """One report: where its full text is, how it was got, its PDFs, and its study."""
    shown = get_object_or_404(_sought(review), pk=report_pk)
    context = {
        "review": review,
        "report": shown,
        "events": shown.retrieval_events.select_related("recorded_by"),
        "documents": shown.documents.select_related("uploaded_by"),
        "states": Retrieval,
        "usual_reasons": USUAL_REASONS,
        "upload_form": PdfUploadForm(review, initial={"report": shown.pk}),
    }
    return render(request, "screening/report.html", context)


def _sought(review: Review):
    return (
        Report.objects.filter(review=review)
        .sought()
        .select_related("citation__representative", "study")
        .prefetch_related("retrieval_events__recorded_by", "citation__records__notices", "documents")
    )


def _page(request: HttpRequest, review: Review, form: RetrievalForm, status: int = 200) -> HttpResponse:
    counts = counts_by_state(review)
    state = state_to_show(counts, request.POST.get("shown") or request.GET.get("state", ""))
    page = Paginator(_sought(review).filter(retrieval=state), REPORTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "review": review,
        "form": form,
        "tabs": [(each, counts[each]) for each in Retrieval],
        "state": state,
        "page": page,
        "to_match": review.documents.awaiting_a_report().count(),
        "usual_reasons": USUAL_REASONS,
    }
    return render(request, "screening/reports.html", context, status=status)
