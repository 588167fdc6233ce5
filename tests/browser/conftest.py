"""Chromium for the browser tests: found on the system, never downloaded; without one they are skipped."""

import os

import pytest
from playwright.sync_api import sync_playwright

from reviewsite.chromium import find_chromium

ARGUMENTS = [
    # Chromium refuses its sandbox to root, as whom containers run.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session", autouse=True)
def _database_from_playwright_thread():
    # Playwright's synchronous interface runs an event loop, in which Django refuses its ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def chromium():
    path = find_chromium()
    if path is None:
        no_browser = pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip
        no_browser("No Chromium found: install it, or name one in WINNOW_CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page_of(chromium, live_server):
    """A function that gives a person a browser of their own, signed in through the sign-in page.

    options: what the browser is otherwise, as Playwright names it ("has_touch", "java_script_enabled", ...).
    """
    contexts = []

    def open_page(email: str, password: str, **options):
        how = {"viewport": {"width": 1366, "height": 900}, **options}
        context = chromium.new_context(base_url=live_server.url, **how)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        # The first request of a session imports the whole site; on a busy machine that takes its time.
        page.goto("/accounts/login/", timeout=60_000)
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password", exact=False).first.fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/")
        return page

    yield open_page
    for context in contexts:
        context.close()
