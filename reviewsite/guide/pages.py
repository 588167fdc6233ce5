"""The pages of docs/ as they are shown: in the reader's language where they have been translated."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.conf import settings
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .searching import HEADING, plain

OTHER_PAGE = re.compile(r"(?P<name>[a-z-]+)\.md(?P<section>(?:#[\w-]*)?)")
PICTURE = re.compile(r"(?:\.\./)?pictures/(?P<name>[a-z-]+)\.png")


@dataclass(frozen=True)
class DocsPage:
    """One page: its Markdown in a language, and the English that it was translated from."""

    text: str
    language: str
    original: str

    @property
    def title(self) -> str:
        return re.sub(r"^# ", "", self.text.split("\n", 1)[0])

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Each heading as it is shown, with its address, which is that of the English one.

        So a link to a section leads there in every language.
        """
        shown, english = (
            [plain(each.group(1)) for each in HEADING.finditer(text)] for text in (self.text, self.original)
        )
        return {heading: slugify(name) for heading, name in zip(shown, english, strict=True)}

    def html(self) -> str:
        """The page as HTML, each heading with its address."""
        parser = MarkdownIt("js-default")
        tokens = parser.parse(self.text)
        for opening, inside in pairwise(tokens):
            for each in inside.children or ():
                _lead_within_the_help(each)
            if opening.type == "heading_open":
                heading = plain(inside.content)
                opening.attrSet("id", self.addresses.get(heading, slugify(heading)))
        return str(parser.renderer.render(tokens, parser.options, {}))


def _lead_within_the_help(token: Token) -> None:
    """Links and pictures of docs/, which are relative to the file, are at other addresses on the site."""
    if token.type == "link_open" and (other := OTHER_PAGE.fullmatch(str(token.attrGet("href")))):
        token.attrSet("href", reverse("help:page", args=[other["name"]]) + other["section"])
    if token.type == "image" and (picture := PICTURE.fullmatch(str(token.attrGet("src")))):
        token.attrSet("src", reverse("help:picture", args=[picture["name"]]))
        token.attrSet("loading", "lazy")
        token.attrSet("class", "help-picture")


def docs_page(name: str) -> DocsPage:
    """A page of docs/ in the language that is spoken now, or in English."""
    docs, language = settings.BASE_DIR / "docs", get_language() or settings.LANGUAGE_CODE
    original = (docs / f"{name}.md").read_text(encoding="utf-8")
    translated = docs / language / f"{name}.md"
    if translated.is_file():
        return DocsPage(translated.read_text(encoding="utf-8"), language, original)
    return DocsPage(original, settings.LANGUAGE_CODE, original)
