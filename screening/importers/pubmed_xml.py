"""PubMed XML (PubmedArticleSet): articles and book articles, inline markup, structured abstracts."""

import re
from xml.etree.ElementTree import Element

from . import cleaning
from .base import ImportProblem, RawRecord, Records, kept, untitled, yearless
from .encoding import Source
from .tagged import check_title
from .xml_records import XmlFile, XmlRecord, text_at, text_of, texts_at

ARTICLES = ("PubmedArticle", "PubmedBookArticle")
START = re.compile(r"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle)[\s>/]")
# Where a record's date of publication may stand, best first.
DATES = (".//JournalIssue/PubDate", ".//Book/PubDate", ".//ArticleDate", ".//PubMedPubDate")


def looks_like(source: Source) -> bool:
    return START.search(source.head) is not None


def read(source: Source, problems: list[ImportProblem]) -> Records:
    """The records of a PubMed XML document; what could not be read is added to `problems`.

    While they are taken, raises ImportRefused when the document is not well formed or defines entities.
    """
    file = XmlFile(source.text, *ARTICLES)
    return Records(file.count(), (_record(each, problems) for each in file.records()))


def _record(record: XmlRecord, problems: list[ImportProblem]) -> RawRecord:
    article = record.element
    is_book = article.tag == "PubmedBookArticle"
    title = (
        text_at(article, ".//ArticleTitle")
        or text_at(article, ".//BookTitle")
        or text_at(article, ".//VernacularTitle")
    )
    if not title:
        problems.append(untitled(record.line, "ArticleTitle"))
    check_title(title, record.line)
    year = _year(article)
    if year is None:
        problems.append(yearless(record.line, "PubDate", text_at(article, DATES[0])))
    pmid = text_at(article, "./MedlineCitation/PMID") or text_at(article, "./BookDocument/PMID")
    if not pmid.isdigit():
        reason = f"“{pmid[:40]}” is not a PubMed number; the record is kept without one."
        problems.append(ImportProblem(record.line, "PMID", reason))
        pmid = ""
    return RawRecord(
        title=title,
        authors=tuple(_authors(article)),
        year=year,
        journal=text_at(article, ".//Journal/Title")
        or text_at(article, ".//ISOAbbreviation")
        or (text_at(article, ".//BookTitle") if is_book else ""),
        volume=text_at(article, ".//JournalIssue/Volume"),
        issue=text_at(article, ".//JournalIssue/Issue"),
        pages=text_at(article, ".//Pagination/MedlinePgn")
        or cleaning.pages(text_at(article, ".//StartPage"), text_at(article, ".//EndPage"))
        or text_at(article, ".//Article/ELocationID[@EIdType='pii']"),
        doi=_doi(article),
        pmid=pmid,
        abstract=_abstract(article),
        keywords=tuple(texts_at(article, ".//KeywordList/Keyword")),
        language=text_at(article, ".//Language"),
        publication_type="; ".join(texts_at(article, ".//PublicationTypeList/PublicationType"))
        or ("Book" if is_book else ""),
        database_id=pmid,
        extra=_extra(article),
        raw=record.raw,
        line=record.line,
    )


def _authors(article: Element) -> list[str]:
    names = []
    for author in article.iterfind(".//AuthorList/Author"):
        family = text_at(author, "LastName")
        given = text_at(author, "ForeName") or text_at(author, "Initials")
        name = f"{family}, {given}" if family and given else family or text_at(author, "CollectiveName")
        if name:
            names.append(name)
    return names


def _year(article: Element) -> int | None:
    return next((year for path in DATES if (year := cleaning.year(text_at(article, path))) is not None), None)


def _doi(article: Element) -> str:
    # References carry identifiers too, so only the article's own lists are read.
    paths = (
        ".//Article/ELocationID[@EIdType='doi']",
        "./PubmedData/ArticleIdList/ArticleId[@IdType='doi']",
        ".//BookDocument/ArticleIdList/ArticleId[@IdType='doi']",
        "./PubmedBookData/ArticleIdList/ArticleId[@IdType='doi']",
    )
    return next((found for path in paths if (found := cleaning.doi(text_at(article, path)))), "")


def _abstract(article: Element) -> str:
    parts = []
    for part in article.iterfind(".//Abstract/AbstractText"):
        label = part.get("Label", "")
        body = text_of(part)
        parts.append(f"{label}: {body}" if label and label != "UNLABELLED" else body)
    return " ".join(part for part in parts if part)


def _extra(article: Element) -> dict[str, list[str]]:
    """What has no field of its own and may be wanted: subject headings, registrations, notices, status."""
    found = {
        "MH": texts_at(article, ".//MeshHeadingList/MeshHeading/DescriptorName"),
        "RN": texts_at(article, ".//ChemicalList/Chemical/NameOfSubstance"),
        "SI": texts_at(article, ".//DataBankList//AccessionNumber"),
        "PMC": texts_at(article, "./PubmedData/ArticleIdList/ArticleId[@IdType='pmc']"),
        "TT": texts_at(article, ".//VernacularTitle"),
        "AD": texts_at(article, ".//AuthorList/Author/AffiliationInfo/Affiliation"),
        "IS": texts_at(article, ".//Journal/ISSN"),
        "GR": texts_at(article, ".//GrantList/Grant/GrantID"),
        "PST": texts_at(article, "./PubmedData/PublicationStatus"),
        "CIN": [_notice(each) for each in article.iterfind(".//CommentsCorrections")],
    }
    return kept((tag, value) for tag, values in found.items() for value in values)


def _notice(correction: Element) -> str:
    pmid = text_at(correction, "PMID")
    source = f"{correction.get('RefType', '')}: {text_at(correction, 'RefSource')}"
    return f"{source} PMID: {pmid}" if pmid else source
