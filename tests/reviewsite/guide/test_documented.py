"""Every page, command and operation of the API is told of in docs/."""

import re
from functools import cache

import pytest
from django.conf import settings
from django.core.management import get_commands

from reviewsite.api.site import api
from reviewsite.guide.topics import SECTIONS, topic_of
from reviewsite.guide.views import PAGES

from ..matrix import ROWS

DOCS = settings.BASE_DIR / "docs"
OURS = {"reviewsite", "screening", "extraction", "analysis"}


@cache
def everything() -> str:
    return "\n".join(path.read_text() for path in [*DOCS.rglob("*.md"), settings.BASE_DIR / "README.md"])


def test_help_leads_from_every_page_to_a_section_that_tells_of_it():
    without = {row.page.name for row in ROWS if row.method == "GET" and topic_of(row.page.name) is None}

    assert without == set()


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_that_help_leads_to_is_there(client, section):
    page, _, heading = section.partition("#")

    assert page in PAGES
    if heading:
        assert f' id="{heading}"' in client.get(f"/help/{page}/").content.decode()


@pytest.mark.django_db
def test_help_is_told_by_the_page_it_is_asked_from(client):
    assert 'href="/help/guide/"' in client.get("/help/guide/").content.decode()
    assert 'href="/help/running-a-server/#signing-in"' in client.get("/accounts/login/").content.decode()


def test_every_command_is_told_of():
    commands = {name for name, app in get_commands().items() if app.split(".")[0] in OURS}

    assert {
        name for name in commands if not re.search(rf"manage\.py {name}\b|`{name}\b", everything())
    } == set()


def test_every_operation_of_the_api_is_listed_and_says_what_it_does():
    told = (DOCS / "api.md").read_text()

    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            short = path.removeprefix("/api/v1").removeprefix("/reviews/{slug}") or path.removeprefix(
                "/api/v1"
            )
            assert f"`{method.upper()} {short}`" in told, (method, path)
            assert operation.get("description"), (method, path)
