"""How far a result depends on single studies and on choices."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review

from ..estimate import robustness as robust
from ..estimate.plan import plan_from
from ..pooling import PoolingError
from ..run_figures import available
from ..runs import rows_of_run
from .analyses import runs_of


@review_member()
def robustness(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    """Leave-one-out, cumulative, parts, other choices, influence and small-study effects of one run."""
    this = get_object_or_404(runs_of(review), pk=run_pk)
    if not this.result:
        raise Http404("This run has no result to look at from other sides.")
    context = {"review": review, "run": this, **_sides(this)}
    return render(request, "analysis/robustness.html", context)


def _sides(this) -> dict[str, object]:
    rows, plan = rows_of_run(this), plan_from(this.plan)
    try:
        tests, why_no_tests = robust.small_study_tests(rows, plan)
        filled = robust.trim_and_fill(rows, plan)
    except PoolingError as error:
        tests, why_no_tests, filled = [], str(error), None
    return {
        "pictures": {name: words for name, words in available(this).items() if name != "forest"},
        "without_each": robust.leave_one_out(rows, plan) if len(rows) > 2 else [],
        "over_time": robust.cumulative(rows, plan) if len(rows) > 2 else [],
        "parts": robust.by_part(rows, plan),
        "scales": robust.by_scale(robust.multiverse(rows, plan)),
        "influences": robust.influence(rows, plan),
        "tests": tests,
        "why_no_tests": why_no_tests,
        "filled": filled,
    }
