"""Pages about how the team works: the protocol, and how far its members agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role, Stage, User

from ..agreement import Agreement, NothingToCompare, cohen_kappa
from ..forms import ProtocolForm
from ..protocol import change_protocol, change_reasons, name_adjudicators
from ..queue import first_votes


@review_member()
def protocol(request: HttpRequest, review: Review) -> HttpResponse:
    """Read by every member, changed by the owner."""
    form = None
    if request.membership.is_owner:
        form = ProtocolForm(review, request.POST or None)
        if request.method == "POST" and form.is_valid():
            # The form wrote the new values into its instance; the rule compares with the stored ones.
            fields = form.protocol_fields()
            change_protocol(review=review, by=request.user, **fields)
            for stage in Stage:
                labels = form.cleaned_data[f"{stage}_reasons"].splitlines()
                change_reasons(review=review, stage=stage, labels=labels, by=request.user)
            name_adjudicators(review=review, members=form.cleaned_data["adjudicators"], by=request.user)
            messages.success(request, "The protocol is stored. What changed is kept in the audit trail.")
            return redirect("screening:protocol", review.slug)
    context = {
        "review": review,
        "form": form,
        "reasons": [(stage, review.exclusion_reasons.offered(stage)) for stage in Stage],
        "adjudicators": review.memberships.current().filter(is_adjudicator=True).select_related("user"),
    }
    return render(request, "screening/protocol.html", context, status=422 if form and form.errors else 200)


@dataclass(frozen=True)
class Pair:
    """Two people's agreement at a stage; the table counts first votes, include or maybe against exclude."""

    stage: Stage
    first: User
    second: User
    table: Sequence[Sequence[int]]
    agreement: Agreement


@review_member(Role.STATISTICIAN)
def agreement(request: HttpRequest, review: Review) -> HttpResponse:
    """Kappa of every pair, from the votes on citations whose blinding has ended."""
    people = {m.user_id: m.user for m in review.memberships.select_related("user")}
    pairs = [pair for stage in Stage for pair in _pairs(review, stage, people)]
    return render(request, "screening/agreement.html", {"review": review, "pairs": pairs})


def _pairs(review: Review, stage: Stage, people: dict[int, User]) -> list[Pair]:
    votes = list(first_votes(review, stage).values())
    pairs = []
    for first, second in combinations(people, 2):
        table = [[0, 0], [0, 0]]
        for cast in votes:
            if first in cast and second in cast:
                table[cast[first] == "exclude"][cast[second] == "exclude"] += 1
        try:
            pairs.append(Pair(stage, people[first], people[second], table, cohen_kappa(table)))
        except NothingToCompare:
            continue
    return pairs
