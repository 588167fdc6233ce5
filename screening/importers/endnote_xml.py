"""EndNote XML, as EndNote, Zotero and others write it."""

import re
from xml.etree.ElementTree import Element

from . import cleaning
from .base import ImportProblem, RawRecord, Records, kept, untitled, yearless
from .encoding import Source
from .ris import CENTRAL_RECORD, OTHER_PROVIDERS, stated_pmid
from .tagged import check_title
from .xml_records import XmlFile, XmlRecord, leaves, text_at, texts_at

START = re.compile(r"<records?>\s*(?:<record>|<database|<source-app|<ref-type|<rec-number|</records>)")
# Elements with a field of their own; all others are kept in `extra`, by their name.
KNOWN = frozenset(
    [
        "contributors",
        "titles",
        "periodical",
        "pages",
        "volume",
        "number",
        "keywords",
        "dates",
        "abstract",
        "language",
    ]
    + ["electronic-resource-num", "accession-num", "ref-type", "urls"]
)


def looks_like(source: Source) -> bool:
    return START.search(source.head) is not None


def read(source: Source, problems: list[ImportProblem]) -> Records:
    """The records of a EndNote XML document; what could not be read is added to `problems`.

    While they are taken, raises ImportRefused when the document is not well formed or defines entities.
    """
    file = XmlFile(source.text, "record")
    return Records(file.count(), (_record(each, problems) for each in file.records()))


def _record(record: XmlRecord, problems: list[ImportProblem]) -> RawRecord:
    element = record.element
    title = text_at(element, "titles/title") or text_at(element, "titles/translated-title")
    if not title:
        problems.append(untitled(record.line, "title"))
    check_title(title, record.line)
    printed_year = text_at(element, "dates/year") or text_at(element, "dates/pub-dates/date")
    year = cleaning.year(printed_year)
    if printed_year and year is None:
        problems.append(yearless(record.line, "year", printed_year))
    return RawRecord(
        title=title,
        authors=cleaning.names(
            texts_at(element, "contributors/authors/author")
            or texts_at(element, "contributors/secondary-authors/author")
        ),
        year=year,
        journal=text_at(element, "periodical/full-title")
        or text_at(element, "titles/secondary-title")
        or text_at(element, "periodical/abbr-1"),
        volume=text_at(element, "volume"),
        issue=text_at(element, "number"),
        pages=text_at(element, "pages"),
        doi=_doi(element),
        pmid=_pmid(element),
        abstract=text_at(element, "abstract"),
        keywords=tuple(texts_at(element, "keywords/keyword")),
        language=text_at(element, "language"),
        publication_type=text_at(element, "work-type") or _type_name(element),
        url=text_at(element, "urls/related-urls/url") or text_at(element, "urls/web-urls/url"),
        database_id=text_at(element, "accession-num"),
        extra=_extra(element),
        raw=record.raw,
        line=record.line,
    )


def _type_name(element: Element) -> str:
    found = element.find("ref-type")
    return "" if found is None else cleaning.text(found.get("name", ""))


def _doi(element: Element) -> str:
    own = cleaning.doi(text_at(element, "electronic-resource-num"))
    if own:
        return own
    found = (cleaning.doi(value) for value in (*texts_at(element, ".//url"), text_at(element, "work-type")))
    return next((each for each in found if each and not each.startswith(CENTRAL_RECORD)), "")


def _pmid(element: Element) -> str:
    """An accession number is PubMed's when it has seven or eight digits and no other provider is named."""
    accession = text_at(element, "accession-num")
    if stated := stated_pmid(accession):
        return stated
    provider = " ".join(
        [text_at(element, "remote-database-name"), text_at(element, "remote-database-provider")]
        + texts_at(element, ".//url")
    )
    if not re.fullmatch(r"\d{7,8}", accession):
        return stated_pmid(provider)
    is_pubmed = re.search(r"pubmed|medline|nlm", provider, re.IGNORECASE)
    return accession if is_pubmed or not OTHER_PROVIDERS.search(provider) else ""


def _extra(element: Element) -> dict[str, list[str]]:
    inside = [("date", value) for value in texts_at(element, "dates/pub-dates/date")]
    inside += [("url", value) for value in texts_at(element, ".//url")[1:]]
    inside += [
        (child.tag, value)
        for child in element.iterfind("titles/*")
        if child.tag not in {"title", "secondary-title"} and (value := cleaning.text(_whole(child)))
    ]
    inside += [("editor", value) for value in texts_at(element, "contributors/secondary-authors/author")]
    return kept([*leaves(element, KNOWN), *inside])


def _whole(element: Element) -> str:
    return "".join(element.itertext())
