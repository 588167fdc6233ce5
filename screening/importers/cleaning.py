"""Small cleanings that every format shares: identifiers, years, white space, entities."""

import html
import re
from collections.abc import Iterable
from urllib.parse import unquote

# What stands before is looked at last, so that the search can leap from one "10." to the next.
DOI = re.compile(r"(10\.(?<![\w.]10\.)\d{4,9}/[^\s\"]+)")
# What a publisher's address puts behind a DOI to name one view of the article.
PAGE_OF_ARTICLE = re.compile(r"/(?:full|text|abstract|pdf|epdf|meta|html|xml)(?:/.*)?$|[?#&].*$")
YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
# A date without separators, as EndNote and some platforms write it.
PACKED_DATE = re.compile(r"^\s*(1[5-9]\d\d|20\d\d)(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\s*$")
REGISTRATION = re.compile(
    r"\b(NCT\d{8}|ISRCTN\d{8}|EUCTR\d{4}-\d{6}-\d{2}|ChiCTR[\w-]{6,}|JPRN-\w+|ACTRN\d{14}|CTRI/\d{4}/\d+/\d+)"
)
# Control characters other than tab and newline, and the marks that turn the direction of text around.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
# Marks of lettering that databases leave in titles and abstracts; any other tag is text and stays.
LETTERING = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|sc|br|p|inf|italic|bold|jats:[a-z-]+)(?:\s+[\w:-]+=\"[^\"<>]*\")?\s*/?>",
    re.IGNORECASE,
)
# Blanks of other widths and other line ends. Tabs stay, because they can part a tag from its value.
OTHER_BLANKS = (
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
# With its semicolon only: addresses are full of "&copy=1". What was escaped twice has "amp;" in between.
ENTITY = re.compile(r"&(?:amp;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# Text that entities hide twice is met, text that they hide more often is not.
PASSES = 4


def text(value: str) -> str:
    """One line of text: entities resolved, white space folded, nothing unprintable, no lettering marks.

    Text that has been through here comes out of here the same.
    """
    value = plain(value)
    return folded(value) if value.isprintable() else " ".join(UNPRINTABLE.sub("", value).split())


def texts(values: Iterable[str]) -> tuple[str, ...]:
    """Each value cleaned; those that come out empty are left out."""
    return tuple([cleaned for value in values if (cleaned := text(value))])


def names(values: Iterable[str]) -> tuple[str, ...]:
    """Names of persons, cleaned: some programs leave the comma where a first name is missing."""
    return tuple([name for value in values if (name := text(value).rstrip(", "))])


def plain(value: str) -> str:
    """Text of one line or many, cleaned of all but white space. Lines stay lines.

    Unprintable characters are looked for only where entities hide them: `encoding.decode` lets no others by.
    """
    for _ in range(PASSES):
        cleaned = ENTITY.sub(_meant, value) if "&" in value else value
        cleaned = LETTERING.sub("", cleaned) if "<" in cleaned else cleaned
        if cleaned == value:
            break
        value = cleaned
    if not value.isascii():
        for blank in OTHER_BLANKS:
            if blank in value:
                value = value.replace(blank, " ")
    return value


def _meant(entity: re.Match[str]) -> str:
    """The character that an entity stands for; nothing for one that no page could show."""
    name = entity.group(1)
    character = html.unescape(f"&{name};")
    if character == f"&{name};":
        return entity.group()
    return " " if character in "\r\n\t" else UNPRINTABLE.sub("", character)


def folded(value: str) -> str:
    """Text that holds nothing more to clean than blanks."""
    return " ".join(value.split()) if "  " in value or "\t" in value else value.strip()


def doi(value: str) -> str:
    """The bare DOI in lower case, wherever in the value it stands; "" when there is none."""
    if "10." not in value:
        return ""
    found = DOI.search(unquote(value) if "%" in value else value)
    if not found:
        return ""
    bare, longer = PAGE_OF_ARTICLE.sub("", found.group(1).lower()), ""
    while bare != longer:
        longer = bare
        bare = _without_end(bare)
    return "" if bare.endswith("/") else bare


def _without_end(doi: str) -> str:
    """Without a last character that belongs to the sentence: a stop, or a bracket around the DOI."""
    last = doi[-1:]
    # Old DOIs hold pairs of brackets of their own.
    is_around = last in OPENING and doi.count(last) > doi.count(OPENING[last])
    return doi[:-1] if is_around or last in ".,;:'" else doi


OPENING = {")": "(", "]": "[", "}": "{", ">": "<"}


def year(value: str) -> int | None:
    """The first year from 1500 to 2099. A date can be a season ("2019 Spring") or carry a month."""
    found = YEAR.search(value) or PACKED_DATE.match(value)
    return int(found.group(1)) if found else None


def registration(value: str) -> str:
    """The first trial registration number in the value, or ""."""
    found = REGISTRATION.search(value)
    return found.group(1) if found else ""


def pages(start: str, end: str) -> str:
    """Start and end page as one range; a start that is a range already stays as it is."""
    start, end = text(start), text(end)
    return f"{start}-{end}" if start and end and start != end and "-" not in start else start or end
