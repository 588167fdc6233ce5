"""PubMed XML (PubmedArticleSet): articles and book articles, inline markup, structured abstracts."""

import re
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from . import cleaning
from .base import ImportProblem, ImportRefused, Progress, RawRecord

ARTICLES = ("PubmedArticle", "PubmedBookArticle")
# Elements whose text has a field of its own; all others are kept in `extra` by their name.
MESH = "MeshHeadingList"


def looks_like(text: str) -> bool:
    return re.search(r"<(PubmedArticleSet|PubmedArticle|PubmedBookArticle)\b", text) is not None


def parse(text: str, progress: Progress) -> tuple[list[RawRecord], list[ImportProblem]]:
    """Records and problems of a PubMed XML document. Entities and outside addresses are never followed.

    Raises ImportRefused when the document is not well formed or carries entity definitions.
    """
    try:
        # The declaration names an encoding that no longer holds: the text is decoded already.
        root = fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except ParseError as error:
        raise ImportRefused(
            f"The XML is broken at line {error.position[0]}: it was probably cut off. Export it again."
        ) from None
    except DefusedXmlException:
        raise ImportRefused(
            "The XML defines entities of its own, which PubMed never does, so it is not read. "
            "Export it again from PubMed."
        ) from None
    articles = [root] if root.tag in ARTICLES else [child for child in root if child.tag in ARTICLES]
    problems: list[ImportProblem] = []
    records = []
    lines = [m.start() for m in re.finditer(r"<(?:PubmedArticle|PubmedBookArticle)[\s>]", text)]
    for number, article in enumerate(articles, 1):
        line = text.count("\n", 0, lines[number - 1]) + 1 if number <= len(lines) else 1
        records.append(_record(article, line, problems))
        if progress:
            progress(number, len(articles))
    return records, problems


def _record(article: Element, line: int, problems: list[ImportProblem]) -> RawRecord:
    is_book = article.tag == "PubmedBookArticle"
    title = (
        _text(article, ".//ArticleTitle")
        or _text(article, ".//BookTitle")
        or _text(article, ".//VernacularTitle")
    )
    if not title:
        problems.append(
            ImportProblem(
                line, "ArticleTitle", "The record has no title. It is kept, because PRISMA counts it."
            )
        )
    pmid = _text(article, "./MedlineCitation/PMID") or _text(article, "./BookDocument/PMID")
    return RawRecord(
        title=title,
        authors=tuple(_authors(article)),
        year=_year(article),
        journal=_text(article, ".//Journal/Title")
        or _text(article, ".//ISOAbbreviation")
        or (_text(article, ".//BookTitle") if is_book else ""),
        volume=_text(article, ".//JournalIssue/Volume"),
        issue=_text(article, ".//JournalIssue/Issue"),
        pages=_text(article, ".//Pagination/MedlinePgn")
        or cleaning.pages(_text(article, ".//StartPage"), _text(article, ".//EndPage")),
        doi=_doi(article),
        pmid=pmid if pmid.isdigit() else "",
        abstract=_abstract(article),
        keywords=tuple(_texts(article, ".//KeywordList/Keyword")),
        language=_text(article, ".//Language"),
        publication_type="; ".join(_texts(article, ".//PublicationTypeList/PublicationType"))
        or ("Book" if is_book else ""),
        database_id=pmid,
        extra=_extra(article),
        raw=tostring(article, encoding="unicode").strip(),
        line=line,
    )


def _text(article: Element, path: str) -> str:
    found = article.find(path)
    return "" if found is None else cleaning.text("".join(found.itertext()))


def _texts(article: Element, path: str) -> list[str]:
    return [text for each in article.iterfind(path) if (text := cleaning.text("".join(each.itertext())))]


def _authors(article: Element) -> list[str]:
    names = []
    for author in article.iterfind(".//AuthorList/Author"):
        family = _text(author, "LastName")
        given = _text(author, "ForeName") or _text(author, "Initials")
        name = f"{family}, {given}" if family and given else family or _text(author, "CollectiveName")
        if name:
            names.append(name)
    return names


def _year(article: Element) -> int | None:
    for path in (".//JournalIssue/PubDate", ".//Book/PubDate", ".//ArticleDate", ".//PubMedPubDate"):
        if (year := cleaning.year(_text(article, path))) is not None:
            return year
    return None


def _doi(article: Element) -> str:
    # References carry identifiers too, so only the article's own lists are read.
    paths = (
        ".//Article/ELocationID[@EIdType='doi']",
        "./PubmedData/ArticleIdList/ArticleId[@IdType='doi']",
        ".//BookDocument/ArticleIdList/ArticleId[@IdType='doi']",
    )
    return next((found for path in paths if (found := cleaning.doi(_text(article, path)))), "")


def _abstract(article: Element) -> str:
    parts = []
    for part in article.iterfind(".//Abstract/AbstractText"):
        label = part.get("Label", "")
        body = cleaning.text("".join(part.itertext()))
        parts.append(f"{label}: {body}" if label and label != "UNLABELLED" else body)
    return " ".join(part for part in parts if part)


def _extra(article: Element) -> dict[str, list[str]]:
    """What has no field of its own and may be wanted: subject headings, registrations, status."""
    found = {
        "MH": _texts(article, f".//{MESH}/MeshHeading/DescriptorName"),
        "RN": _texts(article, ".//ChemicalList/Chemical/NameOfSubstance"),
        "SI": _texts(article, ".//DataBankList//AccessionNumber"),
        "PMC": _texts(article, "./PubmedData/ArticleIdList/ArticleId[@IdType='pmc']"),
        "TT": _texts(article, ".//VernacularTitle"),
        "CIN": [
            f"{c.get('RefType', '')}: {_text(c, 'RefSource')}"
            for c in article.iterfind(".//CommentsCorrections")
        ],
    }
    return {name: values for name, values in found.items() if values}
