"""One page of docs/ at a time, rendered as it stands. Open to everybody: it says nothing of any review."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

# Address to title, in the order of the menu.
PAGES = {
    "guide": "Guide",
    "searching": "Search and import",
    "deduplication": "Deduplication",
    "screening": "The screening room",
    "teams": "Rounds, conflicts, agreement",
    "extraction": "Extraction",
    "ranking": "Ranked order and stopping",
    "risk-of-bias": "Risk of bias and certainty",
    "analysis": "Analyses",
    "methods": "Methods",
    "statistics": "Statistics handbook",
    "settings": "Settings",
    "accessibility": "Accessibility",
    "benchmarks": "What was measured",
    "comparison": "How Winnow compares",
    "architecture": "Architecture",
}


def index(request: HttpRequest) -> HttpResponse:
    return redirect("help:page", "guide")


def page(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PAGES:
        raise Http404("No such page")
    text = (settings.BASE_DIR / "docs" / f"{name}.md").read_text(encoding="utf-8")
    # Our own files, so their HTML is trusted; raw HTML in them is off all the same.
    body = mark_safe(MarkdownIt("js-default").render(text))
    title = re.sub(r"^# ", "", text.split("\n", 1)[0])
    return render(request, "guide/page.html", {"body": body, "title": title, "pages": PAGES, "name": name})
