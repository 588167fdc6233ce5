"""Conflicts: both votes side by side, one key settles, the next loads."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import adjudicator, review_member
from reviewsite.reviews.models import Review, Role, Stage

from .. import queue
from ..decisions import DecisionRefused, adjudicate
from ..forms import DecisionForm


@review_member()
def conflicts(request: HttpRequest, review: Review) -> HttpResponse:
    """What is open at either stage; the first stage with a conflict is where settling starts."""
    open_at = [(stage, queue.open_conflicts(review, stage)) for stage in Stage]
    return render(request, "screening/conflicts.html", {"review": review, "open_at": open_at})


@review_member(Role.REVIEWER, Role.EXTRACTOR)
@adjudicator
def settle(request: HttpRequest, review: Review, stage: Stage) -> HttpResponse:
    return _desk(request, review, stage, DecisionForm(review, stage))


@require_POST
@review_member(Role.REVIEWER, Role.EXTRACTOR)
@adjudicator
def settle_one(request: HttpRequest, review: Review, stage: Stage, citation_pk: int) -> HttpResponse:
    citation = get_object_or_404(review.citations, pk=citation_pk)
    form = DecisionForm(review, stage, request.POST)
    if not form.is_valid():
        return _desk(request, review, stage, form, status=422)
    try:
        adjudicate(citation=citation, stage=stage, adjudicator=request.user, **form.cleaned_data)
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("screening:settle", review.slug, stage)


def _desk(
    request: HttpRequest, review: Review, stage: Stage, form: DecisionForm, status: int = 200
) -> HttpResponse:
    waiting = queue.open_conflicts(review, stage)
    citation = waiting.first()
    context = {
        "review": review,
        "stage": stage,
        "citation": citation,
        "votes": queue.standing_votes(citation, stage) if citation else [],
        "waiting": waiting.count(),
        "form": form,
        "client_uuid": uuid.uuid4(),
    }
    return render(request, "screening/settle.html", context, status=status)
