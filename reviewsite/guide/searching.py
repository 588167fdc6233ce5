"""Finds words in the pages of docs/: sections that hold all of them, first those with one in the heading."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

HEADING = re.compile(r"^#{1,3} +(.+)$", re.MULTILINE)
MARKS = re.compile(r"[*_`|#>]+|\[([^\]]*)\]\([^)]*\)|^-{3,}$", re.MULTILINE)
EXCERPT = 160
MOST = 30


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, without marks."""

    page: str
    heading: str
    text: str


@dataclass(frozen=True)
class Hit:
    """A section that holds the words: where, and the words around the first of them."""

    page: str
    heading: str
    before: str
    word: str
    after: str


def sections(page: str, markdown: str) -> Iterator[Section]:
    """The sections of one page in their order."""
    found = list(HEADING.finditer(markdown))
    ends = [*(each.start() for each in found[1:]), len(markdown)]
    for each, end in zip(found, ends, strict=True):
        yield Section(page, plain(each.group(1)), plain(markdown[each.end() : end]))


def search(pages: Mapping[str, str], query: str) -> list[Hit]:
    """Sections that hold every word of the query, or its beginning; at most 30.

    pages: name of each page -> its Markdown.
    """
    words = [re.compile(rf"\b{re.escape(word)}", re.IGNORECASE) for word in query.split()]
    if not words:
        return []
    everything = [section for page, markdown in pages.items() for section in sections(page, markdown)]
    holding = [each for each in everything if all(w.search(f"{each.heading} {each.text}") for w in words)]
    holding.sort(key=lambda each: -_weight(each, words))
    return [_hit(each, words[0]) for each in holding[:MOST]]


def _weight(section: Section, words: list[re.Pattern[str]]) -> float:
    named = sum(bool(word.search(section.heading)) for word in words)
    told = sum(len(word.findall(section.text)) for word in words)
    # A long section mentions much in passing.
    return 10 * named + told / (1 + len(section.text) / 1000)


def _hit(section: Section, word: re.Pattern[str]) -> Hit:
    found = word.search(section.text)
    if found is None:
        return Hit(section.page, section.heading, "", "", section.text[:EXCERPT])
    start = max(0, found.start() - EXCERPT // 2)
    start = section.text.rfind(" ", 0, start + 1) + 1 if start else 0
    after = section.text[found.end() : found.end() + EXCERPT]
    return Hit(section.page, section.heading, section.text[start : found.start()], found.group(), after)


def plain(markdown: str) -> str:
    """The text without the marks of Markdown, on one line."""
    return " ".join(MARKS.sub(lambda mark: mark.group(1) or " ", markdown).split())
