"""Every page of a running demo on contact sheets, at 1440 and 390 px, with its time and its weight.

    python manage.py demo --port 8000 --no-browser &
    python benchmarks/contact_sheet.py http://127.0.0.1:8000 --out FOLDER [--dark] [--language es]

Writes one picture for each page and width, and sheets of twelve to look through. Prints for each page the
server's time (median of five requests over the loopback), what a first visit loads in kB, and "WIDE" where a
page is wider than its window. Exit 1 when a page takes over 200 ms, loads over 300 kB, or is too wide.
"""

import argparse
import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewsite.settings")

import django  # noqa: E402

django.setup()

from PIL import Image, ImageDraw  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from reviewsite.chromium import find_chromium  # noqa: E402
from reviewsite.example.loader import DEMO_PASSWORD  # noqa: E402
from tests.crawling import pages, view_name  # noqa: E402

WIDTHS = {1440: 900, 390: 844}
PEOPLE = ("owner", "reviewer-b")
MOST_MS, MOST_KB, TIMES = 200, 300, 5
COLUMNS, ROWS, TILE = 4, 3, (480, 640)


@dataclass(frozen=True)
class Measured:
    """What one page takes: milliseconds on the server, kilobytes of a first visit, widths it overflows."""

    path: str
    name: str
    milliseconds: float
    kilobytes: float
    too_wide: tuple[int, ...]

    @property
    def is_within(self) -> bool:
        return self.milliseconds <= MOST_MS and self.kilobytes <= MOST_KB and not self.too_wide


class Photographer:
    """Goes through the pages as one person, and keeps a picture and the measures of each."""

    def __init__(self, browser: Browser, base: str, person: str, folder: Path, options: dict) -> None:
        self.browser, self.base, self.folder, self.options = browser, base, folder, options
        self.context = self._signed_in(person)
        self.page = self.context.new_page()
        self.measured: list[Measured] = []

    def _signed_in(self, person: str) -> BrowserContext:
        context = self.browser.new_context(base_url=self.base, **self.options)
        page = context.new_page()
        page.goto("/accounts/login/", timeout=60_000)
        page.locator("input[type=email]").fill(f"{person}@example.org")
        page.locator("input[type=password]").fill(DEMO_PASSWORD)
        page.locator("form[action*=login] button[type=submit]").first.click()
        page.wait_for_url("**/")
        page.close()
        return context

    def read(self, path: str) -> str | None:
        answer = self.page.request.get(path, timeout=60_000)
        if "text/html" not in answer.headers.get("content-type", ""):
            return None
        self.page.goto(path)
        self.page.evaluate("document.fonts.ready")
        name = (view_name(path) or path).replace(":", "-")
        too_wide = tuple(width for width in WIDTHS if self._is_too_wide(width, name))
        self.measured.append(Measured(path, name, self._server_time(path), self._weight(path), too_wide))
        return self.page.content()

    def _is_too_wide(self, width: int, name: str) -> bool:
        self.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        self.page.screenshot(path=self.folder / f"{name}-{width}.png", full_page=True)
        return self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    def _server_time(self, path: str) -> float:
        times = []
        for _ in range(TIMES):
            began = time.perf_counter()
            self.page.request.get(path, timeout=60_000)
            times.append((time.perf_counter() - began) * 1000)
        return statistics.median(times)

    def _weight(self, path: str) -> float:
        """All that a browser with an empty cache loads for the page."""
        page = self.context.new_page()
        client = self.context.new_cdp_session(page)
        client.send("Network.enable")
        client.send("Network.setCacheDisabled", {"cacheDisabled": True})
        sizes: list[int] = []
        client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto(path, wait_until="load")
        settle(page)
        page.close()
        return sum(sizes) / 1000


def settle(page: Page) -> None:
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def sheets(folder: Path, width: int) -> list[Path]:
    """Contact sheets of the pictures of one width, twelve on each, named under each picture."""
    pictures = sorted(folder.glob(f"*-{width}.png"))
    made = []
    each = COLUMNS * ROWS
    for start in range(0, len(pictures), each):
        sheet = Image.new("RGB", (COLUMNS * (TILE[0] + 12), ROWS * (TILE[1] + 30)), "#888")
        draw = ImageDraw.Draw(sheet)
        for place, path in enumerate(pictures[start : start + each]):
            left, top = (place % COLUMNS) * (TILE[0] + 12), (place // COLUMNS) * (TILE[1] + 30)
            picture = Image.open(path).convert("RGB")
            scale = TILE[0] / picture.width
            picture = picture.resize((TILE[0], max(1, round(picture.height * scale))))
            sheet.paste(picture.crop((0, 0, TILE[0], min(picture.height, TILE[1]))), (left, top + 24))
            draw.text((left + 4, top + 6), path.stem, fill="white")
        made.append(folder / f"sheet-{width}-{start // each + 1:02}.png")
        sheet.save(made[-1])
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--language", default="en")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    options = {"locale": asked.language, "color_scheme": "dark" if asked.dark else "light"}
    measured: list[Measured] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        met: set[str] = set()
        for person in PEOPLE:
            photographer = Photographer(browser, asked.base, person, asked.out, options)
            met.discard("dashboard:dashboard")
            list(pages(photographer.read, met))
            measured += photographer.measured
        browser.close()
    for each in sorted(measured, key=lambda one: -one.milliseconds):
        wide = f"WIDE at {', '.join(map(str, each.too_wide))}" if each.too_wide else ""
        mark = " " if each.is_within else "!"
        print(f"{mark} {each.milliseconds:6.0f} ms {each.kilobytes:6.0f} kB  {each.path}  {wide}")
    for width in WIDTHS:
        print(*sheets(asked.out, width), sep="\n")
    within = sum(each.is_within for each in measured)
    print(f"{within} of {len(measured)} pages within {MOST_MS} ms, {MOST_KB} kB and their windows")
    return 0 if within == len(measured) else 1


if __name__ == "__main__":
    sys.exit(main())
