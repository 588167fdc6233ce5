"""Marks words in a text and finds the headings of a structured abstract: pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text; `kind` is "", "include" or "exclude"."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an abstract; unstructured ones have a single part without heading."""

    heading: str
    text: str


# A heading stands at the start or after a sentence, in capitals ("METHODS:") or as one of the usual words.
HEADING = re.compile(
    r"(?:^|(?<=[.;?!)\]]\s)|(?<=\n))"
    r"((?:[A-Z][A-Z/&,\- ]{3,60}|Background|Objectives?|Aims?|Purpose|Introduction|Methods?"
    r"|Patients and methods|Materials and methods|Design|Setting|Results?|Findings"
    r"|Conclusions?|Interpretation|Funding))\s?:\s"
)


def sections(abstract: str) -> list[Section]:
    """The abstract cut at its headings, which are left out of the texts."""
    found = list(HEADING.finditer(abstract))
    if not found:
        return [Section("", abstract)] if abstract else []
    parts = [Section("", abstract[: found[0].start()].strip())]
    ends = [match.start() for match in found[1:]] + [len(abstract)]
    for match, end in zip(found, ends, strict=True):
        parts.append(Section(match.group(1).capitalize(), abstract[match.end() : end].strip()))
    return [part for part in parts if part.text or part.heading]


def highlight(text: str, include: Sequence[str], exclude: Sequence[str]) -> list[Segment]:
    """The text in runs, those that match a word marked; a word in both lists counts as exclude.

    Words match whole, whatever the case; one that ends in * matches any ending.
    """
    pattern = _pattern(tuple(include), tuple(exclude))
    if pattern is None:
        return [Segment(text)]
    segments, end = [], 0
    for match in pattern.finditer(text):
        if match.start() > end:
            segments.append(Segment(text[end : match.start()]))
        segments.append(Segment(match.group(), "exclude" if match.group("exclude") else "include"))
        end = match.end()
    if end < len(text):
        segments.append(Segment(text[end:]))
    return segments


@lru_cache(maxsize=64)
def _pattern(include: tuple[str, ...], exclude: tuple[str, ...]) -> re.Pattern[str] | None:
    named = [("exclude", exclude), ("include", include)]
    groups = [
        f"(?P<{name}>{_alternatives(words)})" for name, words in named if any(w.strip("* ") for w in words)
    ]
    if not groups:
        return None
    if len(groups) == 1 and groups[0].startswith("(?P<include>"):
        groups.insert(0, "(?P<exclude>(?!))")
    return re.compile(r"(?<!\w)(?:" + "|".join(groups) + ")", re.IGNORECASE)


def _alternatives(words: Iterable[str]) -> str:
    # Longest first, so that "newly diagnosed" wins over "newly".
    cleaned = sorted({w.strip() for w in words if w.strip("* ")}, key=len, reverse=True)
    return "|".join(
        re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) + r"(?!\w)"
        for word in cleaned
    )


def differing_words(first: str, second: str) -> tuple[list[Segment], list[Segment]]:
    """Both texts in runs; words that the other has not, in that place, are marked "differs"."""
    left, right = re.findall(r"\S+\s*", first), re.findall(r"\S+\s*", second)
    matcher = SequenceMatcher(
        None, [w.strip().lower() for w in left], [w.strip().lower() for w in right], False
    )
    sides: tuple[list[Segment], list[Segment]] = ([], [])
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        kind = "" if tag == "equal" else "differs"
        for side, words in ((sides[0], left[i1:i2]), (sides[1], right[j1:j2])):
            if words:
                side.append(Segment("".join(words), kind))
    return sides
