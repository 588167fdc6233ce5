"""The review's front page: what awaits me, and for the owner how the whole is going."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Membership, Review
from screening.prisma.counts import flow_counts

from .awaiting import awaiting, team_progress
from .first_steps import first_steps


@review_member()
def dashboard(request: HttpRequest, review: Review) -> HttpResponse:
    context = {
        "review": review,
        "awaiting": awaiting(review, request.membership),
        "counts": flow_counts(review),
        "steps": first_steps(review) if request.membership.is_owner else [],
        "is_new": _is_new(review, request.membership),
        "team": team_progress(review) if request.membership.is_owner else None,
    }
    return render(request, "dashboard/dashboard.html", context)


def _is_new(review: Review, member: Membership) -> bool:
    """Whether somebody who screens has decided nothing yet; an owner has the first steps instead."""
    if member.is_owner or not member.may_screen:
        return False
    return not review.decisions.filter(reviewer=member.user).exists()
