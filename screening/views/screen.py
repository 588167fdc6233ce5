"""The screening room: one citation at a time, blind.

Every act is a plain form that works by itself. A page that runs its script holds the next citations, shows
them without asking, and posts the same acts in the background (`acts`); both go through the same rules.
"""

import uuid
from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role, Stage
from reviewsite.web.keys import key_in, keys_in

from ..deciding.decisions import DecisionRefused, record_decision, withdraw
from ..deciding.forms import DecisionForm
from ..models import Citation, Decision
from ..order.reading_order import reading_at
from ..room import queue
from ..room import skips_and_keys as room
from ..room.forms import KeyForm
from ..room.keys import KeysRefused, layout
from ..room.posted_acts import Unreadable, perform, read_body
from ..room.queue import HandOut
from ..room.surroundings import Surroundings, surroundings
from ..rounds.participation import rounds_at
from ..stored_words import in_words

# How many citations the page holds beside the one it shows.
AHEAD = 10


@review_member(Role.REVIEWER)
def screen(request: HttpRequest, review: Review, stage: Stage) -> HttpResponse:
    wanted = request.GET.get("citation", "")
    given = queue.hand_out(review, request.user, stage, AHEAD + 1, wanted=key_in(wanted))
    return _room(request, review, stage, given)


@review_member(Role.REVIEWER)
def cards(request: HttpRequest, review: Review, stage: Stage) -> HttpResponse:
    """The cards of the reviewer's next citations, without those the page holds; or of one that is named."""
    wanted = request.GET.get("citation", "")
    if key_in(wanted) is not None:
        found = list(review.citations.at(stage).with_records().filter(pk=wanted))
        given = HandOut(found, reading_at(review, stage), [], {})
    else:
        held = keys_in(request.GET.get("held", "").split(","))
        given = queue.hand_out(review, request.user, stage, AHEAD, held=held)
    progress = _progress(request, review, stage, given) if "counts" in request.GET else None
    around = surroundings(review, request.user, stage, given.citations, progress=progress, offers=False)
    cards = _cards(request, stage, given.citations, around)
    context = {"review": review, "stage": stage, "cards": cards, "progress": around.progress}
    return render(request, "screening/_cards.html", context)


@require_POST
@review_member(Role.REVIEWER)
def acts(request: HttpRequest, review: Review, stage: Stage) -> HttpResponse:
    """Do what the page has done since; the answers name each act by its UUID."""
    try:
        posted = read_body(request.body)
    except Unreadable as reason:
        return JsonResponse({"sentence": str(reason)}, status=400)
    if posted.reviewer != request.user.pk:
        sentence = gettext(
            "Somebody else has signed in here; what is unsent waits for the person who did it."
        )
        return JsonResponse({"sentence": sentence}, status=409)
    return JsonResponse(
        {"answers": [asdict(perform(review, stage, request.user, act)) for act in posted.acts]}
    )


@require_POST
@review_member(Role.REVIEWER)
def decide(request: HttpRequest, review: Review, stage: Stage, citation_pk: int) -> HttpResponse:
    citation = get_object_or_404(review.citations.with_records(), pk=citation_pk)
    form = DecisionForm(review, stage, request.POST)
    if not form.is_valid():
        given = HandOut([citation], reading_at(review, stage), rounds_at(review, stage), {})
        return _room(request, review, stage, given, form, status=422)
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
        decision = get_object_or_404(mine, pk=key_in(request.POST["decision"]))
    else:
        # As they were made, whatever the clock of the machine said.
        decision = mine.order_by("pk").last()
    if decision is None:
        messages.info(request, gettext("There is no decision of yours to take back."))
        return redirect("screening:screen", review.slug, stage)
    try:
        withdraw(decision=decision, by=request.user)
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
    back = redirect("screening:screen", review.slug, stage)
    back["Location"] += f"?citation={decision.citation.merged_into_id or decision.citation_id}"
    return back


@require_POST
@review_member(Role.REVIEWER)
def skip(request: HttpRequest, review: Review, stage: Stage, citation_pk: int) -> HttpResponse:
    """Put a citation at the end of this person's queue; nothing is decided."""
    citation = get_object_or_404(review.citations.select_related("merged_into"), pk=citation_pk)
    room.skip(citation=citation, stage=stage, reviewer=request.user, note=request.POST.get("note", ""))
    return redirect("screening:screen", review.slug, stage)


@review_member(Role.REVIEWER)
def keys(request: HttpRequest, review: Review) -> HttpResponse:
    """The reviewer's own keys; they hold in every review."""
    form = KeyForm(room.keys_of(request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            room.choose_keys(person=request.user, keys=form.chosen())
        except KeysRefused as refusal:
            form.add_error(refusal.act, in_words(str(refusal)))
        else:
            messages.success(request, gettext("Your keys are stored."))
            return redirect("screening:keys", review.slug)
    status = 422 if form.errors else 200
    return render(request, "screening/keys.html", {"review": review, "form": form}, status=status)


def _room(
    request: HttpRequest,
    review: Review,
    stage: Stage,
    given: HandOut,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    citations = given.citations
    progress = _progress(request, review, stage, given)
    around = surroundings(review, request.user, stage, citations, progress=progress)
    request.keys_of_person = layout(given.keys)
    context = {
        "review": review,
        "stage": stage,
        "citation": citations[0] if citations else None,
        "cards": _cards(request, stage, citations, around),
        "form": form or DecisionForm(review, stage),
        "reasons": around.reasons,
        "client_uuid": uuid.uuid4(),
        "labels": around.labels,
        "why_nothing": ""
        if citations
        else queue.why_nothing(review, request.user, stage, around.progress, given.rounds),
        "progress": around.progress,
        "pilot": _pilot(given),
        "last_decisions": queue.my_last_decisions(review, request.user, stage),
    }
    template = "screening/full_text.html" if stage == Stage.FULL_TEXT else "screening/screen.html"
    return render(request, template, context, status=status)


def _pilot(given: HandOut) -> str:
    """The pilot that the main round waits for: whoever suddenly has fewer citations is told why."""
    is_waited_for = any(each.is_shut for each in given.rounds)
    return next((each.name for each in given.rounds if each.is_pilot), "") if is_waited_for else ""


def _progress(request: HttpRequest, review: Review, stage: Stage, given: HandOut):
    return queue.progress_columns(review, request.user, stage, given.reading, given.rounds)


def _cards(
    request: HttpRequest, stage: Stage, citations: list[Citation], around: Surroundings
) -> list[tuple[Citation, str, list[str]]]:
    """Citations with what the reviewer had begun to write on each, and the labels they may see on it."""
    notes = queue.skipped_notes(request.user, stage, citations)
    return [(each, notes.get(each.pk, ""), around.on.get(each.pk, [])) for each in citations]
