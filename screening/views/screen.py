"""The screening room: one citation at a time, blind."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role, Stage

from .. import queue
from ..decisions import DecisionRefused, record_decision, withdraw
from ..forms import DecisionForm
from ..models import Citation, Decision


@review_member(Role.REVIEWER)
def screen(request: HttpRequest, review: Review, stage: Stage) -> HttpResponse:
    skipped = request.session.get(_skip_key(review, stage), [])
    wanted = request.GET.get("citation", "")
    citation = None
    if wanted.isdigit():
        citation = queue.awaiting(review, request.user, stage).with_records().filter(pk=wanted).first()
    citation = citation or queue.next_citation(review, request.user, stage, skipped)
    return _room(request, review, stage, citation)


@require_POST
@review_member(Role.REVIEWER)
def decide(request: HttpRequest, review: Review, stage: Stage, citation_pk: int) -> HttpResponse:
    citation = get_object_or_404(review.citations.with_records(), pk=citation_pk)
    form = DecisionForm(review, stage, request.POST)
    if not form.is_valid():
        return _room(request, review, stage, citation, form, status=422)
    try:
        record_decision(citation=citation, stage=stage, reviewer=request.user, **form.cleaned_data)
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("screening:screen", review.slug, stage)


@require_POST
@review_member(Role.REVIEWER)
def undo(request: HttpRequest, review: Review, stage: Stage) -> HttpResponse:
    """Take back the reviewer's own decision that is named, else their latest, and show its citation again."""
    mine = Decision.objects.filter(review=review, stage=stage, reviewer=request.user).screening().standing()
    if "decision" in request.POST:
        decision = get_object_or_404(mine, pk=request.POST["decision"])
    else:
        decision = mine.order_by("decided_at", "pk").last()
    if decision is None:
        messages.info(request, "There is no decision of yours to take back.")
        return redirect("screening:screen", review.slug, stage)
    try:
        withdraw(decision=decision, by=request.user)
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
    room = redirect("screening:screen", review.slug, stage)
    room["Location"] += f"?citation={decision.citation.merged_into_id or decision.citation_id}"
    return room


@require_POST
@review_member(Role.REVIEWER)
def skip(request: HttpRequest, review: Review, stage: Stage, citation_pk: int) -> HttpResponse:
    """Put a citation at the end of this person's queue until they sign out; nothing is decided."""
    get_object_or_404(review.citations, pk=citation_pk)
    key = _skip_key(review, stage)
    skipped = [pk for pk in request.session.get(key, []) if pk != citation_pk]
    request.session[key] = [*skipped, citation_pk]
    return redirect("screening:screen", review.slug, stage)


def _room(
    request: HttpRequest,
    review: Review,
    stage: Stage,
    citation: Citation | None,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "review": review,
        "stage": stage,
        "citation": citation,
        "form": form or DecisionForm(review, stage),
        "client_uuid": uuid.uuid4(),
        "progress": queue.my_progress(review, request.user, stage),
        "last_decisions": queue.my_last_decisions(review, request.user, stage),
    }
    return render(request, "screening/screen.html", context, status=status)


def _skip_key(review: Review, stage: Stage) -> str:
    return f"skipped-{review.pk}-{stage}"
