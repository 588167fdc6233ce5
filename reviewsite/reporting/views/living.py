"""Published versions of a review: freeze, compare, open an update."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from reviewsite.web.keys import key_in
from screening.models import ReviewVersion

from ..versions import (
    VersionRefused,
    changes_since,
    freeze,
    is_untouched,
    latest_version,
    open_update_round,
)


@review_member()
def versions(request: HttpRequest, review: Review) -> HttpResponse:
    """The versions, and what changed since the last one."""
    found = list(review.versions.select_related("frozen_by").order_by("-number"))
    last = latest_version(review)
    context = {
        "review": review,
        "versions": [(version, is_untouched(version)) for version in found],
        "last": last,
        "changes": changes_since(last) if last else None,
        "saved_searches": review.saved_searches.all(),
    }
    return render(request, "reporting/versions.html", context)


@require_POST
@review_member(Role.OWNER)
def version_freeze(request: HttpRequest, review: Review) -> HttpResponse:
    try:
        version = freeze(
            review=review,
            name=request.POST.get("name", ""),
            note=request.POST.get("note", ""),
            by=request.user,
        )
        messages.success(
            request,
            gettext("Version %(number)s is frozen; its hash begins %(hash)s.")
            % {"number": version.number, "hash": version.sha256[:12]},
        )
    except VersionRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("reporting:versions", review.slug)


@review_member()
def version(request: HttpRequest, review: Review, number: int) -> HttpResponse:
    """One version as it was, and what changed up to another one or to now."""
    this = get_object_or_404(review.versions.select_related("frozen_by"), number=number)
    asked = request.GET.get("until", "")
    until = get_object_or_404(review.versions, number=key_in(asked)) if key_in(asked) else None
    context = {
        "review": review,
        "version": this,
        "is_untouched": is_untouched(this),
        "until": until,
        "others": review.versions.exclude(pk=this.pk).order_by("number"),
        "changes": changes_since(this, until),
    }
    return render(request, "reporting/version.html", context)


@review_member()
def version_file(request: HttpRequest, review: Review, number: int) -> HttpResponse:
    """What was frozen, as JSON: whoever has it can compute the hash again."""
    this: ReviewVersion = get_object_or_404(review.versions, number=number)
    response = JsonResponse(this.content, json_dumps_params={"sort_keys": True, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="{review.slug}-version-{number}.json"'
    return response


@require_POST
@review_member(Role.OWNER)
def update_round(request: HttpRequest, review: Review, number: int) -> HttpResponse:
    this = get_object_or_404(review.versions.select_related("review__protocol"), number=number)
    try:
        opened = open_update_round(version=this, by=request.user)
    except VersionRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("reporting:versions", review.slug)
    messages.success(
        request,
        gettext("%(round)s: the new citations are in a round of their own.") % {"round": opened.name},
    )
    return redirect("screening:round", review.slug, opened.pk)
