"""What a team says of a citation beside decisions: labels, the discussion, and "this is a copy of that"."""

import csv
import io

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role, Stage
from reviewsite.web.keys import key_in

from ..citations.forms import LabelFileForm
from ..citations.labels import LabelRefused, make_label, put_on, read_labels, retire_label, take_off
from ..duplicates.deduplication import LinkRefused, mark_duplicate
from ..exporters import safe
from ..models import Citation, Labelling
from ..room.discussion import CommentRefused, add_comment


@review_member()
def labels(request: HttpRequest, review: Review) -> HttpResponse:
    """The shared labels with how many citations each is on, as far as the reader may see."""
    seen = Labelling.objects.filter(label__review=review).standing().visible_to(request.user).order_by()
    counts = dict(seen.values_list("label").annotate(n=Count("citation", distinct=True)))
    offered = [(label, counts.get(label.pk, 0)) for label in review.labels.offered()]
    context = {"review": review, "labels": offered, "form": LabelFileForm()}
    return render(request, "screening/labels.html", context)


@require_POST
@review_member(Role.REVIEWER, Role.EXTRACTOR)
def label_add(request: HttpRequest, review: Review) -> HttpResponse:
    try:
        make_label(review=review, name=request.POST.get("name", ""), by=request.user)
    except LabelRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("screening:labels", review.slug)


@require_POST
@review_member(Role.OWNER)
def label_retire(request: HttpRequest, review: Review, label_pk: int) -> HttpResponse:
    retire_label(label=get_object_or_404(review.labels, pk=label_pk), by=request.user)
    return redirect("screening:labels", review.slug)


@require_POST
@review_member(Role.REVIEWER, Role.EXTRACTOR)
def labels_import(request: HttpRequest, review: Review) -> HttpResponse:
    form = LabelFileForm(request.POST, request.FILES)
    read = None
    if form.is_valid():
        try:
            header, *rows = form.cleaned_data["file"]
            read = read_labels(review=review, header=header, rows=rows, by=request.user)
        except LabelRefused as refusal:
            form.add_error("file", str(refusal))
    context = {"review": review, "form": form, "read": read}
    status = 422 if form.errors else 200
    return render(request, "screening/labels_read.html", context, status=status)


@review_member()
def labels_export(request: HttpRequest, review: Review) -> HttpResponse:
    """A row for each label on a citation that the reader may see; the import reads this file back."""
    rows = Labelling.objects.filter(label__review=review).standing().visible_to(request.user)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["citation", "label", "put_by", "put_at", "pmid", "doi", "title"])
    joined = rows.select_related("label", "put_by", "citation__representative", "citation__merged_into")
    for row in joined.order_by("citation", "label__name"):
        record = row.citation.representative
        citation = row.citation.merged_into_id or row.citation_id
        who = row.put_by.name
        when = row.put_at.isoformat(timespec="seconds")
        texts = (record.pmid, record.doi, record.title)
        writer.writerow([citation, safe(row.label.name), safe(who), when, *map(safe, texts)])
    headers = {"Content-Disposition": f'attachment; filename="{review.slug}-labels.csv"'}
    return HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@review_member(Role.REVIEWER, Role.EXTRACTOR)
def label_citation(request: HttpRequest, review: Review, citation_pk: int) -> HttpResponse:
    """Put a label on, or take it off, as the button says; back to where the person was."""
    citation = get_object_or_404(review.citations.select_related("merged_into"), pk=citation_pk)
    try:
        label = make_label(review=review, name=request.POST.get("name", ""), by=request.user)
        act = take_off if request.POST.get("off") else put_on
        act(label=label, citation=citation, by=request.user)
    except LabelRefused as refusal:
        messages.warning(request, str(refusal))
    return _back(request, review, citation)


@require_POST
@review_member(Role.REVIEWER, Role.EXTRACTOR)
def discuss(request: HttpRequest, review: Review, stage: Stage, citation_pk: int) -> HttpResponse:
    citation = get_object_or_404(review.citations.select_related("merged_into"), pk=citation_pk)
    try:
        add_comment(citation=citation, stage=stage, author=request.user, text=request.POST.get("text", ""))
    except CommentRefused as refusal:
        messages.warning(request, str(refusal))
    pk = citation.live_citation.pk
    if request.POST.get("desk") and request.membership.may_adjudicate:
        return redirect(f"{reverse('screening:settle', args=[review.slug, stage])}?citation={pk}")
    return redirect("screening:citation", review.slug, pk)


@review_member(Role.REVIEWER)
def duplicate(request: HttpRequest, review: Review, citation_pk: int) -> HttpResponse:
    """Say which other citation this one is a copy of: search, choose, and the two are one."""
    if request.method == "POST":
        return _link(request, review, citation_pk)
    citation = get_object_or_404(review.citations.live().with_records(), pk=citation_pk)
    text = request.GET.get("text", citation.representative.title)
    others = review.citations.live().exclude(pk=citation.pk)
    found = others.like(text).with_records()[:20] if text.strip() else []
    context = {"review": review, "citation": citation, "text": text, "found": found}
    return render(request, "screening/duplicate.html", context)


def _link(request: HttpRequest, review: Review, citation_pk: int) -> HttpResponse:
    # Merged ones are found too: a page that was open meanwhile is told so by the rule.
    citation = get_object_or_404(review.citations.all(), pk=citation_pk)
    wanted = request.POST.get("of", "")
    other = get_object_or_404(review.citations.all(), pk=key_in(wanted))
    try:
        mark_duplicate(citation=citation, original=other, person=request.user)
        messages.success(
            request, gettext("The two are one citation now; it can be undone under its sources.")
        )
    except LinkRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("screening:screen", review.slug, Stage.TITLE_ABSTRACT)


def _back(request: HttpRequest, review: Review, citation: Citation) -> HttpResponse:
    """To the room with this citation before the person when they came from there, else to its page."""
    pk = citation.live_citation.pk
    if request.POST.get("room") in Stage.values:
        back = redirect("screening:screen", review.slug, request.POST["room"])
        back["Location"] += f"?citation={pk}"
        return back
    return redirect("screening:citation", review.slug, pk)
