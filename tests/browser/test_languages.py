"""Winnow in Spanish, in a browser: chosen from the page, wide enough everywhere, scripts included."""

import pytest
from django.db import connection

from reviewsite.example.loader import DEMO_PASSWORD, load_example
from reviewsite.reviews.models import User

from ..crawling import pages
from .opening import page_at

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="What a page looks like is the same on every database."
    ),
]
PASSWORD = "a long password"


class Looked:
    """Reads pages at two widths in one tab and keeps what is wrong with them."""

    def __init__(self, page):
        self.page, self.faults = page, []
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", self.keep_error)

    def keep_error(self, message):
        # A file shown bare names no icon, so the browser asks for one of its own accord.
        if message.type == "error" and not message.location["url"].endswith("/favicon.ico"):
            self.faults.append(f"{self.page.url}: {message.text}")

    def read(self, path: str) -> str | None:
        if page_at(self.page, path) is None:
            return None
        for width in (1366, 390):
            self.page.set_viewport_size({"width": width, "height": 800})
            if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                self.faults.append(f"{path}: wider than {width} px")
        if self.page.locator("html").get_attribute("lang") != "es":
            self.faults.append(f"{path}: not in Spanish")
        return self.page.content()


def test_every_page_of_the_example_fits_and_runs_in_spanish(page_of):
    load_example()
    User.objects.update(language="es")
    looked = Looked(page_of("owner@example.org", DEMO_PASSWORD))
    met = set()

    list(pages(looked.read, met))

    assert looked.faults == []
    assert len(met) > 60


def test_a_person_chooses_in_the_menu_of_the_account_and_scripts_follow(page_of):
    User.objects.create_user("ana@example.org", PASSWORD, name="Ana")
    page = page_of("ana@example.org", PASSWORD)
    page.goto("/reviews/new/")
    page.get_by_role("button", name="Ana").click()
    page.get_by_role("navigation").get_by_role("button", name="Español").click()

    page.get_by_role("heading", name="Revisión nueva").wait_for()
    assert page.url.endswith("/reviews/new/")
    assert User.objects.get().language == "es"
    assert page.evaluate('gettext("Sending…")') == "Enviando…"


def test_a_visitor_chooses_without_any_script(chromium, live_server):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/accounts/login/", timeout=60_000)
    page.get_by_role("contentinfo").get_by_role("button", name="Español").click()

    page.get_by_role("heading", name="Iniciar sesión").wait_for()
    assert page.url.endswith("/accounts/login/")
    context.close()
