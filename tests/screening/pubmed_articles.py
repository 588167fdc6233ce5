"""PubMed XML of made-up articles, for the stand-in."""

from pathlib import Path

ARTICLE = """<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><Journal><JournalIssue><PubDate>
<Year>{year}</Year></PubDate></JournalIssue><Title>Annals of itch</Title></Journal>
<ArticleTitle>{title}</ArticleTitle>
<Abstract><AbstractText>{abstract}</AbstractText></Abstract>
<PublicationTypeList><PublicationType>{kind}</PublicationType></PublicationTypeList></Article></MedlineCitation></PubmedArticle>"""


def article(
    pmid: int, *, title: str = "", year: int = 2019, kind: str = "Journal Article", abstract: str = "zorifen"
) -> str:
    return ARTICLE.format(
        pmid=pmid, title=title or f"Itch study {pmid}", year=year, kind=kind, abstract=abstract
    )


def article_set(path: Path, *articles: str) -> Path:
    path.write_text(f"<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>")
    return path
