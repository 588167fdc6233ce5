"""Every text of a page is marked for translation."""

from pathlib import Path

import pytest
from django.conf import settings

from .visible_texts import WORD, unmarked

TEMPLATES = settings.BASE_DIR / "templates"
# Names that are the same in every language. Each was looked at; a word of a sentence has no place here.
NAMES = {
    "Winnow",
    "PubMed",
    "Embase",
    "CENTRAL",
    "PRISMA",
    "GRADE",
    "DOI",
    "PMID",
    "CSV",
    "RIS",
    "SVG",
    "PDF",
    "PNG",
    "API",
    "JSON",
    "ORCID",
    "PABAK",
    "AC",
    "BibTeX",
    "nbib",
    "Excel",
    "Word",
    "ZIP",
    "SHA",
    "I²",
    "τ²",
    "R²",
    "wnw",  # how a token begins
}
# A tag of HTML that is put together, which the finder takes for text.
NO_PAGES = {"allauth/elements/button.html"}
# Folders of templates that are still to be marked.
NOT_YET: set[str] = set()


def templates() -> list[Path]:
    found = (path for path in TEMPLATES.rglob("*.html") if folder_of(path) not in NOT_YET)
    return sorted(path for path in found if str(path.relative_to(TEMPLATES)) not in NO_PAGES)


def folder_of(path: Path) -> str:
    parts = path.relative_to(TEMPLATES).parts
    return parts[0] if len(parts) > 1 else ""


def is_name(text: str) -> bool:
    return all(word in NAMES for word in WORD.findall(text))


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_visible_text_is_marked(path):
    found = unmarked(path.read_text(encoding="utf-8"))

    assert [text for text in found if not is_name(text)] == []


def test_a_folder_that_is_still_to_be_marked_is_one():
    assert {folder_of(path) for path in TEMPLATES.rglob("*.html")} >= NOT_YET


class TestTheFinder:
    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ("<p>Words</p>", ["Words"]),
            ("<p>{% translate 'Words' %} {{ value }}</p>", []),
            ("{% blocktranslate trimmed %}Words {{ x }}{% endblocktranslate %}", []),
            ("{% blocktranslate count n=x %}one{% plural %}many{% endblocktranslate %} more", ["… more"]),
            ('<a title="Words" href="x">{{ x }}</a>', ["Words"]),
            ('<a title="{% translate "Words" %}">{{ x }}</a>', []),
            ('<input type="submit" value="Store it"><input value="0">', ["Store it"]),
            ('{{ x|default:"never" }}', ["never"]),
            ('{{ x|default:_("never") }}', []),
            ('stud{{ x|pluralize:"y,ies" }}', ["stud …", "y,ies"]),
            ("{{ n }} row{{ n|pluralize }}", ["… row …", "pluralize"]),
            ('{{ x|date:"j F Y" }}{% url "a:b" %}', []),
            ('{% include "a.html" with heading="What it is" kind="bar" %}', ["What it is"]),
            ("<p><kbd>Enter</kbd> 12 % – ·</p><!-- words -->{# words #}", []),
            ("{% comment %}words{% endcomment %}{% block title %}Words{% endblock %}", ["… … Words …"]),
        ],
    )
    def test_what_is_found(self, source, found):
        assert unmarked(source) == found
