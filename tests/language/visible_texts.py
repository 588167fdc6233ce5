"""Finds text in a template that a reader sees and that is not marked for translation."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

# Attributes whose values people read or hear.
SEEN = {
    "title",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "placeholder",
    "alt",
    "label",
    "summary",
}
BUTTONS = {"submit", "button", "reset"}
# A letter of a word. What stands in for a variable or a marked text has none.
STAND_IN = "\ufffc"
WORD = re.compile(r"[^\W\d_]{2,}")
# Strings in the tags of a template that end up on the page.
SHOWN_BY_FILTER = re.compile(
    r"""\|(?:default|default_if_none|yesno|pluralize|add):(?:"([^"]*)"|'([^']*)')|\|(pluralize)\b(?!:)"""
)
# {% include "x" with heading="Words" %}: a capital or a blank is what a name of ours never has.
GIVEN = re.compile(r"""\b(?!button=|class=)\w+=(?:"([^"]*)"|'([^']*)')""")
LIKE_A_SENTENCE = re.compile(r"^[A-Z][a-z]|[a-z] [a-z]")


def unmarked(source: str) -> list[str]:
    """Every visible text of a template outside of translate and blocktranslate, in its order."""
    html, inside = _without_marked(source)
    return [*_Reader(html).texts, *inside]


def _without_marked(source: str) -> tuple[str, list[str]]:
    """The template's HTML with a stand-in for each tag, and the strings within tags that are shown."""
    parts: list[str] = []
    inside: list[str] = []
    skipping = ""
    for token in Lexer(source).tokenize():
        word = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        if skipping:
            skipping = "" if word == skipping else skipping
        elif word in ("blocktranslate", "blocktrans", "comment"):
            skipping = f"end{word}"
            parts.append(STAND_IN)
        elif token.token_type == TokenType.TEXT:
            parts.append(token.contents)
        elif token.token_type in (TokenType.VAR, TokenType.BLOCK):
            parts.append(STAND_IN)
            inside.extend(_shown_by(token.contents, word))
    return "".join(parts), inside


def _shown_by(contents: str, word: str) -> Iterator[str]:
    if word in ("translate", "trans"):
        return
    for found in SHOWN_BY_FILTER.finditer(contents):
        text = next((each for each in found.groups() if each), "")
        if WORD.search(text) or found.group(0).startswith("|pluralize"):
            yield text
    if word in ("include", "with") or (word and "=" in contents and word not in ("if", "elif", "for", "url")):
        for found in GIVEN.finditer(contents):
            text = found[1] or found[2] or ""
            if LIKE_A_SENTENCE.search(text):
                yield text


class _Reader(HTMLParser):
    """Collects text nodes and the attributes that are read, but for code and keys."""

    HIDDEN = ("script", "style", "kbd", "code", "samp")

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.within: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.HIDDEN:
            self.within.append(tag)
        given = dict(attrs)
        for name, value in attrs:
            if name in SEEN or (name == "value" and tag == "input" and given.get("type") in BUTTONS):
                self._keep(value or "")

    def handle_endtag(self, tag: str) -> None:
        if self.within and tag == self.within[-1]:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        if not self.within:
            self._keep(data)

    def _keep(self, text: str) -> None:
        words = " ".join(text.replace(STAND_IN, " … ").split())
        if WORD.search(words):
            self.texts.append(words)
