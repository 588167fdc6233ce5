"""XML exports, cut into their records before any of it is parsed.

One record at a time is parsed, so a file of hundreds of megabytes costs the memory of one record, each record
keeps its own text as it came, and an error leads to a line of the file. Entities and outside addresses are
never followed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from . import cleaning
from .base import ImportRefused

PROLOGUE = re.compile(r"<\?xml[^>]*\?>|<!DOCTYPE[^<>\[]*>")
# Prefixes that NCBI declares on the outermost element, which a record cut out of it no longer has.
NAMESPACES = 'xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink"'
# Deeper than any export; deeper ones are made to break readers.
DEEPEST = 100
NESTED = re.compile(rf"(?:<[^/!?<>][^<>]*>\s*){{{DEEPEST}}}")


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """One record: its element, the line that it begins on, and its text as it came."""

    element: Element
    line: int
    raw: str


class XmlFile:
    """A text whose records are elements of the given names, none inside another."""

    def __init__(self, text: str, *names: str) -> None:
        self.text = text
        named = "|".join(names)
        self._record = re.compile(rf"<({named})(?=[\s>]).*?</\1\s*>", re.DOTALL)

    def count(self) -> int:
        return len(self._spans)

    def records(self) -> Iterator[XmlRecord]:
        """Raises ImportRefused when the document is not well formed or defines entities of its own."""
        self._check_frame()
        line, counted_to = 1, 0
        for start, end in self._spans:
            line += self.text.count("\n", counted_to, start)
            counted_to = start
            raw = self.text[start:end]
            yield XmlRecord(_parsed(raw, line), line, raw)

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return [found.span() for found in self._record.finditer(self.text)]

    def _check_frame(self) -> None:
        """What is around the records must be whole too: a file that was cut off is never kept in part."""
        frame, end = [], 0
        for start, next_end in self._spans:
            # Lines are kept so that an error names the right one.
            frame.append(self.text[end:start] + "\n" * self.text.count("\n", start, next_end))
            end = next_end
        frame.append(self.text[end:])
        _parsed(PROLOGUE.sub("", "".join(frame)), 1)


def _parsed(text: str, line: int) -> Element:
    if NESTED.search(text):
        raise ImportRefused(
            f"The XML at line {line} is nested deeper than any database writes it, so it is not read."
        )
    if "<!ENTITY" in text or "<!DOCTYPE" in text:
        raise _defines_entities()
    try:
        element: Element = fromstring(f"<export {NAMESPACES}>{text}</export>")
    except ParseError as error:
        raise ImportRefused(
            f"The XML is broken at line {line + error.position[0] - 1}: it was probably cut off, so nothing "
            "of it was kept. Export it again."
        ) from None
    except DefusedXmlException:
        raise _defines_entities() from None
    return element[0] if len(element) == 1 else element


def _defines_entities() -> ImportRefused:
    return ImportRefused(
        "The XML defines entities of its own, which no database does, so it is not read. "
        "Export it again from the database."
    )


def text_at(element: Element, path: str) -> str:
    """The cleaned text of the first element on a path, with all that is inside it; "" without one."""
    found = element.find(path)
    return "" if found is None else text_of(found)


def text_of(element: Element) -> str:
    return cleaning.text("".join(element.itertext()))


def texts_at(element: Element, path: str) -> list[str]:
    return [text for each in element.iterfind(path) if (text := text_of(each))]


def leaves(element: Element, without: frozenset[str]) -> Iterable[tuple[str, str]]:
    """Name and text of what is directly inside an element, for what has no field of its own."""
    for child in element:
        if child.tag not in without and (text := text_of(child)):
            yield child.tag, text
