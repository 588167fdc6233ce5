"""Every page of a review in Spanish, beside the same page in English."""

import io
import re
import zipfile
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from reviewsite.portability.tables import TABLES

from ..makers import make_member, make_review
from ..reviewsite.matrix import ROWS
from ..reviewsite.pages import lasting, populate
from .test_marked import NAMES
from .visible_texts import SEEN

pytestmark = pytest.mark.django_db
PAGES = [row.page for row in ROWS if row.method == "GET" and row.answers["owner"] == "open"]
# The owner of this review has extracted nothing.
PAGES = [page for page in PAGES if not {"own", "handed_in"} & set(page.arguments)]
LETTERS = re.compile(r"[^\W\d_]{3,}")


@pytest.fixture
def review():
    return make_review()


@pytest.fixture
def rows(review):
    return populate(review, [make_member(review), make_member(review)])


@pytest.fixture
def read(client, review, rows):
    """A function that gives a page's answer in a language."""
    client.force_login(review.created_by)
    return lambda page, language: client.get(page.url(review, rows), headers={"accept-language": language})


def is_page(answer) -> bool:
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


class Reader(HTMLParser):
    """What is read on a page outside of passages that are marked as English, and numbers in its fields."""

    def __init__(self, answer) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.numbers: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.feed(answer.content.decode())

    @property
    def is_hidden(self) -> bool:
        return any(hidden for _, hidden in self.open)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and given.get("type") == "number" and given.get("value"):
            self.numbers.append(given["value"])
        hidden = tag in HIDDEN or (given.get("lang") or "").startswith("en")
        if tag not in VOID:
            self.open.append((tag, hidden))
        if not self.is_hidden:
            self.texts += [value for name, value in attrs if name in SEEN and value]

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self.is_hidden and data.strip():
            self.texts.append(" ".join(data.split()))


HIDDEN = {"script", "style", "kbd", "code", "pre", "textarea"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


def test_a_number_in_a_field_is_one_in_every_language(read):
    for page in PAGES:
        answer = read(page, "es")
        for number in Reader(answer).numbers if is_page(answer) else ():
            assert float(number) is not None, page.name


WORDED = models.CharField | models.TextField | models.JSONField
# Hashes, identifiers and tokens; then what counts.
CHANCE = re.compile(r"\b[0-9a-f-]{16,}\b|\d+")


def words_of_people() -> list[str]:
    """What stands in the rows: it is shown as it was written, the longest first."""
    found = set()
    for model in apps.get_models():
        columns = [f.attname for f in model._meta.fields if isinstance(f, WORDED)]
        for values in model._base_manager.values_list(*columns) if columns else ():
            for value in values:
                found |= set(strings_in(value))
    return sorted((each for each in found if LETTERS.search(each)), key=len, reverse=True)


def strings_in(value):
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings_in(each)


# What is the same in both languages and stands in no row: names of languages, hashes, words that both share.
SAME = re.compile(
    r"\b[0-9a-f]{12,64}\b|Español|English|SQLite|PostgreSQL|Extractor|Plan\b|Hazard ratio|[Nn]ormal\b"
    # Names that statisticians have given.
    r"|DerSimonian-Laird|Paule-Mandel|Hunter-Schmidt|Sidik-Jonkman|Hartung-Knapp|Mantel-Haenszel"
    r"|Hedges|Peto|Wald"
)
# Pages with English words by intent, outside of passages that say so.
ENGLISH = {
    "extraction:risk_of_bias": "A select names the tools and their effects as their authors do.",
    "extraction:tool": "The title in the browser's tab is the name of the tool.",
    "analysis:figures": "Names of journals and formats, and of the columns of a figure.",
    "trail:audit": "Acts are English in the list, and so in the filter that narrows it.",
    "screening:columns": "The names of columns are those of the file that is named.",
    "screening:document": "The title in the browser's tab is the name of the PDF.",
    "api_documentation": "Names of parameters and methods.",
    "help:page": "The help is in English, and so is its title in the browser's tab.",
}
# Rooms whose pages are still being translated.
NOT_YET: set[str] = set()


def test_no_text_of_a_page_is_left_in_english(read):
    """What an English and a Spanish page have in common is what people wrote, numbers and names."""
    assert left_in_english(read, PAGES) == {}


def test_no_text_is_left_in_english_for_a_visitor(client, review, rows, read):
    client.logout()
    pages = [row.page for row in ROWS if row.method == "GET" and row.answers["anonymous"] == "open"]

    assert left_in_english(read, pages) == {}


def left_in_english(read, pages) -> dict[str, str]:
    """Each text of ours that is on a page in both languages, and the page's name."""
    rows_say = words_of_people()
    left = {}
    for page in pages:
        if page.name in ENGLISH or page.name.partition(":")[0] in NOT_YET:
            continue
        english, spanish = read(page, "en"), read(page, "es")
        if is_page(english):
            assert spanish.status_code == 200
            same = set(Reader(english).texts) & set(Reader(spanish).texts)
            left |= {text: page.name for text in same if has_words_of_ours(text, rows_say)}
    return left


def has_words_of_ours(text: str, rows_say: list[str]) -> bool:
    """Whether anything is left of a text without what stands in rows."""
    # A title in the browser's tab is cut short.
    rest = re.sub(r"[^·]*… ·", " ", SAME.sub(" ", text))
    for each in rows_say:
        rest = rest.replace(each, " ")
    return any(word not in NAMES for word in LETTERS.findall(rest))


FILES = [page for page in PAGES if page.name != "portability:export_file"]


def test_a_file_is_the_same_whoever_asks_for_it_in_whichever_language(read):
    differing = []
    for page in FILES:
        english = read(page, "en")
        if english.status_code == 200 and not is_page(english) and page.name != "script_texts":
            first, again, spanish = parts(english), parts(read(page, "en")), parts(read(page, "es"))
            # What says when it was made differs every time.
            steady = [name for name in first if first[name] == again[name]]
            differing += [(page.name, name) for name in steady if first[name] != spanish[name]]

    assert differing == []


def parts(answer) -> dict[str, bytes]:
    """A file's content; of a ZIP, a Word or an Excel file what is in it."""
    content = lasting(answer)
    if not content.startswith(b"PK\x03"):
        return {"": content}
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_what_is_stored_does_not_depend_on_the_language_of_whoever_acts():
    """The same history, made in two languages, leaves the same words and hashes behind."""
    told = {}
    for language in ("en-gb", "es"):
        review = make_review()
        with translation.override(language):
            populate(review, [make_member(review), make_member(review)])
        told[language] = stored(review)

    assert told["es"] == told["en-gb"]


def stored(review) -> dict[str, list[list[str]]]:
    """The words in the rows of a review, without numbers, which count people, tokens and identifiers."""
    return {table.label: [words_in(row) for row in table.rows(review)] for table in TABLES}


def words_in(row: models.Model) -> list[str]:
    columns = [f.attname for f in row._meta.fields if isinstance(f, WORDED)]
    found = (text for column in columns for text in strings_in(getattr(row, column)))
    return sorted(CHANCE.sub("#", text) for text in found)
