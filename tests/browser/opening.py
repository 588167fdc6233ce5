"""Addresses opened in a tab, by tests that walk all of them."""

from playwright.sync_api import Error, Page, Response


def page_at(page: Page, path: str) -> Response | None:
    """The answer to a path, opened in the tab; None for a file, which a browser downloads or shows bare."""
    try:
        answer = page.goto(path, timeout=60_000)
    except Error as error:
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return None
        raise
    return answer if answer and "text/html" in answer.headers.get("content-type", "") else None
