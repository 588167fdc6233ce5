"""The manuscript kit: ask for it, watch it being made, take it."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from analysis.revman import as_csv as revman_csv
from extraction.tables.files import as_csv
from extraction.tables.outputs import long_results
from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Job, Review, Role
from reviewsite.web.english import in_english

from ..checklist_fill import filled
from ..checklists import LISTS, TITLES
from ..kit import anchors_of
from ..kits import ask_for_kit

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}


@review_member()
def kits(request: HttpRequest, review: Review) -> HttpResponse:
    """What can be reported now: sections that rows support, checklists, and the kits that were made."""
    found = list(review.manuscript_kits.select_related("job", "asked_by")[:6])
    anchors = anchors_of(review)
    context = {
        "review": review,
        "kits": found,
        "running": next((kit.job for kit in found if not kit.job.is_finished), None),
        "latest": next((kit for kit in found if kit.job.state == Job.State.DONE and kit.zip_file), None),
        "anchors": anchors,
        "checklists": [_progress(review, name, anchors) for name in LISTS],
    }
    return render(request, "reporting/kits.html", context)


def _progress(review: Review, name: str, anchors: dict[str, str]) -> dict[str, object]:
    items = filled(review, name, anchors)
    return {"name": name, "title": TITLES[name], "done": sum(i.is_done for i in items), "total": len(items)}


@require_POST
@review_member(Role.REVIEWER, Role.STATISTICIAN)
def make(request: HttpRequest, review: Review) -> HttpResponse:
    ask_for_kit(review=review, by=request.user)
    return redirect("reporting:kits", review.slug)


@review_member()
def kit_file(request: HttpRequest, review: Review, kit_pk: int, format: str) -> FileResponse:
    kit = get_object_or_404(review.manuscript_kits, pk=kit_pk)
    kept = kit.word_file if format == "docx" else kit.zip_file
    if not kept:
        raise Http404("This kit has no files any more; make a new one.")
    name = f"{review.slug}-manuscript-{kit.asked_at:%Y%m%d-%H%M}.{format}"
    return FileResponse(kept.open("rb"), as_attachment=True, filename=name, content_type=TYPES[format])


@review_member()
@in_english()
def data_file(request: HttpRequest, review: Review, name: str) -> HttpResponse:
    """Agreed data as a table for other programs."""
    content = revman_csv(review) if name == "revman" else as_csv(long_results(review))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{review.slug}-{name}.csv"'
    return response
