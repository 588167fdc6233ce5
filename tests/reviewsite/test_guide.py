import re
from pathlib import Path

import pytest
from django.conf import settings

from reviewsite.guide.views import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_every_help_page_opens_without_signing_in(client, name):
    answer = client.get(f"/help/{name}/")

    assert answer.status_code == 200
    assert "<h1>" in answer.content.decode()


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
