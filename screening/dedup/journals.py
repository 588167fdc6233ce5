"""Whether two journal names mean one journal: abbreviations, subtitles, translations, places."""

import re
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz

from .text import fold

# Embase puts the meeting behind the journal that printed its abstracts: "Heart. Conference: British ...".
MEETING = re.compile(r"(?i)[.:;,]?\s*\bconference(?: (?:publication|start|end|series|paper))?\s*:.*$")
IN_BRACKETS = re.compile(r"\([^()]*\)")
PARTS = re.compile(r"\s*(?:=|\[|\]|: |\. (?=\w{4})|\|)\s*")
# fmt: off
SKIPPED = frozenset((
    "of", "the", "and", "for", "in", "on", "de", "la", "le", "les", "der", "die", "das", "fur", "für",
    "und", "et", "del", "y", "di", "da", "do", "dos", "des", "a", "an",
))
# fmt: on


class Agreement(IntEnum):
    DIFFER = -1
    UNCLEAR = 0
    AGREE = 1


def journal_names(journal: str) -> tuple[str, ...]:
    """The folded names that a journal field gives: the whole, and each part of some length."""
    plain = IN_BRACKETS.sub(" ", MEETING.sub("", journal))
    whole = fold(plain)
    parts = [fold(part) for part in PARTS.split(plain)]
    names = dict.fromkeys([whole, *(part for part in parts if len(part) >= 4)])
    return tuple(name for name in names if name)


@lru_cache(maxsize=200_000)
def journals_agree(first: tuple[str, ...], second: tuple[str, ...]) -> Agreement:
    """AGREE for one name, in full or abbreviated; UNCLEAR when one name holds the other's words and more."""
    if not first or not second:
        return Agreement.UNCLEAR
    best = Agreement.DIFFER
    for a in first:
        for b in second:
            best = max(best, _one_name(a, b))
            if best is Agreement.AGREE:
                return best
    return best


def _one_name(a: str, b: str) -> Agreement:
    if a == b or a.replace(" ", "") == b.replace(" ", ""):
        return Agreement.AGREE
    x, y = ([word for word in name.split() if word not in SKIPPED] for name in (a, b))
    if not x or not y:
        return Agreement.UNCLEAR
    if len(x) == len(y):
        if all(_abbreviates(*sorted((v, w), key=len)) for v, w in zip(x, y, strict=True)):
            return Agreement.AGREE
        return Agreement.AGREE if fuzz.ratio(a, b) >= 92 else _unlike(a, b)
    short, long = sorted((x, y), key=len)
    if len(short) == 1 and short[0] == "".join(word[0] for word in long):
        return Agreement.AGREE
    if len(long) == len(short) + 1 and len(short) >= 3 and _in_sequence(short, long):
        return Agreement.AGREE
    return Agreement.UNCLEAR if _in_sequence(short, long) else _unlike(a, b)


def _unlike(a: str, b: str) -> Agreement:
    """Names with most words in common may be one journal under two of its names."""
    return Agreement.UNCLEAR if fuzz.token_set_ratio(a, b) >= 80 else Agreement.DIFFER


def _in_sequence(short: list[str], long: list[str]) -> bool:
    rest = iter(long)
    return all(any(_abbreviates(*sorted((word, other), key=len)) for other in rest) for word in short)


def _abbreviates(short: str, long: str) -> bool:
    """ "med" for "medicine", "natl" for "national", and a word for its plural or its slip of the pen."""
    if long.startswith(short):
        return True
    if len(short) > 2 and short[0] == long[0] and short[-1] in long[2:] and _letters_in_order(short, long):
        return True
    return len(short) > 4 and fuzz.ratio(short, long) >= 85


def _letters_in_order(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)
