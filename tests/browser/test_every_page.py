"""Every page of the worked example: no barrier that axe-core knows, and none wider than a phone."""

from pathlib import Path

import axe_playwright_python
import pytest
from django.db import connection

from reviewsite.example.loader import DEMO_PASSWORD, load_example

from ..crawling import pages

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="What a page looks like is the same on every database."
    ),
]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of all rules only that on contrast depends on the colours.
CHECKS = {
    "light": {"type": "tag", "values": STANDARDS},
    "dark": {"type": "rule", "values": ["color-contrast"]},
}
RUN = """async rules => (await axe.run(document, { runOnly: rules, resultTypes: ["violations"] })).violations
  .map(each => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`)"""


class Looked:
    """Reads pages in one tab and keeps what is wrong with them."""

    def __init__(self, page):
        self.page, self.faults = page, []

    def read(self, path: str) -> str | None:
        answer = self.page.request.get(path, timeout=60_000)
        if "text/html" not in answer.headers.get("content-type", ""):
            return None
        self.page.goto(path)
        if not answer.ok:
            self.faults.append(f"{path}: {answer.status}")
        self.page.evaluate(AXE)
        for mode, rules in CHECKS.items():
            self.page.emulate_media(color_scheme=mode, reduced_motion="reduce")
            self.faults += [f"{path} ({mode}): {each}" for each in self.page.evaluate(RUN, rules)]
        self.page.set_viewport_size({"width": 390, "height": 800})
        if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            self.faults.append(f"{path}: wider than a phone")
        self.page.set_viewport_size({"width": 1366, "height": 900})
        return self.page.content()


def test_every_page_can_be_read_by_everybody(page_of):
    load_example()
    met, faults = set(), []
    for person in ("owner", "reviewer-b"):
        looked = Looked(page_of(f"{person}@example.org", DEMO_PASSWORD))
        # The dashboard leads on; what both see is looked at once.
        met.discard("dashboard:dashboard")
        list(pages(looked.read, met))
        faults += looked.faults

    assert faults == []
    assert len(met) > 60
