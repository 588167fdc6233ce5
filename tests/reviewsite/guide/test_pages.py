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


@pytest.mark.parametrize("name", PAGES)
def test_every_link_and_picture_of_a_help_page_leads_somewhere(client, name):
    body = client.get(f"/help/{name}/").content.decode().split("<main", 1)[1]

    for address in re.findall(r'(?:href|src)="([^"#]+)', body):
        assert not address.endswith(".md"), address
        if address.startswith("/help/"):
            assert client.get(address).status_code == 200, address


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


TRANSLATED = sorted((settings.BASE_DIR / "docs").glob("*/*.md"))
# What stays the same in every language of a page: what is typed, where links lead, how it is divided.
SHAPES = {
    "headings": re.compile(r"^#+ ", re.MULTILINE),
    "rows of tables": re.compile(r"^\|", re.MULTILINE),
    "what is typed": re.compile(r"`[^`]+`"),
    "links": re.compile(r"\]\((?:\.\./)?([^)]+)\)"),
}


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_translated_page_follows_its_original(path):
    original = (path.parent.parent / path.name).read_text(encoding="utf-8")
    translated = path.read_text(encoding="utf-8")

    for what, shape in SHAPES.items():
        assert sorted(shape.findall(translated)) == sorted(shape.findall(original)), what


def test_a_page_is_shown_in_the_reader_s_language_where_it_is_translated(client):
    spanish = {"accept-language": "es"}

    guide = client.get("/help/guide/", headers=spanish).content.decode()
    assert '<div lang="es"><h1 id="guide">Guía</h1>' in guide
    # Links to a section lead there in every language.
    assert '<h2 id="begin">Empezar</h2>' in guide
    assert "Esta página está en inglés" not in guide
    methods = client.get("/help/methods/", headers=spanish).content.decode()
    assert '<div lang="en-gb">' in methods
    assert "Esta página está en inglés" in methods
    found = client.get("/help/", {"q": "deslice pulgar"}, headers=spanish).content.decode()
    assert '<a href="/help/screening/#keys" lang="es">Teclas</a>' in found


# What people type who look for a task, and the section that tells how.
TASKS = {
    "invite colleague": "guide#invite-colleagues",
    "forgotten password": "guide#your-account",
    "two-factor": "guide#invite-colleagues",
    "third reviewer": "guide#begin",
    "undo import": "searching#what-you-get-to-read-afterwards",
    "search PubMed": "searching#search-pubmed",
    "keys": "screening#keys",
    "pilot": "teams#pilot-and-gate",
    "upload PDFs": "guide#full-texts",
    "R script": "analysis#bundles",
    "prediction interval": "statistics#heterogeneity-and-prediction",
    "summary of findings": "risk-of-bias#certainty-grade",
    "checklist": "reporting#checklists",
    "print page": "guide#your-account",
    "backups": "running-a-server#backups",
}


@pytest.mark.parametrize("query", TASKS)
def test_a_task_is_among_the_first_that_are_found(client, query):
    page = client.get("/help/", {"q": query}).content.decode()

    first = re.findall(r'<a href="/help/([\w-]+)/#([\w-]+)"', page)[:3]
    assert TASKS[query] in {f"{name}#{section}" for name, section in first}


def test_where_no_section_holds_all_words_those_with_most_are_found():
    pages = {"a": "# Page\n\n## The queue\n\nIt waits for you.", "b": "# Other\n\nNothing."}

    assert [hit.heading for hit in search(pages, "queue waits tomorrow")] == ["The queue"]
    assert search(pages, "queue tomorrow") == []
