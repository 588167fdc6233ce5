"""The stand-in's records and a useful part of PubMed's query language.

Terms, "phrases", AND, OR, NOT, brackets, truncation*, and the field tags of FIELDS. Unknown tags search all
fields.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

from defusedxml.ElementTree import parse

Predicate = Callable[["Article"], bool]
TOKEN = re.compile(r'\(|\)|"[^"]*"(?:\[[^\]]*\])?|[^\s()"\[]+(?:\[[^\]]*\])?')
FIELDS = {
    "ti": "title",
    "title": "title",
    "tiab": "title_abstract",
    "title/abstract": "title_abstract",
    "au": "authors",
    "author": "authors",
    "dp": "year",
    "pdat": "year",
    "pmid": "pmid",
    "uid": "pmid",
    "pt": "types",
    "publication type": "types",
}


class QueryError(ValueError):
    """The query cannot be read."""


@dataclass(frozen=True)
class Article:
    """One record, with the texts that queries look at."""

    pmid: str
    title: str
    abstract: str
    authors: str
    year: str
    types: str
    entered: str
    xml: str

    def text(self, field: str) -> str:
        if field == "title_abstract":
            return f"{self.title} {self.abstract}"
        if field == "all":
            return f"{self.title} {self.abstract} {self.authors} {self.year} {self.pmid}"
        return str(getattr(self, field))


def load(path: Path) -> list[Article]:
    """The articles of a PubmedArticleSet file."""
    return [_article(each) for each in parse(path).getroot().iter("PubmedArticle")]


def find(articles: list[Article], query: str) -> list[Article]:
    """The articles that a query matches, newest first as PubMed gives them. Raises QueryError."""
    matches = compile_query(query)
    return sorted((a for a in articles if matches(a)), key=lambda a: (a.year, a.pmid), reverse=True)


def compile_query(query: str) -> Predicate:
    tokens = TOKEN.findall(query)
    if not tokens:
        raise QueryError("The query is empty.")
    predicate, rest = _any(tokens)
    if rest:
        raise QueryError(f"The query has a bracket or operator too many at “{rest[0]}”.")
    return predicate


def _any(tokens: list[str]) -> tuple[Predicate, list[str]]:
    """PubMed reads from left to right without precedence; two terms side by side mean AND."""
    left, tokens = _one(tokens)
    while tokens and tokens[0] != ")":
        operator = "AND"
        if tokens[0].upper() in {"AND", "OR", "NOT"}:
            operator, tokens = tokens[0].upper(), tokens[1:]
        right, tokens = _one(tokens)
        left = _joined(operator, left, right)
    return left, tokens


def _one(tokens: list[str]) -> tuple[Predicate, list[str]]:
    if not tokens:
        raise QueryError("The query ends where a term was expected.")
    head, rest = tokens[0], tokens[1:]
    if head == "(":
        inner, rest = _any(rest)
        if not rest:
            raise QueryError("A bracket is not closed.")
        return inner, rest[1:]
    if head == ")" or head.upper() in {"AND", "OR", "NOT"}:
        raise QueryError(f"A term was expected at “{head}”.")
    return _term(head), rest


def _joined(operator: str, left: Predicate, right: Predicate) -> Predicate:
    if operator == "OR":
        return lambda a: left(a) or right(a)
    if operator == "NOT":
        return lambda a: left(a) and not right(a)
    return lambda a: left(a) and right(a)


def _term(token: str) -> Predicate:
    body, _, tag = token.partition("[")
    field = FIELDS.get(tag.rstrip("]").lower(), "all")
    words = body.strip('"')
    if field == "year" and ":" in words:
        first, _, last = words.partition(":")
        return lambda a: first[:4] <= a.year <= last[:4]
    pattern = re.escape(words.rstrip("*")).replace(r"\ ", r"\s+")
    ending = r"\w*" if words.endswith("*") else ""
    matcher = re.compile(rf"(?<!\w){pattern}{ending}(?!\w)", re.IGNORECASE)
    return lambda a: matcher.search(a.text(field)) is not None


def _article(element: Element) -> Article:
    def text(path: str) -> str:
        return " ".join("".join(each.itertext()).strip() for each in element.iterfind(path))

    year = (text(".//PubDate/Year") or text(".//PubDate/MedlineDate"))[:4]
    return Article(
        pmid=text("./MedlineCitation/PMID"),
        title=text(".//ArticleTitle"),
        abstract=text(".//AbstractText"),
        authors="; ".join("".join(a.itertext()).strip() for a in element.iterfind(".//Author")),
        year=year,
        types="; ".join((each.text or "").strip() for each in element.iter("PublicationType")),
        entered=_entered(element) or f"{year}/01/01",
        xml=tostring(element, encoding="unicode").strip(),
    )


def _entered(element: Element) -> str:
    """The day on which PubMed took the record in, as 2020/01/31."""
    found = element.find(".//PubMedPubDate[@PubStatus='entrez']")
    if found is None:
        return ""
    year, month, day = (found.findtext(part) or "1" for part in ("Year", "Month", "Day"))
    return f"{year}/{int(month):02}/{int(day):02}"
