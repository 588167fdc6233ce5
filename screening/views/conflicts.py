"""Conflicts: all votes side by side, one key settles, the next loads in its place."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import adjudicator, review_member
from reviewsite.reviews.models import Review, Role, Stage
from reviewsite.web.keys import key_in

from ..deciding.conflict_desk import my_last_settlement, pile
from ..deciding.decisions import DecisionRefused, adjudicate, withdraw
from ..deciding.forms import DecisionForm
from ..room.discussion import comments_on


@review_member()
def conflicts(request: HttpRequest, review: Review) -> HttpResponse:
    """What is open at either stage, with the votes; a citation in conflict is no longer blind."""
    piles = [pile(review, stage) for stage in Stage]
    return render(request, "screening/conflicts.html", {"review": review, "piles": piles})


@review_member(Role.REVIEWER, Role.EXTRACTOR)
@adjudicator
def settle(request: HttpRequest, review: Review, stage: Stage) -> HttpResponse:
    return _desk(request, review, stage)


@require_POST
@review_member(Role.REVIEWER, Role.EXTRACTOR)
@adjudicator
def settle_one(request: HttpRequest, review: Review, stage: Stage, citation_pk: int) -> HttpResponse:
    citation = get_object_or_404(review.citations, pk=citation_pk)
    form = DecisionForm(review, stage, request.POST)
    if not form.is_valid():
        return _desk(request, review, stage, form, wanted=citation_pk)
    try:
        adjudicate(citation=citation, stage=stage, adjudicator=request.user, **form.cleaned_data)
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
    return _next(request, review, stage)


@require_POST
@review_member(Role.REVIEWER, Role.EXTRACTOR)
@adjudicator
def unsettle(request: HttpRequest, review: Review, stage: Stage) -> HttpResponse:
    """Take one's own last adjudication back; its citation lies on the desk again."""
    settled = my_last_settlement(review, stage, request.user)
    if settled is None:
        messages.info(request, gettext("There is nothing of yours to take back at this stage."))
        return _next(request, review, stage)
    withdraw(decision=settled, by=request.user)
    return _next(request, review, stage, wanted=settled.citation.merged_into_id or settled.citation_id)


def _next(request: HttpRequest, review: Review, stage: Stage, wanted: int | None = None) -> HttpResponse:
    # A page with its script puts the answer in place; without one it goes on to the next page.
    if request.htmx:
        return _desk(request, review, stage, wanted=wanted)
    answer = redirect("screening:settle", review.slug, stage)
    if wanted:
        answer["Location"] += f"?citation={wanted}"
    return answer


def _desk(
    request: HttpRequest,
    review: Review,
    stage: Stage,
    form: DecisionForm | None = None,
    wanted: int | None = None,
) -> HttpResponse:
    waiting = pile(review, stage)
    case = waiting.case(
        wanted=wanted or _number(request.GET.get("citation")), after=_number(request.GET.get("after"))
    )
    form = form or DecisionForm(review, stage)
    context = {
        "review": review,
        "stage": stage,
        "waiting": waiting,
        "case": case,
        "citation": case.citation if case else None,
        "comments": comments_on(case.citation, stage) if case else [],
        "form": form,
        "reasons": form.reasons,
        "client_uuid": uuid.uuid4(),
        "last_settled": my_last_settlement(review, stage, request.user),
    }
    return render(request, "screening/settle.html", context, status=422 if form.is_bound else 200)


def _number(text: str | None) -> int | None:
    return key_in(text)
