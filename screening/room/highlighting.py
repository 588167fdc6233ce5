"""Marks words in a text and finds the headings of a structured abstract: pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text; `kind` is "", "include", "exclude" or "pico"."""

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


def highlight(
    text: str, include: Sequence[str], exclude: Sequence[str], pico: Sequence[str] = ()
) -> list[Segment]:
    """The text in runs, those that match a word marked; exclude goes before include, include before pico.

    Words match whole, whatever the case; one that ends in * matches any ending.
    """
    pattern = _pattern(("exclude", tuple(exclude)), ("include", tuple(include)), ("pico", tuple(pico)))
    if pattern is None:
        return [Segment(text)]
    segments, end = [], 0
    for match in pattern.finditer(text):
        if match.start() > end:
            segments.append(Segment(text[end : match.start()]))
        segments.append(Segment(match.group(), match.lastgroup or ""))
        end = match.end()
    if end < len(text):
        segments.append(Segment(text[end:]))
    return segments


@lru_cache(maxsize=64)
def _pattern(*named: tuple[str, tuple[str, ...]]) -> re.Pattern[str] | None:
    groups = [
        f"(?P<{name}>{_alternatives(words)})" for name, words in named if any(w.strip("* ") for w in words)
    ]
    return re.compile(r"(?<!\w)(?:" + "|".join(groups) + ")", re.IGNORECASE) if groups else None


def _alternatives(words: Iterable[str]) -> str:
    # Longest first, so that "newly diagnosed" wins over "newly".
    cleaned = sorted({w.strip() for w in words if w.strip("* ")}, key=len, reverse=True)
    return "|".join(
        re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) + r"(?!\w)"
        for word in cleaned
    )


# Words that stand in nearly every question and abstract, so that marking them would mark everything.
COMMON_WORDS = """
a after all among an and any are as at based be been being between both but by care clinical
compared comparator control controls controlled defined disease effect effects either for from
group groups had has have in including intervention interventions into is least less more no
non nor not of on or other outcome outcomes over participant participants patient patients
people per person persons placebo received receiving studies study than that the their them
these they this those to treated treatment treatments trial trials under up usual versus vs was
were when which who whom whose will with within without year years
"""
COMMON = frozenset(COMMON_WORDS.split())
DIVISION = re.compile(
    r"[,;:.()\[\]/\n]|\b(?:and|or|with|without|versus|vs|for|of|in|by|than)\b", re.IGNORECASE
)


@lru_cache(maxsize=64)
def pico_terms(*parts: str) -> tuple[str, ...]:
    """Words and short phrases of a review's question that are worth marking, each with any ending.

    parts: the texts of population, intervention, comparator and outcomes. A phrase of up to three words is
    kept whole ("acute lymphoblastic leukaemia"), and its longer words are marked by themselves too.
    """
    found: dict[str, None] = {}
    for phrase in (piece for part in parts for piece in DIVISION.split(part)):
        words = [word for word in re.findall(r"[^\W_][\w-]*", phrase) if word.lower() not in COMMON]
        if 2 <= len(words) <= 3:
            found[" ".join(words)] = None
        for word in words:
            if len(word) >= 4:
                found[f"{word.lower()}*"] = None
            elif len(word) >= 2 and word.isupper():
                found[word] = None
    return tuple(found)


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
