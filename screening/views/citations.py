"""Lists of citations and the page of one: its sources, decisions and history."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Stage

from .. import queue
from ..citation_list import listed
from ..discussion import comments_on, stages_open
from ..exporters import WRITERS
from ..forms import CitationFilter
from ..intake import as_raw_record
from ..labels import labels_on
from ..models import DuplicateLink, Record


@review_member()
def citations(request: HttpRequest, review: Review) -> HttpResponse:
    form = CitationFilter(review, request.GET)
    found = listed(review, request.user, form.narrowing())
    keys = found.values_list("pk", flat=True)
    # Texts are searched once, not once to count and once more to show.
    page = Paginator(list(keys) if form.narrowing().text else keys, 50).get_page(request.GET.get("page"))
    shown = list(review.citations.filter(pk__in=list(page.object_list)).with_records())
    labels = labels_on(shown, request.user)
    context = {
        "review": review,
        "form": form,
        "page": page,
        "rows": [(citation, labels.get(citation.pk, [])) for citation in shown],
    }
    return render(request, "screening/citations.html", context)


@review_member()
def export(request: HttpRequest, review: Review, format: str) -> HttpResponse:
    """The citations that the list's filter lets through, as a file that other tools read; no decisions."""
    media_type, write = WRITERS[format]
    form = CitationFilter(review, request.GET)
    found = listed(review, request.user, form.narrowing()).select_related("representative")
    records = (as_raw_record(citation.representative) for citation in found.iterator(chunk_size=500))
    headers = {"Content-Disposition": f'attachment; filename="{review.slug}-citations.{format}"'}
    return HttpResponse(write(records), content_type=media_type, headers=headers)


@review_member()
def citation(request: HttpRequest, review: Review, citation_pk: int) -> HttpResponse:
    citation = get_object_or_404(review.citations.with_records(), pk=citation_pk)
    if citation.merged_into_id:
        return redirect("screening:citation", review.slug, citation.merged_into_id)
    context = {
        "review": review,
        "citation": citation,
        "stages": [
            (stage, citation.state_at(stage), queue.visible_decisions(citation, stage, request.user))
            for stage in Stage
            if stage == Stage.TITLE_ABSTRACT or hasattr(citation, "report")
        ],
        "labels": labels_on([citation], request.user).get(citation.pk, []),
        "offered": review.labels.offered(),
        "discussions": [(stage, comments_on(citation, stage)) for stage in stages_open(citation)],
        "links": DuplicateLink.objects.of_citation(citation).select_related("first", "second", "decided_by"),
    }
    return render(request, "screening/citation.html", context)


@review_member()
def record(request: HttpRequest, review: Review, record_pk: int) -> HttpResponse:
    """One record as its database gave it, every field, and the text it was read from."""
    record = get_object_or_404(
        Record.objects.filter(review=review)
        .select_related("search_run", "citation")
        .prefetch_related("notices"),
        pk=record_pk,
    )
    return render(request, "screening/record.html", {"review": review, "record": record})
