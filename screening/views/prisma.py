"""The PRISMA flow: numbers from rows, each a link to them; what is entered beside them; its files."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from ..models import Citation, FlowEvent, Record, Report
from ..prisma import words as flow_words
from ..prisma.boxes import boxes
from ..prisma.drawing import draw_svg
from ..prisma.flow import FlowImbalance, imbalances, reconcile
from ..prisma.forms import FlowChoice, OutsideForm, PreviousForm
from ..prisma.report import (
    Flow,
    FlowRefused,
    events_of,
    file_of,
    flow_of,
    record_event,
    reword,
    rows_of,
    withdraw_event,
    wordings,
)
from ..stored_words import in_words

# Format in the address -> media type and what the file's name ends with.
FILES = {
    "svg": ("image/svg+xml", ".svg"),
    "pdf": ("application/pdf", ".pdf"),
    "png": ("image/png", ".png"),
    "word": ("image/png", "-for-word.png"),
    "csv": ("text/csv; charset=utf-8", ".csv"),
}


@review_member()
def prisma(request: HttpRequest, review: Review) -> HttpResponse:
    choice = FlowChoice(review, request.GET)
    flow = flow_of(review, choice.asked())
    base = reverse("screening:prisma_rows", args=[review.slug])
    content = boxes(flow.counts, flow.words)
    links = {
        line.key: f"{base}?{urlencode({'of': line.key, **flow.asked.query})}"
        for box in content
        for line in box.lines
    }
    drawn = draw_svg(flow.counts, links, words=flow.words, note=flow.asked.note, theme="page")
    context = {
        "review": review,
        "choice": choice,
        "counts": flow.counts,
        "imbalances": imbalances(flow.counts),
        "table": [(line, links[line.key]) for box in content for line in box.lines],
        "events": events_of(review, flow),
        "query": urlencode(flow.asked.query),
        # The flow speaks English to everybody until the team words it otherwise.
        "is_worded": bool(flow.words),
        # Our own drawing, which escapes every text that came from outside.
        "flow_svg": mark_safe(drawn),
    }
    return render(request, "screening/prisma.html", context)


@review_member()
def rows(request: HttpRequest, review: Review) -> HttpResponse:
    """The rows behind one number, named by `?of=`, and what was entered to it."""
    key = request.GET.get("of", "")
    flow = flow_of(review, FlowChoice(review, request.GET).asked())
    query = rows_of(review, flow, key)
    events = events_of(review, flow, key) if key else []
    if query is None and not events:
        raise Http404(gettext("No such number"))
    query = Record.objects.none() if query is None else query
    page = Paginator(_with_what_is_shown(query), 50).get_page(request.GET.get("page"))
    context = {
        "review": review,
        "label": _label(flow, key),
        "key": key,
        "page": page,
        "events": events,
        "query": urlencode(flow.asked.query),
        "note": flow.asked.note,
        "kind": query.model._meta.model_name,
    }
    return render(request, "screening/prisma_rows.html", context)


def _label(flow: Flow, key: str) -> str:
    lines = (line for box in boxes(flow.counts, flow.words) for line in box.lines)
    found = next((line.label for line in lines if line.key == key), "")
    return flow_words.in_language(found) if found else in_words(key.replace("_", " ")).capitalize()


@review_member()
def download(request: HttpRequest, review: Review, format: str) -> HttpResponse:
    """The flow as a file; one that does not add up is refused and says which box is wrong."""
    flow = flow_of(review, FlowChoice(review, request.GET).asked())
    try:
        reconcile(flow.counts)
    except FlowImbalance as imbalance:
        return render(
            request, "screening/prisma_refused.html", {"review": review, "imbalance": imbalance}, status=409
        )
    media_type, ending = FILES[format]
    response = HttpResponse(file_of(flow, format), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{review.slug}-prisma-2020{ending}"'
    return response


@review_member(Role.REVIEWER)
def outside(request: HttpRequest, review: Review) -> HttpResponse:
    """Enter numbers that no row stands for: of a search done elsewhere, or of a previous version."""
    kind = "previous" if request.GET.get("kind") == "previous" else "records"
    form = {"previous": PreviousForm, "records": OutsideForm}[kind](request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_event(review=review, by=request.user, **form.said())
        except FlowRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Entered. The flow counts it from its date on."))
            return redirect("screening:prisma", review.slug)
    context = {"review": review, "form": form, "kind": kind}
    return render(request, "screening/prisma_outside.html", context, status=422 if form.errors else 200)


@require_POST
@review_member(Role.REVIEWER)
def outside_withdraw(request: HttpRequest, review: Review, event_pk: int) -> HttpResponse:
    event = get_object_or_404(FlowEvent.objects.standing().filter(review=review), pk=event_pk)
    try:
        withdraw_event(event=event, note=request.POST.get("note", ""), by=request.user)
        messages.success(request, gettext("Taken back; the entry stays in the history."))
    except FlowRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("screening:prisma", review.slug)


@review_member(Role.REVIEWER)
def wording(request: HttpRequest, review: Review) -> HttpResponse:
    """The team's own words for the labels; numbers cannot be edited."""
    flow = flow_of(review, FlowChoice(review, request.GET).asked())
    labels = wordings(flow)
    if request.method == "POST":
        texts = {
            each.key: request.POST[f"w:{each.key}"] for each in labels if f"w:{each.key}" in request.POST
        }
        reword(review=review, texts=texts, by=request.user)
        messages.success(request, gettext("The flow says it in your words now, in every file too."))
        return redirect("screening:prisma", review.slug)
    fills = "fill" in request.GET and flow_words.are_there()
    context = {
        "review": review,
        "labels": flow_words.filled(labels) if fills else labels,
        "may_fill": flow_words.are_there() and not fills,
        "fills": fills,
    }
    return render(request, "screening/prisma_wording.html", context)


def _with_what_is_shown(query):
    if query.model is Record:
        return query.select_related("search_run", "citation").order_by("search_run", "position")
    if query.model is Citation:
        return query.select_related("representative").order_by("pk")
    if query.model is Report:
        return query.select_related("citation__representative", "study").order_by("pk")
    return query.order_by("label")
