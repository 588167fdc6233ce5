"""The page of one study: reports, agreed data, risk of bias, history."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review
from screening.studies.forms import StudyEditForm

from .. import study_page


@review_member()
def study(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    shown = get_object_or_404(review.studies, pk=study_pk)
    reports = shown.reports.select_related("citation__representative").order_by("-is_primary", "pk")
    context = {
        "review": review,
        "study": shown,
        "reports": reports.prefetch_related("documents", "citation__records__notices"),
        "data": study_page.agreed_data(shown),
        "assessments": study_page.agreed_judgements(shown),
        "overlaps": study_page.overlaps_of(shown),
        "history": study_page.history(shown),
        "form": StudyEditForm.of(shown),
    }
    return render(request, "extraction/study.html", context)
