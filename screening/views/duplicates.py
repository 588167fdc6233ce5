"""Duplicates: what the rules linked, and the pairs that only a person can tell."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from reviewsite.reviews.access import review_member
from reviewsite.reviews.models import Review, Role
from reviewsite.web.keys import key_in

from ..duplicates.bulk import error_of
from ..duplicates.deduplication import LinkRefused, settle_pair
from ..models import DuplicateLink, PairSample
from ..room.highlighting import differing_words

COMPARED = (
    (gettext_lazy("Title"), "title"),
    (gettext_lazy("Authors"), "short_authors"),
    (gettext_lazy("Journal"), "journal"),
    (gettext_lazy("Year"), "year"),
    (gettext_lazy("Volume"), "volume"),
    (gettext_lazy("Issue"), "issue"),
    (gettext_lazy("Pages"), "pages"),
    ("DOI", "doi"),
    ("PMID", "pmid"),
    (gettext_lazy("Abstract"), "abstract"),
)
SAID_BY_PERSONS = frozenset(DuplicateLink.Verdict) - {DuplicateLink.Verdict.UNSURE}


@review_member()
def duplicates(request: HttpRequest, review: Review) -> HttpResponse:
    live = DuplicateLink.objects.filter(review=review).live()
    linked = live.filter(verdict=DuplicateLink.Verdict.SAME).select_related("first", "second", "decided_by")
    record_count, citation_count = review.records.identified().count(), review.citations.live().count()
    context = {
        "review": review,
        "record_count": record_count,
        "citation_count": citation_count,
        "duplicate_count": record_count - citation_count,
        "unsure": live.awaiting_a_person().select_related("first", "second").order_by("-score", "pk"),
        "versions": live.filter(verdict=DuplicateLink.Verdict.VERSION).select_related("first", "second"),
        "samples": [(each, error_of(each)) for each in review.pair_samples.select_related("drawn_by")],
        "thresholds": ("0.70", "0.60", "0.50", "0.40", "0.30", "0.26"),
        "by_rule": linked.values("rule").annotate(n=Count("pk")).order_by("-n"),
        "page": Paginator(linked.order_by("score", "pk"), 50).get_page(request.GET.get("page")),
    }
    return render(request, "screening/duplicates.html", context)


@review_member()
def pair(request: HttpRequest, review: Review, link_pk: int) -> HttpResponse:
    """Two records side by side with what speaks for and against their being one."""
    links = DuplicateLink.objects.filter(review=review).live()
    link = get_object_or_404(links.select_related("first__search_run", "second__search_run"), pk=link_pk)
    context = {
        "review": review,
        "link": link,
        "rows": [(label, *_side_by_side(link, field)) for label, field in COMPARED],
        "waiting": links.awaiting_a_person().count(),
        "sample": _sample_asked_for(request, review),
        "before": _settled_before(request, links),
    }
    return render(request, "screening/pair.html", context)


@require_POST
@review_member(Role.REVIEWER)
def settle(request: HttpRequest, review: Review, link_pk: int) -> HttpResponse:
    """Store a person's verdict and go on to the next pair that waits."""
    link = get_object_or_404(DuplicateLink.objects.filter(review=review), pk=link_pk)
    verdict = request.POST.get("verdict")
    if verdict not in SAID_BY_PERSONS:
        messages.error(
            request, gettext("Say whether the two are the same, versions of one work, or different.")
        )
        return redirect("screening:pair", review.slug, link.pk)
    try:
        link = settle_pair(first=link.first, second=link.second, verdict=verdict, person=request.user)
    except LinkRefused as refusal:
        messages.warning(request, str(refusal))
    if sample := _sample_asked_for(request, review):
        return redirect("screening:pair_sample", review.slug, sample.pk)
    waiting = DuplicateLink.objects.filter(review=review).awaiting_a_person().order_by("-score", "pk")
    if following := waiting.first():
        address = reverse("screening:pair", args=[review.slug, following.pk])
        return redirect(f"{address}?{urlencode({'before': link.pk})}")
    messages.success(request, gettext("Stored. No pair is waiting for a person now."))
    return redirect("screening:duplicates", review.slug)


def _settled_before(request: HttpRequest, links: QuerySet[DuplicateLink]) -> DuplicateLink | None:
    """The pair that the reader comes from: what was just said of it, and the way back."""
    wanted = request.GET.get("before", "")
    said = links.filter(decided_by__isnull=False).select_related("first__citation")
    return said.filter(pk=key_in(wanted)).first()


def _sample_asked_for(request: HttpRequest, review: Review) -> PairSample | None:
    """The sample that this pair is looked at for, when the page was opened from one."""
    wanted = request.POST.get("sample") or request.GET.get("sample", "")
    return review.pair_samples.filter(pk=key_in(wanted)).first()


def _side_by_side(link: DuplicateLink, field: str):
    return differing_words(str(getattr(link.first, field) or ""), str(getattr(link.second, field) or ""))
