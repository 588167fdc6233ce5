"""Finds words in the pages of docs/: sections that hold all of them, first those with one in the heading.

Where none holds all, those that hold most of them. A word also finds its other forms ("invite": invited).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

HEADING = re.compile(r"^#{1,3} +(.+)$", re.MULTILINE)
MARKS = re.compile(r"[*_`|#>]+|\[([^\]]*)\]\([^)]*\)|^-{3,}$", re.MULTILINE)
EXCERPT = 160
MOST = 30
# Endings of English and Spanish words, cut off where enough is left to tell what is meant.
ENDING = re.compile(r"(?<=\w{4})(?:ing|ed|es|s|e|ción|ar|ado|ada|os|as|o|a)$")


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


def search(pages: Mapping[str, str], query: str, aside: Collection[str] = ()) -> list[Hit]:
    """Sections with every word of the query, or its beginning; else those with more than half; at most 30.

    pages: name of each page -> its Markdown. aside: names of pages that come after the others.
    """
    words = [_pattern(word) for word in query.split()]
    if not words:
        return []
    first = _holding([(page, text) for page, text in pages.items() if page not in aside], words)
    last = _holding([(page, text) for page, text in pages.items() if page in aside], words)
    return [_hit(each, words) for each in (first + last)[:MOST]]


def _holding(pages: Iterable[tuple[str, str]], words: list[re.Pattern[str]]) -> list[Section]:
    """The sections that hold the most words, if that is more than half of them; the weightiest first."""
    held = [(_held(each, words), each) for page, text in pages for each in sections(page, text)]
    most = max((count for count, _each in held), default=0)
    if 2 * most <= len(words):
        return []
    return sorted((each for count, each in held if count == most), key=lambda each: -_weight(each, words))


def _pattern(word: str) -> re.Pattern[str]:
    # A letter or two ("R", "I²") is a word of its own, not a beginning.
    end = r"\b" if len(word) <= 2 else ""
    return re.compile(rf"\b{re.escape(ENDING.sub('', word.lower()))}{end}", re.IGNORECASE)


def _held(section: Section, words: list[re.Pattern[str]]) -> int:
    return sum(bool(word.search(f"{section.heading} {section.text}")) for word in words)


def _weight(section: Section, words: list[re.Pattern[str]]) -> float:
    named = sum(bool(word.search(section.heading)) for word in words)
    told = sum(len(word.findall(section.text)) for word in words)
    # A long section mentions much in passing.
    return 10 * named + told / (1 + len(section.text) / 1000)


def _hit(section: Section, words: list[re.Pattern[str]]) -> Hit:
    found = next(filter(None, (word.search(section.text) for word in words)), None)
    if found is None:
        return Hit(section.page, section.heading, "", "", section.text[:EXCERPT])
    start = max(0, found.start() - EXCERPT // 2)
    start = section.text.rfind(" ", 0, start + 1) + 1 if start else 0
    after = section.text[found.end() : found.end() + EXCERPT]
    return Hit(section.page, section.heading, section.text[start : found.start()], found.group(), after)


def plain(markdown: str) -> str:
    """The text without the marks of Markdown, on one line."""
    return " ".join(MARKS.sub(lambda mark: mark.group(1) or " ", markdown).split())
