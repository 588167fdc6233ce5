"""Where a report's full text may be had on the web: by DOI, at PubMed Central, in PubMed."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext

from reviewsite.web.templatetags.links import web_address

from ..models import Report

PMC = re.compile(r"PMC\d{3,9}")


@dataclass(frozen=True)
class FullTextLink:
    label: str
    url: str


def full_text_links(report: Report) -> list[FullTextLink]:
    """Links of any record of the citation, the likeliest to lead to the full text first."""
    records = list(report.citation.records.all())
    links: list[FullTextLink] = []
    if doi := next((record.doi for record in records if record.doi), ""):
        links.append(FullTextLink("DOI", f"https://doi.org/{quote(doi, safe='/()')}"))
    pmid = next((record.pmid for record in records if record.pmid.isdigit()), "")
    if pmc := next((found for record in records if (found := _pmc(record.extra))), ""):
        links.append(FullTextLink("PubMed Central", f"https://pmc.ncbi.nlm.nih.gov/articles/{pmc}/"))
    elif pmid:
        # This address leads on to the article at PubMed Central when there is one, else it says so.
        links.append(FullTextLink("PubMed Central", f"https://pmc.ncbi.nlm.nih.gov/articles/pmid/{pmid}/"))
    if pmid:
        links.append(FullTextLink("PubMed", f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"))
    if not links and (url := next((u for r in records if (u := web_address(r.url))), "")):
        links.append(FullTextLink(gettext("Link"), url))
    return links


REGISTERS = (
    (re.compile(r"NCT\d{8}$"), "https://clinicaltrials.gov/study/{}"),
    (re.compile(r"ISRCTN\d{8}$"), "https://www.isrctn.com/{}"),
    (re.compile(r"ACTRN\d{14}$"), "https://anzctr.org.au/{}.aspx"),
    (re.compile(r"DRKS\d{8}$"), "https://drks.de/search/en/trial/{}"),
)


def register_address(number: str) -> str:
    """Where a registration can be read; nothing where the address is not made from the number."""
    plain = number.replace(" ", "").upper()
    return next((address.format(plain) for shape, address in REGISTERS if shape.match(plain)), "")


def _pmc(extra: dict) -> str:
    """The PubMed Central number among a record's further fields, wherever a database put it."""
    for name, value in extra.items():
        if "PMC" in name.upper() and (found := PMC.search(str(value))):
            return found.group()
    return ""
