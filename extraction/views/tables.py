"""Tables over all studies, their files, and the review's outcomes and time points."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from reviewsite.web.english import in_english

from ..building.forms import OutcomeForm, TimePointForm
from ..building.vocabulary import add_outcome, add_time_point
from ..tables.files import TYPES, as_csv, as_json, as_xlsx, rows_as_dicts
from ..tables.outputs import (
    TABLES,
    agreed_studies,
    all_tables,
    characteristics,
    full_json,
    long_results,
    wide_results,
)

STUDIES_A_PAGE = 100


@review_member()
def table(request: HttpRequest, review: Review) -> HttpResponse:
    """Agreed results, a row a study."""
    studies = agreed_studies(review)
    size = max(1, studies.count()) if "all" in request.GET else STUDIES_A_PAGE
    page = Paginator(studies, size).get_page(request.GET.get("page"))
    context = {"review": review, "table": wide_results(review, list(page.object_list)), "page": page}
    return render(request, "extraction/table.html", context)


@review_member()
def characteristics_page(request: HttpRequest, review: Review) -> HttpResponse:
    context = {"review": review, "table": characteristics(review)}
    return render(request, "extraction/characteristics.html", context)


@review_member()
@in_english()
def table_csv(request: HttpRequest, review: Review) -> HttpResponse:
    """Agreed results in long form, ready for R."""
    return _file(review, "results", "csv", as_csv(long_results(review)))


@review_member()
@in_english()
def download(request: HttpRequest, review: Review, name: str, form: str) -> HttpResponse:
    """One table as CSV or JSON; as a workbook, all of them; `all` as JSON holds every cell's source."""
    if form == "xlsx":
        return _file(review, "extraction", form, as_xlsx(all_tables(review)))
    if name == "all" and form == "json":
        return _file(review, "extraction", form, as_json(full_json(review)))
    if name not in TABLES or form not in TYPES:
        raise Http404("No such table")
    made = TABLES[name](review)
    return _file(review, name, form, as_csv(made) if form == "csv" else as_json(rows_as_dicts(made)))


def _file(review: Review, name: str, form: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{review.slug}-{name}.{form}"'
    return response


@review_member()
def vocabulary(request: HttpRequest, review: Review) -> HttpResponse:
    """Outcomes and time points; extractors add to them."""
    kind = request.POST.get("add")
    may_add = request.membership.may_extract or request.membership.may_analyse
    outcome_form = OutcomeForm(request.POST if kind == "outcome" else None, prefix="outcome")
    time_form = TimePointForm(request.POST if kind == "time_point" else None, prefix="time")
    if may_add and kind == "outcome" and outcome_form.is_valid():
        add_outcome(review=review, by=request.user, **outcome_form.cleaned_data)
        return redirect("extraction:vocabulary", review.slug)
    if may_add and kind == "time_point" and time_form.is_valid():
        add_time_point(review=review, by=request.user, **time_form.cleaned_data)
        return redirect("extraction:vocabulary", review.slug)
    context = {
        "review": review,
        "may_add": may_add,
        "outcome_form": outcome_form,
        "time_form": time_form,
        "roles": Role,
    }
    return render(
        request, "extraction/vocabulary.html", context, status=422 if request.method == "POST" else 200
    )
