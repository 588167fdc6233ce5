"""PDFs: upload and match them, look at one, and hand out the file and the pictures of its pages."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role

from ..full_text import full_texts, viewing
from ..full_text.document_files import read_picture
from ..full_text.forms import AttachForm, MoveForm, PdfUploadForm, reports_to_choose
from ..models import Document, DocumentPage, Study

may_file = review_member(Role.REVIEWER, Role.EXTRACTOR)

# Nothing in a file from outside may run or load anything, also where a browser shows it in place.
LOCKED = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A document's content never changes, so its pages may stay in the reader's own browser.
KEPT = {"Cache-Control": "private, max-age=604800, immutable"}


@review_member()
def pdfs(request: HttpRequest, review: Review) -> HttpResponse:
    return _pdfs_page(request, review)


@require_POST
@may_file
def upload(request: HttpRequest, review: Review) -> HttpResponse:
    form = PdfUploadForm(review, request.POST, request.FILES)
    if not form.is_valid():
        return _pdfs_page(request, review, form, status=422)
    taken = full_texts.take_in(review=review, by=request.user, **form.rule_arguments())
    for sentence in taken.refused:
        messages.error(request, sentence)
    if taken.documents:
        count = len(taken.documents)
        messages.success(
            request,
            ngettext("{n} PDF kept; reading begins.", "{n} PDFs kept; reading begins.", count).format(
                n=count
            ),
        )
    return redirect(form.back_to(reverse("screening:pdfs", args=[review.slug])))


@require_POST
@may_file
def read_again(request: HttpRequest, review: Review) -> HttpResponse:
    """Read what was left unread, and look for reports once more for the PDFs that have none."""
    left = {document.pk: document for document in full_texts.left_waiting(review)}
    without = {d.pk: d for d in review.documents.awaiting_a_report() if d.state != Document.State.WAITING}
    if documents := [*left.values(), *without.values()]:
        full_texts.queue_reading(review=review, documents=documents, by=request.user)
    return redirect("screening:pdfs", review.slug)


@require_POST
@may_file
def attach(request: HttpRequest, review: Review) -> HttpResponse:
    """The review step: each ticked PDF goes to the report beside it."""
    form = AttachForm(review, request.POST)
    if not form.is_valid():
        return _pdfs_page(request, review, attach_form=form, status=422)
    for document, report in form.pairs:
        full_texts.attach(document=document, report=report, by=request.user)
    count = len(form.pairs)
    messages.success(request, ngettext("{n} PDF attached.", "{n} PDFs attached.", count).format(n=count))
    return redirect("screening:pdfs", review.slug)


@review_member()
def document(request: HttpRequest, review: Review, document_pk: int) -> HttpResponse:
    """The viewer on a page of its own: `?page=`, `?find=` words, or `?quote=` a passage to show."""
    shown = _document(review, document_pk)
    page = request.GET.get("page", "")
    viewer = viewing.viewer_of(
        shown,
        words=request.GET.get("find", "").strip()[:300],
        quote=request.GET.get("quote", "").strip()[:3000],
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )
    context = {"review": review, "document": shown, "viewer": viewer, "move_form": MoveForm(review)}
    return render(request, "screening/document.html", context)


@review_member()
def page_text(request: HttpRequest, review: Review, document_pk: int, number: int) -> HttpResponse:
    """The invisible text of one page, asked for when a page of a long PDF comes into view."""
    page = _page(review, document_pk, number)
    return HttpResponse(viewing.page_layer(page.as_text()), headers=KEPT)


@review_member()
def page_picture(request: HttpRequest, review: Review, document_pk: int, number: int) -> HttpResponse:
    picture, kind = read_picture(_page(review, document_pk, number))
    return HttpResponse(picture, content_type=kind, headers={**LOCKED, **KEPT})


@review_member()
def document_file(request: HttpRequest, review: Review, document_pk: int) -> FileResponse:
    """The PDF itself, always to be saved and never shown within this site."""
    kept = _document(review, document_pk)
    return FileResponse(
        kept.file.open("rb"),
        as_attachment=True,
        filename=kept.file_name,
        content_type="application/pdf",
        headers={**LOCKED, "Cache-Control": "private, no-store"},
    )


@require_POST
@may_file
def document_move(request: HttpRequest, review: Review, document_pk: int) -> HttpResponse:
    """Give a PDF to another report, or put it back among those without one."""
    moved = _document(review, document_pk)
    form = MoveForm(review, request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["report"]))
    elif report := form.cleaned_data["report"]:
        full_texts.attach(document=moved, report=report, by=request.user)
        messages.success(request, gettext("Attached to “{report}”.").format(report=report))
    else:
        full_texts.detach(document=moved, by=request.user)
        messages.success(request, gettext("This PDF waits for its report again."))
    return redirect("screening:document", review.slug, moved.pk)


@require_POST
@may_file
def document_remove(request: HttpRequest, review: Review, document_pk: int) -> HttpResponse:
    removed = _document(review, document_pk)
    full_texts.remove(document=removed, by=request.user)
    messages.success(
        request,
        gettext("{file_name} is removed; its upload and removal stay in the audit trail.").format(
            file_name=removed.file_name
        ),
    )
    if removed.report_id:
        return redirect("screening:report", review.slug, removed.report_id)
    return redirect("screening:pdfs", review.slug)


@review_member()
def source(request: HttpRequest, review: Review, study_pk: int) -> HttpResponse:
    """From a number to where it stands: opens the study's PDF that has the quote, at its page."""
    study = get_object_or_404(Study, review=review, pk=study_pk)
    noted, quote = request.GET.get("page", "")[:40], request.GET.get("quote", "")[:3000]
    documents = list(viewing.documents_of(study).readable())
    if not documents:
        messages.info(
            request,
            gettext("{study} has no PDF here yet; upload one on its report's page.").format(study=study),
        )
        return redirect("extraction:study", review.slug, study.pk)
    found = (
        viewing.where_quoted(documents, quote, viewing.page_number(documents[0], noted)) if quote else None
    )
    opened = found[0] if found else documents[0]
    number = found[1].page if found else viewing.page_number(opened, noted) or 1
    address = reverse("screening:document", args=[review.slug, opened.pk])
    return redirect(f"{address}?{urlencode({'page': number, 'quote': quote})}#page-{number}")


def _document(review: Review, document_pk: int) -> Document:
    documents = review.documents.select_related("report__study", "report__citation__representative")
    return get_object_or_404(documents, pk=document_pk)


def _page(review: Review, document_pk: int, number: int) -> DocumentPage:
    pages = DocumentPage.objects.select_related("document").filter(document__review=review)
    return get_object_or_404(pages, document=document_pk, number=number)


def _pdfs_page(
    request: HttpRequest,
    review: Review,
    form: PdfUploadForm | None = None,
    attach_form: AttachForm | None = None,
    status: int = 200,
) -> HttpResponse:
    jobs = review.jobs.filter(kind="documents").unfinished()
    context = {
        "review": review,
        "form": form or PdfUploadForm(review),
        "attach_form": attach_form or AttachForm(review),
        "jobs": [job for job in jobs if not job.seems_dead],
        "left": full_texts.left_waiting(review),
        "reports": reports_to_choose(review),
    }
    return render(request, "screening/pdfs.html", context, status=status)
