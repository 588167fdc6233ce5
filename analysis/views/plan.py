"""The review's analysis plan: frozen with a date, and what was done otherwise since."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from ..models import PlanFreeze
from ..specs import PlanRefused, freeze_plan
from .analyses import specs_of


@review_member()
def plan(request: HttpRequest, review: Review) -> HttpResponse:
    context = {
        "review": review,
        "specs": specs_of(review),
        "freeze": PlanFreeze.objects.filter(review=review).select_related("frozen_by").first(),
        "deviations": review.plan_deviations.select_related("made_by"),
    }
    return render(request, "analysis/plan.html", context)


@require_POST
@review_member(Role.STATISTICIAN)
def freeze(request: HttpRequest, review: Review) -> HttpResponse:
    try:
        freeze_plan(review=review, by=request.user)
    except PlanRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("analysis:plan", review.slug)
