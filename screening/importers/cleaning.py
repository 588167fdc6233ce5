"""Small cleanings that every format shares: identifiers, years, white space, entities."""

import html
import re

DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>]+)", re.IGNORECASE)
# What a publisher's address puts behind a DOI to name one view of the article.
PAGE_OF_ARTICLE = re.compile(r"/(?:full|text|abstract|pdf|epdf|meta|html|xml)(?:/.*)?$|[?#].*$")
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
PMID = re.compile(r"(?<!\d)(\d{1,8})(?!\d)")
REGISTRATION = re.compile(
    r"\b(NCT\d{8}|ISRCTN\d{8}|EUCTR\d{4}-\d{6}-\d{2}|ChiCTR[\w-]{6,}|JPRN-\w+|ACTRN\d{14}|CTRI/\d{4}/\d+/\d+)"
)
# Control characters other than tab and newline, and the marks that turn the direction of text around.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
SPACES = re.compile(r"\s+")


def text(value: str) -> str:
    """One line of text: entities resolved, white space folded, nothing unprintable."""
    if "&" in value:
        value = html.unescape(value)
    return SPACES.sub(" ", UNPRINTABLE.sub("", value)).strip()


def doi(value: str) -> str:
    """The bare DOI in lower case, wherever in the value it stands; "" when there is none."""
    found = DOI.search(value.replace("%2F", "/"))
    return PAGE_OF_ARTICLE.sub("", found.group(1).rstrip(".,;)]}").lower()) if found else ""


def year(value: str) -> int | None:
    """The first year from 1500 to 2099. A date can be a season ("2019 Spring") or carry a month."""
    found = YEAR.search(value)
    return int(found.group(1)) if found else None


def registration(value: str) -> str:
    """The first trial registration number in the value, or ""."""
    found = REGISTRATION.search(value)
    return found.group(1) if found else ""


def pages(start: str, end: str) -> str:
    """Start and end page as one range; a start that is a range already stays as it is."""
    start, end = text(start), text(end)
    return f"{start}-{end}" if start and end and start != end and "-" not in start else start or end
