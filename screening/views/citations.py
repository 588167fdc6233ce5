"""Lists of citations and the page of one: its sources, decisions and history."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role, Stage
from reviewsite.web.keys import keys_in

from ..citations.export import citation_file
from ..citations.forms import CitationFilter
from ..citations.labels import labels_on
from ..citations.listing import listed
from ..deciding.bulk import BulkRefused, ask_for
from ..deciding.forms import BulkForm
from ..models import DuplicateLink, Record
from ..models.citations import fetch_records
from ..room import queue
from ..room.discussion import comments_on, stages_open
from ..tasks import decide_many


@review_member()
def citations(request: HttpRequest, review: Review) -> HttpResponse:
    form = CitationFilter(review, request.GET)
    found = listed(review, request.user, form.narrowing())
    if form.is_narrowed:
        # What narrows is gone through once, not once to count and once more to show.
        page = Paginator(list(found.values_list("pk", flat=True)), 50).get_page(request.GET.get("page"))
        shown = list(review.citations.filter(pk__in=page.object_list))
    else:
        page = Paginator(found, 50).get_page(request.GET.get("page"))
        shown = list(page.object_list)
    fetch_records(shown)
    labels = labels_on(shown, request.user)
    context = {
        "review": review,
        "form": form,
        "page": page,
        "bulk": BulkForm(review) if request.membership.is_owner else None,
        "rows": [(citation, labels.get(citation.pk, [])) for citation in shown],
    }
    return render(request, "screening/citations.html", context)


@require_POST
@review_member(Role.OWNER)
def bulk(request: HttpRequest, review: Review) -> HttpResponse:
    """Have the owner's decision stored on what is ticked, or on all that the list's filter lets through."""
    form = BulkForm(review, request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect(f"{reverse('screening:citations', args=[review.slug])}?{request.GET.urlencode()}")
    asked = form.cleaned_data
    wanted = listed(review, request.user, CitationFilter(review, request.GET).narrowing())
    if asked.pop("scope") == "ticked":
        wanted = wanted.filter(pk__in=keys_in(request.POST.getlist("citation")))
    try:
        keys = list(wanted.values_list("pk", flat=True))
        act = ask_for(review=review, citations=keys, by=request.user, **asked)
    except BulkRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect(f"{reverse('screening:citations', args=[review.slug])}?{request.GET.urlencode()}")
    decide_many.enqueue(act.pk)
    return redirect("screening:bulk_decision", review.slug, act.pk)


@review_member(Role.OWNER)
def bulk_decision(request: HttpRequest, review: Review, bulk_pk: int) -> HttpResponse:
    act = get_object_or_404(review.bulk_decisions.select_related("job", "reason", "asked_by"), pk=bulk_pk)
    return render(request, "screening/bulk.html", {"review": review, "bulk": act})


@review_member()
def export(request: HttpRequest, review: Review, format: str) -> HttpResponse:
    """The citations that the list's filter lets through, as a file that other tools read.

    `?with=decisions` adds what its reader may know of decisions, reasons, labels and notes.
    """
    found = listed(review, request.user, CitationFilter(review, request.GET).narrowing())
    is_told = request.GET.get("with") == "decisions"
    media_type, content = citation_file(found, request.user, format, with_decisions=is_told)
    headers = {"Content-Disposition": f'attachment; filename="{review.slug}-citations.{format}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


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
