"""No page asks more of the database because there is more in the review; and none asks for very much.

What a page may ask stands in queries.txt. Bounds are loose by a few statements; growth is not.
"""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ..makers import make_member, make_review
from .growth import one_more
from .matrix import ROWS
from .pages import populate
from .test_access import begin_own_work

pytestmark = pytest.mark.django_db

FILE = Path(__file__).with_name("queries.txt")
USUAL = (24, 0)
TIMES = 10
# Draws every figure of every analysis, which takes a minute; what it reads is read by the pages as well.
NOT_ASKED = {"analysis:whole_bundle"}
PAGES = [
    row.page
    for row in ROWS
    if row.method == "GET" and row.answers["owner"] == "open" and row.page.name not in NOT_ASKED
]


def bounds() -> dict[str, tuple[int, int]]:
    """Page to the most statements it may send, and how many more with ten times of everything."""
    lines = [line.split() for line in FILE.read_text(encoding="utf-8").splitlines()]
    return {line[0]: (int(line[1]), int(line[2])) for line in lines if line and line[0] != "#"}


def asked(client, review, rows) -> dict[str, int]:
    """How many statements each page sends."""
    client.force_login(review.created_by)
    client.get("/")  # what is read once a process
    found = {}
    for page in PAGES:
        with CaptureQueriesContext(connection) as statements:
            answer = client.get(page.url(review, rows))
            if answer.streaming:
                b"".join(answer.streaming_content)
        found[page.name] = len(statements)
    return found


def test_no_page_asks_for_more_with_ten_times_of_everything(client):
    review = make_review()
    people = [make_member(review), make_member(review)]
    rows = begin_own_work(review, populate(review, people), review.created_by)
    one_more(review, people, rows, 0)
    few = asked(client, review, rows)
    for n in range(1, TIMES):
        one_more(review, people, rows, n)

    many = asked(client, review, rows)

    allowed = {name: bounds().get(name, USUAL) for name in many}
    grown = {name: (few[name], n) for name, n in many.items() if n > few[name] + allowed[name][1]}
    assert grown == {}
    beyond = {name: n for name, n in few.items() if n > allowed[name][0]}
    assert beyond == {}


def test_the_file_of_bounds_names_only_pages_that_are_there():
    assert bounds().keys() <= {page.name for page in PAGES}
