"""Pictures of the worked example for the README, drawn into the folder that WINNOW_PICTURES names."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from reviewsite.example.loader import DEMO_PASSWORD, load_example

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]

# Name of the picture, who looks, where, and what must be seen there.
PICTURES = [
    ("dashboard", "owner@example.org", "", "What awaits you"),
    ("searches", "owner@example.org", "searches/", "Search PubMed"),
    ("screening", "reviewer-b@example.org", "screen/title_abstract/", "12 to decide"),
    ("conflict", "owner@example.org", "conflicts/title_abstract/", "Demo Reviewer B"),
    ("extraction", "viewer@example.org", "extraction/table/", "Kantarjian 2013"),
    ("bias", "viewer@example.org", "risk-of-bias/{appraisal}/", "MINORS"),
    ("analysis", "statistician@example.org", "analyses/{analysis}/", "82.7%"),
    ("flow", "viewer@example.org", "prisma/", "Every sum holds"),
]


def keep(picture: bytes, path: Path) -> None:
    """In few colours, so that a page of the help stays light; enough of them that the logo keeps its own."""
    colours = (
        Image.Quantize.MAXCOVERAGE
    )  # rare ones too, as that of the logo; then drawn to what is most seen
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(256, method=colours, kmeans=4).save(
        path, optimize=True
    )


def test_the_example_shows_what_the_readme_shows(page_of):
    review, _ = load_example()
    keys = {
        "analysis": review.analyses.get(title="Overall response").pk,
        "appraisal": review.appraisals.get(tool_key="minors").pk,
    }
    folder = os.environ.get("WINNOW_PICTURES")
    pages = {}
    for name, person, path, seen in PICTURES:
        page = pages.setdefault(person, None) or page_of(person, DEMO_PASSWORD)
        pages[person] = page
        page.goto(f"/reviews/inotuzumab/{path.format(**keys)}")
        expect(page.locator("#main")).to_contain_text(seen)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{name} is too wide"
        )
        if folder:
            keep(page.screenshot(), Path(folder) / f"{name}.png")
