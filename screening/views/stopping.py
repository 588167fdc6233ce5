"""The order of reading and when it may stop: the plan, what can be said now, and the owner's acts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from ..order import stopping as rules
from ..order.plan_forms import ReadingPlanForm
from ..order.reading_order import ReadingRefused, change_plan, plan_of
from ..order.stopping_picture import draw_curve


@review_member()
def stopping(request: HttpRequest, review: Review) -> HttpResponse:
    """Read by every member: it knows concluded citations alone."""
    return _page(request, review, ReadingPlanForm(instance=plan_of(review)))


@require_POST
@review_member(Role.OWNER)
def plan(request: HttpRequest, review: Review) -> HttpResponse:
    form = ReadingPlanForm(request.POST, instance=plan_of(review))
    if form.is_valid():
        try:
            change_plan(review=review, by=request.user, **form.cleaned_data)
        except ReadingRefused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(
                request, gettext("The reading plan is stored; a new order comes with the next citations.")
            )
            return redirect("screening:stopping", review.slug)
    return _page(request, review, form, status=422)


@require_POST
@review_member(Role.OWNER)
def act(request: HttpRequest, review: Review) -> HttpResponse:
    """Draw the audit, stop, or take up again; named by the button."""
    reason = request.POST.get("reason", "")
    acts = {
        "audit": (rules.draw_audit, {}, gettext("Drawn. These citations come up next, for everybody.")),
        "stop": (
            rules.stop,
            {"reason": reason},
            gettext("Stopped. What has a vote still gets the others it needs."),
        ),
        "resume": (rules.resume, {"reason": reason}, gettext("Screening goes on.")),
    }
    rule, arguments, done = acts.get(request.POST.get("act", ""), (None, {}, ""))
    if rule is None:
        messages.warning(request, gettext("Nothing was done: the page named no act."))
        return redirect("screening:stopping", review.slug)
    try:
        rule(review=review, by=request.user, **arguments)
        messages.success(request, done)
    except ReadingRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("screening:stopping", review.slug)


def _page(request: HttpRequest, review: Review, form: ReadingPlanForm, status: int = 200) -> HttpResponse:
    state = rules.stop_state(review)
    points = state.curve()
    context = {
        "review": review,
        "state": state,
        "form": form if request.membership.is_owner else None,
        "points": points[:: max(1, len(points) // 12)],
        "picture": draw_curve(points, state.total, state.rule) if points else None,
        "last_run": review.ranking_runs.first(),
        "events": review.stop_events.select_related("by"),
    }
    return render(request, "screening/stopping.html", context, status=status)
