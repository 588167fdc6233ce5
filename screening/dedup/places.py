"""Where a document stands: volume and pages as numbers that can be compared."""

import re
from dataclasses import dataclass

from .text import given, roman

HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
VOLUME = re.compile(r"\d+[a-z]?(?![a-z0-9])|\d+")
PAGE = re.compile(r"(?<![a-z0-9])([a-z]{0,4}?)[. ]?(\d{1,9})([a-z]?)(?![a-z0-9])")
RANGE = re.compile(r"^\s*-\s*$")
# Spreadsheets take "1-8" for a date and write "01-Aug", or "Jan-47" for "1-47".
DAY_AND_MONTH = re.compile(r"^(\d{1,2})-([a-z]{3})$")
MONTH_AND_YEAR = re.compile(r"^([a-z]{3})-(\d{1,2})$")
# fmt: off
MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
    "nov": 11, "dec": 12,
}
# fmt: on
ROMAN_VOLUMES = {roman(n): str(n) for n in range(1, 90)}
SUPPLEMENT = re.compile(r"(?i)suppl|\bs\d")
ISSUE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Pages:
    """First and last page as numbers, 0 when not known, and the letters before the first ("s" of "S27")."""

    first: int = 0
    last: int = 0
    letters: str = ""


def volume(text: str) -> str:
    """ "30a" of "Vol. 30A", "12" of "012" or "XII"; "" when there is none."""
    plain = given(text).lower()
    found = VOLUME.search(plain)
    if found:
        return found.group().lstrip("0")
    return ROMAN_VOLUMES.get(plain.strip(" ."), "")


def issue(text: str) -> str:
    found = ISSUE.search(given(text))
    return found.group().lstrip("0") if found else ""


def pages(text: str) -> Pages:
    """The range of pages: "221-8" ends at 228. Further ranges ("; discussion 229") are left out."""
    plain = _not_a_date(given(text).lower().translate(HYPHENS))
    found = PAGE.search(plain)
    if not found:
        return Pages()
    letters = found.group(1) if found.group(1) not in {"p", "pp", "pg"} else ""
    first = int(found.group(2))
    following = PAGE.search(plain, found.end())
    if not following or not RANGE.match(plain[found.end() : following.start()]):
        return Pages(first, first, letters)
    end = following.group(2)
    begin = found.group(2)
    if len(end) < len(begin):
        end = begin[: len(begin) - len(end)] + end
    return Pages(first, max(first, int(end)), letters)


def _not_a_date(text: str) -> str:
    if (found := DAY_AND_MONTH.match(text)) and found.group(2) in MONTHS:
        return f"{int(found.group(1))}-{MONTHS[found.group(2)]}"
    if (found := MONTH_AND_YEAR.match(text)) and found.group(1) in MONTHS:
        return f"{MONTHS[found.group(1)]}-{int(found.group(2))}"
    return text


def is_in_supplement(volume: str, issue: str, pages: Pages) -> bool:
    return SUPPLEMENT.search(f"{volume} {issue}") is not None or pages.letters == "s"
