"""Pages about how the team works: the protocol, and how far its members agree."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role, Stage

from ..deciding.forms import ProtocolForm
from ..deciding.protocol import change_protocol, change_reasons, name_adjudicators
from ..rounds.agreement_report import RoundReport, report
from ..rounds.agreement_table import agreement_csv


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
            messages.success(
                request, gettext("The protocol is stored. What changed is kept in the audit trail.")
            )
            return redirect("screening:protocol", review.slug)
    context = {
        "review": review,
        "form": form,
        "reasons": [(stage, review.exclusion_reasons.offered(stage)) for stage in Stage],
        "adjudicators": review.memberships.current().filter(is_adjudicator=True).select_related("user"),
    }
    return render(request, "screening/protocol.html", context, status=422 if form and form.errors else 200)


@review_member(Role.STATISTICIAN)
def agreement(request: HttpRequest, review: Review) -> HttpResponse:
    """Every round in which people judged the same citations, from first votes whose blinding has ended."""
    stages = _agreement(review)
    context = {"review": review, "stages": stages, "any_report": any(reports for _, reports in stages)}
    return render(request, "screening/agreement.html", context)


@review_member(Role.STATISTICIAN)
def agreement_file(request: HttpRequest, review: Review) -> HttpResponse:
    """The same coefficients as CSV, unrounded."""
    headers = {"Content-Disposition": f'attachment; filename="{review.slug}-agreement.csv"'}
    return HttpResponse(
        agreement_csv(_agreement(review)), content_type="text/csv; charset=utf-8", headers=headers
    )


def _agreement(review: Review) -> list[tuple[Stage, list[RoundReport]]]:
    return [(stage, report(review, stage)) for stage in Stage]
