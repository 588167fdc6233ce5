"""A whole review as a file to take away, and such a file brought in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from reviewsite.trail.visibility import blind_work

from .errors import CarryingRefused
from .forms import ImportForm
from .models import Transfer
from .transfers import ask_for_export, ask_for_import, remove, request_cancel


@review_member(Role.OWNER)
def export(request: HttpRequest, review: Review) -> HttpResponse:
    """What the file holds, those that were made, and why none can be made where it would unblind."""
    transfers = Transfer.objects.filter(review=review, direction="out", asked_by=request.user)
    under_way = any(not each.is_finished for each in transfers)
    context = {"review": review, "transfers": transfers, "under_way": under_way}
    context["blind"] = blind_work(review, request.user)
    return render(request, "portability/export.html", context)


@require_POST
@review_member(Role.OWNER)
def export_make(request: HttpRequest, review: Review) -> HttpResponse:
    try:
        ask_for_export(review=review, by=request.user)
    except CarryingRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("portability:export", review.slug)


@review_member(Role.OWNER)
def export_file(request: HttpRequest, review: Review, transfer_pk: int) -> HttpResponse:
    """The file, for whoever asked for it: another owner may be blind to what it holds."""
    transfer = get_object_or_404(_own(request, review=review, state="done"), pk=transfer_pk)
    return FileResponse(transfer.file.open("rb"), as_attachment=True, filename=transfer.file_name)


@require_POST
@review_member(Role.OWNER)
def export_act(request: HttpRequest, review: Review, transfer_pk: int) -> HttpResponse:
    _stop_or_remove(get_object_or_404(_own(request, review=review), pk=transfer_pk))
    return redirect("portability:export", review.slug)


@login_required
def bring_in(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        ask_for_import(file=form.cleaned_data["file"], by=request.user)
        return redirect("portability:import")
    transfers = Transfer.objects.filter(direction="in", asked_by=request.user).select_related("review")
    under_way = any(not each.is_finished for each in transfers)
    context = {"form": form, "transfers": transfers, "under_way": under_way}
    return render(request, "portability/import.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def import_act(request: HttpRequest, transfer_pk: int) -> HttpResponse:
    own = Transfer.objects.filter(direction="in", asked_by=request.user)
    _stop_or_remove(get_object_or_404(own, pk=transfer_pk))
    return redirect("portability:import")


def _own(request: HttpRequest, **wanted: object):
    return Transfer.objects.filter(direction="out", asked_by=request.user, **wanted)


def _stop_or_remove(transfer: Transfer) -> None:
    if transfer.is_finished:
        remove(transfer)
    else:
        request_cancel(transfer)
