"""Lines with a tag in front, as MEDLINE, RIS, Web of Science and Refer have them, cut into fields.

Files reach hundreds of megabytes, so records are found by plain string search, and whether a line begins a
field is looked up by its first characters: a file has few different ones, and each is matched once only.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import AnyStr

from .base import ImportRefused

# What is longer than any list of references and authors is a broken file, and no page could show it.
LONGEST_RECORD = 5_000_000
LONGEST_TITLE = 65_536
NEWLINE = ord("\n")
# Beginnings of lines that go on with a field are as many as there are words; only so many are remembered.
MOST_PREFIXES = 20_000

Fields = dict[str, list[str]]


class TaggedRecord:
    """A record's fields in the order they came (cleaned of all but blanks), where it began, and its text."""

    __slots__ = ("fields", "line", "raw")

    def __init__(self, line: int, fields: Fields, raw: str) -> None:
        self.line, self.fields, self.raw = line, fields, raw

    def first(self, *tags: str) -> str:
        """The first value under the first of these tags that has one; "" without one."""
        fields = self.fields
        for tag in tags:
            for value in fields.get(tag, ()):
                if value:
                    return " ".join(value.split()) if "  " in value else value
        return ""

    def all(self, *tags: str) -> list[str]:
        """All values under these tags."""
        fields = self.fields
        return [
            " ".join(value.split()) if "  " in value else value
            for tag in tags
            if tag in fields
            for value in fields[tag]
            if value
        ]

    def names(self, *tags: str) -> tuple[str, ...]:
        """All values as names: some programs leave the comma where a first name is missing."""
        return tuple([name for value in self.all(*tags) if (name := value.rstrip(", "))])

    def rest(self, known: frozenset[str]) -> dict[str, list[str]]:
        return {tag: values for tag, values in self.fields.items() if tag not in known}


class Prefixes(dict[str, str]):
    """The first characters of a line -> the tag that they are, or "" where no field begins."""

    def __init__(self, tag: re.Pattern[str], width: int) -> None:
        """tag: an expression with the tag as its first group. width: how many characters a tag takes."""
        super().__init__()
        self.tag, self.width = tag, width

    def __missing__(self, prefix: str) -> str:
        found = self.tag.match(prefix)
        answer = found.group(1) if found else ""
        if len(self) < MOST_PREFIXES:
            self[prefix] = answer
        return answer


def line_starts(text: AnyStr, tag: AnyStr, begins: re.Pattern[AnyStr]) -> list[int]:
    """Where lines begin with a tag, given with the newline before it; `begins` tells a tag from a word."""
    starts = [0] if begins.match(text) else []
    place = text.find(tag)
    while place >= 0:
        if begins.match(text, place + 1):
            starts.append(place + 1)
        place = text.find(tag, place + 1)
    return starts


def pieces(text: str, starts: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The text from each start to the next, with the number of the line that it begins on.

    Raises ImportRefused for a piece longer than any record is.
    """
    line, counted_to = 1, 0
    for start, end in pairwise((*starts, len(text))):
        line += text.count("\n", counted_to, start)
        counted_to = start
        check_length(end - start, line)
        yield line, text[start:end]


def decoded_pieces(content: bytes, starts: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The same from UTF-8, without the newlines at its end; a piece becomes text only when its turn comes."""
    line, counted_to = 1, 0
    for start, end in pairwise((*starts, len(content))):
        line += content.count(b"\n", counted_to, start)
        counted_to = start
        check_length(end - start, line)
        while end > start and content[end - 1] == NEWLINE:
            end -= 1
        yield line, content[start:end].decode("utf-8")


def fields_of(lines: Sequence[str], prefixes: Prefixes, by_line: frozenset[str] = frozenset()) -> Fields:
    """The fields in a record's lines.

    by_line: tags whose further lines are values of their own; in all others they go on with the value.
    """
    fields: Fields = {}
    values: list[str] = []
    further: list[str] = []
    last, width = "", prefixes.width
    for each in lines:
        if not (tag := prefixes[each[:width]]):
            further.append(each)
            continue
        if further:
            _go_on(values, further, last in by_line)
            further = []
        last = tag
        if tag in fields:
            values = fields[tag]
            values.append(each[width:].strip())
        else:
            values = fields[tag] = [each[width:].strip()]
    _go_on(values, further, last in by_line)
    return fields


def _go_on(values: list[str], further: list[str], are_values: bool) -> None:
    """Add lines without a tag to the value before them; before the first there is none to add them to."""
    if not values:
        return
    if are_values and further and not further[0][:1].isspace():
        values.extend([part for each in further if (part := each.strip())])
    else:
        values[-1] = " ".join([part for each in (values[-1], *further) if (part := each.strip())])


def check_length(length: int, line: int) -> None:
    """Raises ImportRefused for a record so long that the file is broken, or no export."""
    if length > LONGEST_RECORD:
        raise ImportRefused(
            f"The record at line {line} has {length:,} characters: the file is broken, or not an export "
            "of records. Export it again."
        )


def check_title(title: str, line: int) -> None:
    """Raises ImportRefused for a title that no one could read on a page."""
    if len(title) > LONGEST_TITLE:
        raise ImportRefused(
            f"The record at line {line} has a title of {len(title):,} characters: the file is broken, or not "
            "an export of records. Export it again."
        )
