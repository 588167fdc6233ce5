"""The team page and the rounds: who screens what, how far it is, and the acts of the owner."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role, Stage

from ..models import Round
from ..rounds import rules as rounds
from ..rounds.agreement_report import report_in
from ..rounds.forms import PeopleForm, ReasonForm, RoundForm
from ..rounds.rules import RoundRefused
from ..rounds.team_overview import card_of, cards


@review_member()
def team(request: HttpRequest, review: Review) -> HttpResponse:
    """Each stage's rounds; how much each person has done is for the owner."""
    stages = [(stage, cards(review, stage, request.membership)) for stage in Stage]
    return render(request, "screening/team.html", {"review": review, "stages": stages})


@review_member(Role.OWNER)
def new(request: HttpRequest, review: Review, stage: Stage) -> HttpResponse:
    form = RoundForm(review, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            round = rounds.open_round(
                review=review,
                stage=stage,
                by=request.user,
                kind=form.cleaned_data["kind"],
                choice=form.choice(),
                people=form.places(),
                **form.terms(),
            )
        except RoundRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                gettext("“{round}” is open with {n} citations.").format(round=round, n=round.places.count()),
            )
            return redirect("screening:team", review.slug)
    context = {"review": review, "stage": stage, "form": form}
    return render(request, "screening/round_new.html", context, status=422 if form.errors else 200)


@require_POST
@review_member(Role.OWNER)
def main(request: HttpRequest, review: Review, stage: Stage) -> HttpResponse:
    """Give the main round that everything is in a row of its own, to set it up."""
    round = rounds.main_round(review=review, stage=stage, by=request.user)
    return redirect("screening:round", review.slug, round.pk)


@review_member()
def round_page(request: HttpRequest, review: Review, round_pk: int) -> HttpResponse:
    return _page(request, review, _find(review, round_pk))


@require_POST
@review_member(Role.OWNER)
def change(request: HttpRequest, review: Review, round_pk: int) -> HttpResponse:
    round = _find(review, round_pk)
    form = PeopleForm(review, request.POST, round=round)
    if form.is_valid():
        try:
            rounds.change_round(round=round, by=request.user, people=form.places(), **form.terms())
            messages.success(
                request, gettext("The round is changed. Votes already given stay and are counted anew.")
            )
            return redirect("screening:round", review.slug, round.pk)
        except RoundRefused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, review, round, form, status=422)


@require_POST
@review_member(Role.OWNER)
def act(request: HttpRequest, review: Review, round_pk: int) -> HttpResponse:
    """Unblind, open against the threshold, or dissolve; each with its reason."""
    round = _find(review, round_pk)
    form = ReasonForm(request.POST)
    acts = {"unblind": rounds.unblind, "override": rounds.override_gate, "dissolve": rounds.dissolve}
    if form.is_valid():
        try:
            event = acts[form.cleaned_data["act"]](
                round=round, by=request.user, reason=form.cleaned_data["reason"]
            )
            messages.success(
                request,
                gettext("Recorded: {act}.").format(act=_with_small_initial(gettext(event.get_act_display()))),
            )
            return redirect("screening:team", review.slug)
        except RoundRefused as refusal:
            messages.warning(request, str(refusal))
    return redirect("screening:round", review.slug, round.pk)


def _with_small_initial(text: str) -> str:
    return text[:1].lower() + text[1:]


def _find(review: Review, round_pk: int) -> Round:
    standing = Round.objects.standing().filter(review=review).select_related("review__protocol")
    return get_object_or_404(standing, pk=round_pk)


def _page(
    request: HttpRequest, review: Review, round: Round, form: PeopleForm | None = None, status: int = 200
) -> HttpResponse:
    card = card_of(round, request.membership)
    is_owner = request.membership.is_owner
    context = {
        "review": review,
        "round": round,
        "card": card,
        "form": form or (PeopleForm(review, round=round) if is_owner else None),
        "report": report_in(card.at) if request.membership.may_analyse else None,
    }
    return render(request, "screening/round.html", context, status=status)
