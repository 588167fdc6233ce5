"""A citation's records as one cluster; accepting many unsure pairs on a sample; overlap of the databases."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from reviewsite.web.keys import key_in

from ..duplicates import bulk as bulk_duplicates
from ..duplicates.best_fields import FIELDS, best_fields
from ..duplicates.deduplication import LinkRefused, choose_field, mark_duplicate, split_off
from ..models import DuplicateLink, Record
from ..searches.overlap import Overlap, overlap_of
from ..searches.upset import upset_svg


@review_member()
def cluster(request: HttpRequest, review: Review, citation_pk: int) -> HttpResponse:
    """The records that are screened as one, field by field, and why they are held to be one."""
    citation = get_object_or_404(review.citations.with_records(), pk=citation_pk)
    if citation.merged_into_id:
        return redirect("screening:cluster", review.slug, citation.merged_into_id)
    records = list(citation.records.all())
    best = best_fields(citation.representative, records, citation.chosen_fields)
    context = {
        "review": review,
        "citation": citation,
        "records": records,
        "rows": [(field, _cells(field, records, best), field in citation.chosen_fields) for field in FIELDS],
        "links": DuplicateLink.objects.of_citation(citation).select_related("first", "second", "decided_by"),
    }
    return render(request, "screening/cluster.html", context)


@require_POST
@review_member(Role.REVIEWER)
def choose(request: HttpRequest, review: Review, record_pk: int) -> HttpResponse:
    """Show a field of the citation from this record."""
    record = get_object_or_404(Record.objects.filter(review=review), pk=record_pk)
    try:
        choose_field(record=record, field=request.POST.get("field", ""), person=request.user)
    except LinkRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("screening:cluster", review.slug, record.citation_id)


@require_POST
@review_member(Role.REVIEWER)
def split(request: HttpRequest, review: Review, record_pk: int) -> HttpResponse:
    """Take this record out of its citation."""
    record = get_object_or_404(Record.objects.filter(review=review), pk=record_pk)
    citation = record.citation_id
    try:
        split_off(record=record, person=request.user)
        messages.success(
            request, gettext("Taken out. To undo it, open the pair below and say that it is the same.")
        )
    except LinkRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("screening:cluster", review.slug, citation)


@require_POST
@review_member(Role.REVIEWER)
def mark(request: HttpRequest, review: Review, citation_pk: int) -> HttpResponse:
    """Say that this citation is a copy of the one named in `original`."""
    citation = get_object_or_404(review.citations.all(), pk=citation_pk)
    wanted = request.POST.get("original", "")
    original = get_object_or_404(review.citations.all(), pk=key_in(wanted))
    try:
        link = mark_duplicate(citation=citation, original=original, person=request.user)
        messages.success(
            request, gettext("Marked as a copy; the two are screened as one citation from now on.")
        )
    except LinkRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("screening:cluster", review.slug, original.pk)
    return redirect("screening:pair", review.slug, link.pk)


@require_POST
@review_member(Role.REVIEWER)
def draw(request: HttpRequest, review: Review) -> HttpResponse:
    """Draw a sample of the unsure pairs above a score."""
    try:
        threshold = float(request.POST.get("threshold", ""))
        sample = bulk_duplicates.draw_sample(review=review, threshold=threshold, person=request.user)
    except ValueError:
        messages.error(request, gettext("Give the score as a number from 0 to 1."))
    except LinkRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        return redirect("screening:pair_sample", review.slug, sample.pk)
    return redirect("screening:duplicates", review.slug)


@review_member()
def sample(request: HttpRequest, review: Review, sample_pk: int) -> HttpResponse:
    """The drawn pairs, what was said of each, and the error that this implies for the rest."""
    sample = get_object_or_404(review.pair_samples.select_related("drawn_by", "accepted_by"), pk=sample_pk)
    context = {
        "review": review,
        "sample": sample,
        "links": bulk_duplicates.heads(sample),
        "next": bulk_duplicates.next_in(sample),
        "error": bulk_duplicates.error_of(sample),
        "rest": bulk_duplicates.unsure_from(review, sample.threshold).exclude(pk__in=sample.link_ids).count(),
    }
    return render(request, "screening/pair_sample.html", context)


@require_POST
@review_member(Role.REVIEWER)
def accept(request: HttpRequest, review: Review, sample_pk: int) -> HttpResponse:
    """Accept every pair that still waits at the sample's score or above."""
    sample = get_object_or_404(review.pair_samples.all(), pk=sample_pk)
    try:
        number = bulk_duplicates.accept_rest(sample=sample, person=request.user)
        messages.success(
            request,
            gettext("{number} pairs are held the same now. Each can be looked at and undone.").format(
                number=number
            ),
        )
    except LinkRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("screening:pair_sample", review.slug, sample.pk)


@review_member()
def overlap(request: HttpRequest, review: Review) -> HttpResponse:
    """Which databases found which citations, as a picture and as a table."""
    found = overlap_of(review)
    context = {"review": review, "overlap": found, "picture": mark_safe(_picture(found))}
    return render(request, "screening/overlap.html", context)


@review_member()
def overlap_picture(request: HttpRequest, review: Review) -> HttpResponse:
    """The picture as a file."""
    picture = _picture(overlap_of(review))
    headers = {"Content-Disposition": f'inline; filename="{review.slug}-overlap.svg"'}
    return HttpResponse(picture, content_type="image/svg+xml", headers=headers)


def _picture(found: Overlap) -> str:
    return upset_svg([(each.database, each.citations) for each in found.databases], found.combinations)


def _cells(field: str, records: list[Record], best: dict[str, Record]) -> list[tuple[Record, str, bool]]:
    """What each record has for a field, and whether the citation shows it."""
    shown = best.get(field)
    return [(record, _text(getattr(record, field)), record == shown) for record in records]


def _text(value: object) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value or "")
