"""The further figures of a run, and the run as a bundle."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review

from ..figures.export import figure_bytes
from ..figures.run_pictures import PICTURES, NoPicture, picture
from ..packing import bundle_of
from ..plan import plan_from
from ..responses import figure_response
from ..runs import rows_of_run
from .analyses import runs_of


def _run_with_result(review: Review, run_pk: int):
    this = get_object_or_404(runs_of(review), pk=run_pk)
    if not this.result:
        raise Http404("This run has no result.")
    return this


@review_member()
def run_picture(
    request: HttpRequest, review: Review, run_pk: int, name: str, file_format: str
) -> HttpResponse:
    """A figure by its name; `?download` names it as a file."""
    this = _run_with_result(review, run_pk)
    if name not in PICTURES:
        raise Http404("There is no such figure.")
    rows, plan = rows_of_run(this), plan_from(this.plan)
    try:
        drawn = picture(
            name, title=str(this.spec), rows=rows, plan=plan, result=this.result, stored=this.plan
        )
    except NoPicture as reason:
        raise Http404(str(reason)) from reason
    return figure_response(
        request, figure_bytes(drawn, file_format), f"{review.slug}-{name}-{this.pk}", file_format
    )


@review_member()
def bundle(request: HttpRequest, review: Review, run_pk: int) -> HttpResponse:
    """Data, settings, results, figures, methods and R script of one run as a zip."""
    this = _run_with_result(review, run_pk)
    name = f"{review.slug}-run-{this.pk}"
    packed = bundle_of(
        str(this.spec),
        rows_of_run(this),
        plan_from(this.plan),
        this.result,
        stored=this.plan,
        software=f"Winnow {this.versions.get('winnow', '')}".strip(),
        folder=name,
        further={
            "plan.json": json.dumps(this.plan, indent=1, ensure_ascii=False),
            "left_out.json": json.dumps(this.snapshot.left_out, indent=1, ensure_ascii=False),
            "versions.json": json.dumps(this.versions, indent=1),
        },
    )
    response = HttpResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response
