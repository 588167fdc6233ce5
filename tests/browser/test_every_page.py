"""Every page of the worked example: no barrier axe-core knows, no scrolling sideways, no hidden focus."""

from pathlib import Path

import axe_playwright_python
import pytest
from django.db import connection

from reviewsite.example.loader import DEMO_PASSWORD, load_example

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
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of all rules only that on contrast depends on the colours.
CHECKS = {
    "light": {"type": "tag", "values": STANDARDS},
    "dark": {"type": "rule", "values": ["color-contrast"]},
}
# 1280 pixels at 400% are 320 (WCAG 1.4.10), and at 200% they are 640 (1.4.4).
NARROW = (640, 320)
TARGETS = {"type": "rule", "values": ["target-size"]}
# What has the focus and lies wholly under something that stays in place while the page scrolls (2.4.11).
OBSCURED = """() => {
  const fixed = (e) => { for (; e && e !== document.body; e = e.parentElement) {
    if (["sticky", "fixed"].includes(getComputedStyle(e).position)) return e; } return null; };
  const places = [[.5, .5], [.1, .2], [.9, .8], [.5, .1], [.5, .9]];
  const hidden = (each) => { const box = each.getBoundingClientRect();
    return box.width > 0 && places.every(([x, y]) => {
      const over = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      if (!over || each.contains(over) || over.contains(each)) return false;
      const bar = fixed(over); return bar !== null && !bar.contains(each); }); };
  const all = document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary");
  return [...all].filter((each) => { each.focus(); return document.activeElement === each && hidden(each); })
    .map((each) => each.outerHTML.slice(0, 200)); }"""
RUN = """async rules => (await axe.run(document, { runOnly: rules, resultTypes: ["violations"] })).violations
  .map(each => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`)"""


class Looked:
    """Reads pages in one tab and keeps what is wrong with them."""

    def __init__(self, page):
        self.page, self.faults = page, []

    def read(self, path: str) -> str | None:
        answer = page_at(self.page, path)
        if answer is None:
            return None
        if not answer.ok:
            self.faults.append(f"{path}: {answer.status}")
        self.page.evaluate(AXE)
        for mode, rules in CHECKS.items():
            self.page.emulate_media(color_scheme=mode, reduced_motion="reduce")
            self.faults += [f"{path} ({mode}): {each}" for each in self.page.evaluate(RUN, rules)]
        self.faults += [f"{path}: under a bar: {each}" for each in self.page.evaluate(OBSCURED)]
        for width in NARROW:
            self.page.set_viewport_size({"width": width, "height": 700})
            if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                self.faults.append(f"{path}: wider than {width} pixels")
        self._look_at_narrowest(path)
        self.page.set_viewport_size({"width": 1366, "height": 900})
        return self.page.content()

    def _look_at_narrowest(self, path: str) -> None:
        self.faults += [f"{path} (narrow): {each}" for each in self.page.evaluate(RUN, TARGETS)]
        self.faults += [f"{path} (narrow): under a bar: {each}" for each in self.page.evaluate(OBSCURED)]


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
