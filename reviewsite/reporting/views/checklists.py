"""The reporting checklists: what the data answer, what people note, what is left to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from reviewsite.web.english import in_english

from ..checklist_fill import as_manuscript, as_table, filled, note_item
from ..checklists import TITLES
from ..kit import anchors_of
from ..word import as_docx
from .kits import TYPES


@review_member()
def checklist(request: HttpRequest, review: Review, name: str) -> HttpResponse:
    items = filled(review, name, anchors_of(review))
    context = {
        "review": review,
        "name": name,
        "title": TITLES[name],
        "lists": TITLES.items(),
        "items": items,
        "todo": [each for each in items if not each.is_done],
        "may_note": request.membership.may_screen or request.membership.may_analyse,
    }
    return render(request, "reporting/checklist.html", context)


@require_POST
@review_member(Role.REVIEWER, Role.STATISTICIAN)
def note(request: HttpRequest, review: Review, name: str) -> HttpResponse:
    """Keep what a person says of one item."""
    item = request.POST.get("item", "")
    note_item(review=review, item=f"{name}:{item}", text=request.POST.get("text", ""), by=request.user)
    return redirect(f"{reverse('reporting:checklist', args=[review.slug, name])}#item-{item}")


@review_member()
@in_english()
def checklist_file(request: HttpRequest, review: Review, name: str, format: str) -> HttpResponse:
    items = filled(review, name, anchors_of(review))
    if format == "docx":
        response = HttpResponse(as_docx(as_manuscript(review, name, items)), content_type=TYPES["docx"])
    else:
        table = as_table(name, items, with_pages=False)
        response = HttpResponse(table.as_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{review.slug}-{name}.{format}"'
    return response
