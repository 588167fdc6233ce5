"""The PRISMA flow: numbers from rows, each a link to them."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review

from ..models import Citation, Record, Report
from ..prisma.counts import flow_counts, rows_behind
from ..prisma.drawing import draw_svg
from ..prisma.flow import FlowImbalance, boxes, imbalances, reconcile
from ..prisma.template_csv import as_csv


@review_member()
def prisma(request: HttpRequest, review: Review) -> HttpResponse:
    counts = flow_counts(review)
    base = reverse("screening:prisma_rows", args=[review.slug])
    links = {line.key: f"{base}?{urlencode({'of': line.key})}" for box in boxes(counts) for line in box.lines}
    context = {
        "review": review,
        "counts": counts,
        "imbalances": imbalances(counts),
        "boxes": boxes(counts),
        "links": links,
        # Our own drawing, which escapes every text that came from outside.
        "flow_svg": mark_safe(draw_svg(counts, links, theme="page")),
    }
    return render(request, "screening/prisma.html", context)


@review_member()
def rows(request: HttpRequest, review: Review) -> HttpResponse:
    """The rows behind one number, named by `?of=`."""
    key = request.GET.get("of", "")
    query = rows_behind(review).get(key)
    if query is None:
        raise Http404("No such number")
    label = next((line.label for b in boxes(flow_counts(review)) for line in b.lines if line.key == key), key)
    page = Paginator(_with_what_is_shown(query), 50).get_page(request.GET.get("page"))
    context = {
        "review": review,
        "label": label,
        "key": key,
        "page": page,
        "kind": query.model._meta.model_name,
    }
    return render(request, "screening/prisma_rows.html", context)


@review_member()
def download(request: HttpRequest, review: Review, format: str) -> HttpResponse:
    """The flow as SVG or CSV; one that does not add up is refused and says which box is wrong."""
    counts = flow_counts(review)
    try:
        reconcile(counts)
    except FlowImbalance as imbalance:
        return render(
            request, "screening/prisma_refused.html", {"review": review, "imbalance": imbalance}, status=409
        )
    if format == "svg":
        response = HttpResponse(draw_svg(counts), content_type="image/svg+xml")
    else:
        response = HttpResponse(as_csv(counts), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{review.slug}-prisma-2020.{format}"'
    return response


def _with_what_is_shown(query):
    if query.model is Record:
        return query.select_related("search_run", "citation").order_by("search_run", "position")
    if query.model is Citation:
        return query.select_related("representative").order_by("pk")
    if query.model is Report:
        return query.select_related("citation__representative", "study").order_by("pk")
    return query.order_by("label")
