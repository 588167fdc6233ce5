"""One page of docs/ at a time, rendered as it stands. Open to everybody: it says nothing of any review."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_noop as _

from .pages import docs_page
from .searching import search

LONGEST_QUERY = 200
KEPT = "public, max-age=3600"
# Heading in the menu to its pages, each by its address.
GROUPS = {
    _("Doing a review"): {
        "guide": _("Guide"),
        "searching": _("Search and import"),
        "deduplication": _("Deduplication"),
        "screening": _("The screening room"),
        "ranking": _("Ranked order and stopping"),
        "teams": _("Rounds, conflicts, agreement"),
        "extraction": _("Extraction"),
        "risk-of-bias": _("Risk of bias and certainty"),
        "analysis": _("Analyses"),
        "reporting": _("Reporting"),
        "moving": _("Moving a review, audit log"),
    },
    _("How it is worked out"): {
        "methods": _("Methods"),
        "statistics": _("Statistics handbook"),
        "benchmarks": _("What was measured"),
        "comparison": _("How Winnow compares"),
        "accessibility": _("Accessibility"),
    },
    _("Running a site"): {
        "running-a-server": _("Running a server"),
        "settings": _("Settings"),
        "beyond-one-server": _("Beyond one server"),
    },
    _("Building on it"): {
        "api": _("API"),
        "architecture": _("Architecture"),
        "translating": _("Languages"),
    },
}
OF_BUILDERS = frozenset(GROUPS["Building on it"])
PAGES = {address: title for pages in GROUPS.values() for address, title in pages.items()}


def index(request: HttpRequest) -> HttpResponse:
    """The guide; with a query, the sections of all pages that hold its words."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    if not query:
        return redirect("help:page", "guide")
    texts = {name: docs_page(name) for name in PAGES}
    found = search({name: each.text for name, each in texts.items()}, query, aside=OF_BUILDERS)
    hits = [
        (PAGES[hit.page], hit, texts[hit.page].language, texts[hit.page].addresses[hit.heading])
        for hit in found
    ]
    return render(request, "guide/found.html", {"groups": GROUPS, "query": query, "hits": hits})


def page(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PAGES:
        raise Http404("No such page")
    shown = docs_page(name)
    context = {
        # Our own files, so their HTML is trusted; raw HTML in them is off all the same.
        "body": mark_safe(shown.html()),
        "body_language": shown.language,
        "title": shown.title,
        "groups": GROUPS,
        "name": name,
    }
    return render(request, "guide/page.html", context)


def picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture of docs/, drawn of the worked example by the browser tests."""
    file = settings.BASE_DIR / "docs" / "pictures" / f"{name}.png"
    if not file.is_file():
        raise Http404("No such picture")
    return FileResponse(file.open("rb"), content_type="image/png", headers={"Cache-Control": KEPT})
