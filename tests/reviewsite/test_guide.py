import re
from pathlib import Path

import pytest
from django.conf import settings

from reviewsite.guide.searching import search
from reviewsite.guide.views import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_every_help_page_opens_without_signing_in(client, name):
    answer = client.get(f"/help/{name}/")

    assert answer.status_code == 200
    assert "<h1" in answer.content.decode()


def test_a_page_that_is_not_in_the_menu_is_not_found(client):
    assert client.get("/help/nothing/").status_code == 404


def test_every_page_of_the_docs_is_in_the_menu():
    assert {path.stem for path in (settings.BASE_DIR / "docs").glob("*.md")} == set(PAGES)


def test_every_setting_read_from_the_environment_is_documented():
    code = Path(settings.BASE_DIR, "reviewsite", "settings.py").read_text()
    told = Path(settings.BASE_DIR, "docs", "settings.md").read_text()

    for name in set(re.findall(r'"(WINNOW_\w+|DATABASE_URL)"', code)):
        stem, _, last = name.rpartition("_")
        assert name in told or (stem in told and f"`_{last}`" in told), name


def test_a_word_is_found_in_the_pages_that_hold_it(client):
    answer = client.get("/help/", {"q": "Knapp Hartung"})

    assert answer.status_code == 200
    assert '<a href="/help/statistics/#' in answer.content.decode()


def test_what_names_the_words_in_its_heading_comes_first():
    pages = {
        "a": "# Page\n\n## Other\n\nThe queue and the queue.",
        "b": "# Page\n\n## The queue\n\nIt waits.",
    }

    assert [hit.page for hit in search(pages, "queu")] == ["b", "a"]


def test_a_query_that_no_page_holds_says_so(client):
    assert "No page holds all of these words" in client.get("/help/", {"q": "xyzzy"}).content.decode()


def test_what_is_searched_for_is_text_and_not_a_pattern(client):
    assert client.get("/help/", {"q": "(((<script>"}).status_code == 200
