"""Walks the worked example by its links: every view once, in the order in which a reader meets them."""

import re
from collections import deque
from collections.abc import Callable, Iterator

from django.urls import Resolver404, resolve

STARTS = (
    "/",
    "/reviews/new/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/reviews/inotuzumab/",
    "/help/",
)
LINK = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*)')


def view_name(path: str) -> str | None:
    """The name of the view that answers to a path; None for static files and what lies outside."""
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return None


def pages(read: Callable[[str], str | None], met: set[str]) -> Iterator[str]:
    """Paths of pages, one of each view that is not in `met` yet; `met` grows.

    read: gives the HTML of a path, or None for what is no page.
    """
    waiting = deque(STARTS)
    while waiting:
        path = waiting.popleft()
        name = view_name(path)
        if name is None or name in met or name == "account_logout":
            continue
        met.add(name)
        html = read(path)
        if html is None:
            continue
        yield path
        waiting.extend(each.replace("&amp;", "&") for each in LINK.findall(html))
