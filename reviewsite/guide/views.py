"""One page of docs/ at a time, rendered as it stands. Open to everybody: it says nothing of any review."""

import re
from itertools import pairwise

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _
from markdown_it import MarkdownIt

from .searching import plain, search

LONGEST_QUERY = 200
# Address to title, in the order of the menu.
PAGES = {
    "guide": _("Guide"),
    "searching": _("Search and import"),
    "deduplication": _("Deduplication"),
    "screening": _("The screening room"),
    "teams": _("Rounds, conflicts, agreement"),
    "extraction": _("Extraction"),
    "ranking": _("Ranked order and stopping"),
    "risk-of-bias": _("Risk of bias and certainty"),
    "analysis": _("Analyses"),
    "reporting": _("Reporting"),
    "methods": _("Methods"),
    "statistics": _("Statistics handbook"),
    "moving": _("Moving a review, audit log"),
    "api": _("API"),
    "settings": _("Settings"),
    "accessibility": _("Accessibility"),
    "benchmarks": _("What was measured"),
    "comparison": _("How Winnow compares"),
    "running-a-server": _("Running a server"),
    "beyond-one-server": _("Beyond one server"),
    "translating": _("Languages"),
    "architecture": _("Architecture"),
}


def index(request: HttpRequest) -> HttpResponse:
    """The guide; with a query, the sections of all pages that hold its words."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    if not query:
        return redirect("help:page", "guide")
    texts = {name: _text(name) for name in PAGES}
    found = search({name: text for name, (text, _language) in texts.items()}, query)
    hits = [(PAGES[hit.page], hit, texts[hit.page][1]) for hit in found]
    return render(request, "guide/found.html", {"pages": PAGES, "query": query, "hits": hits})


def page(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PAGES:
        raise Http404("No such page")
    text, language = _text(name)
    # Our own files, so their HTML is trusted; raw HTML in them is off all the same.
    body = mark_safe(_html(text))
    title = re.sub(r"^# ", "", text.split("\n", 1)[0])
    context = {"body": body, "title": title, "pages": PAGES, "name": name, "body_language": language}
    return render(request, "guide/page.html", context)


def _html(markdown: str) -> str:
    """The page as HTML, each heading with an address of its own."""
    parser = MarkdownIt("js-default")
    tokens = parser.parse(markdown)
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", slugify(plain(inside.content)))
    return str(parser.renderer.render(tokens, parser.options, {}))


def _text(name: str) -> tuple[str, str]:
    """A page as it is written, and its language: the reader's where it has been translated, else English."""
    docs, language = settings.BASE_DIR / "docs", get_language() or settings.LANGUAGE_CODE
    translated = docs / language / f"{name}.md"
    if translated.is_file():
        return translated.read_text(encoding="utf-8"), language
    return (docs / f"{name}.md").read_text(encoding="utf-8"), settings.LANGUAGE_CODE
