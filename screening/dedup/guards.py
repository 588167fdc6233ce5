"""The false friends: documents that belong together and are not copies of one another.

A guard never lets a pair be linked by rule, whatever speaks for it.
"""

import re

import numpy as np

from .columns import KINDS, Flags
from .evidence import Pairs
from .normalise import Kind

EDITION_OF_DOI = re.compile(r"(?:\.pub(\d+)|\.v(\d+)|v(\d+)|/v(\d+))$")
# Two documents of one work: linked as versions, each screened by itself.
OF_ONE_WORK = frozenset(
    {
        "one is a preprint",
        "one is a trial registration",
        "one is a conference abstract",
        "different editions",
        "another report of the study",
    }
)
NEVER_LINKED = OF_ONE_WORK | {
    "different PMIDs",
    "one is a correction or comment",
    "numbers in the titles differ",
    "different parts",
    "different registrations",
    "one DOI for several documents",
    "published in another place",
}


def guard(pairs: Pairs) -> None:
    """Enter what the guards say into the pairs' ledger."""
    _kinds(pairs)
    _registrations(pairs)
    _editions(pairs)
    _places(pairs)
    _wording(pairs)


def _kinds(pairs: Pairs) -> None:
    columns, a, b, ledger = pairs.columns, pairs.a, pairs.b, pairs.ledger
    differ = columns.kind[a] != columns.kind[b]
    for kind in (Kind.PREPRINT, Kind.REGISTRATION):
        code = KINDS[kind]
        ledger.add(f"one is a {kind}", differ & ((columns.kind[a] == code) | (columns.kind[b] == code)), -6.0)
    abstract, article = KINDS[Kind.ABSTRACT], KINDS[Kind.ARTICLE]
    one_abstract = differ & (np.minimum(columns.kind[a], columns.kind[b]) == min(abstract, article))
    one_abstract &= np.maximum(columns.kind[a], columns.kind[b]) == max(abstract, article)
    ledger.add("one is a conference abstract", one_abstract & ~_is_one_place(pairs), -6.0)
    comment = columns.is_comment[a] != columns.is_comment[b]
    ledger.add("one is a correction or comment", comment & ~ledger.named["same PMID"], -6.0)


def _is_one_place(pairs: Pairs) -> Flags:
    """Where both name the same DOI or place, that one database calls it an abstract is a matter of style."""
    named = pairs.ledger.named
    apart = (
        named["pages differ"] | named["volumes differ"] | named["journals differ"]
        | named["different DOIs"] | named["years differ"]
    )  # fmt: skip
    page = named["same pages"] | named["same first page"]
    journal = ~named["journals differ"]
    somewhere = (
        (page & (named["same volume"] | named["same year"]))
        | (named["same journal"] & named["same volume"])
        | (journal & named["same abstract"] & (named["same volume"] | named["same year"]))
    )
    return named["same DOI"] | (somewhere & ~apart) | (page & named["same volume"] & ~named["different DOIs"])


def _registrations(pairs: Pairs) -> None:
    records, kind = pairs.columns.records, pairs.columns.kind
    code = KINDS[Kind.REGISTRATION]
    same: dict[int, str] = {}
    other: dict[int, str] = {}
    for n in np.flatnonzero((kind[pairs.a] == code) & (kind[pairs.b] == code)).tolist():
        x, y = records[pairs.a[n]].registrations, records[pairs.b[n]].registrations
        if x & y:
            same[n] = ", ".join(sorted(x & y))
        elif x and y:
            other[n] = f"{', '.join(sorted(x))}; {', '.join(sorted(y))}"
    pairs.ledger.add_details("same registration", same, 9.0)
    pairs.ledger.add_details("different registrations", other, -8.0)


def _editions(pairs: Pairs) -> None:
    """Cochrane reviews and preprints are brought out anew under one title: the DOI or the year tells."""
    columns, a, b, named = pairs.columns, pairs.a, pairs.b, pairs.ledger.named
    found: dict[int, str] = {}
    for n in np.flatnonzero(named["different DOIs"] | _cut_doi(pairs)).tolist():
        x, y = columns.records[a[n]].doi, columns.records[b[n]].doi
        if EDITION_OF_DOI.sub("", x) == EDITION_OF_DOI.sub("", y):
            found[n] = f"{x}, {y}"
    updated = columns.is_cochrane[a] & columns.is_cochrane[b] & ~named["same DOI"]
    updated &= named["years differ"] | (named["neighbouring years"] & ~named["same volume"])
    for n in np.flatnonzero(updated).tolist():
        found.setdefault(n, f"{columns.year[a[n]]}, {columns.year[b[n]]}")
    pairs.ledger.add_details("different editions", found, -4.0)


def _places(pairs: Pairs) -> None:
    """A journal that gives a whole supplement one DOI; an abstract that was shown at two meetings."""
    named = pairs.ledger.named
    other_text = (
        named["abstracts differ"]
        | named["words differ"]
        | named["words added"]
        | named["titles differ"]
        | named["authors differ"]
    )
    shared = named["same DOI"] & named["pages differ"] & other_text & ~named["same PMID"]
    pairs.ledger.add("one DOI for several documents", shared, -6.0)
    apart = named["journals differ"] & (named["pages differ"] | named["volumes differ"])
    anchored = named["same DOI"] | named["same PMID"] | named["same pages"] | named["same first page"]
    pairs.ledger.add("published in another place", apart & ~anchored, -1.0)


def _cut_doi(pairs: Pairs) -> Flags:
    doi = pairs.columns.doi
    x, y = doi[pairs.a], doi[pairs.b]
    return np.asarray((x != y) & (x >= 0) & (y >= 0))


def _wording(pairs: Pairs) -> None:
    """Numbers, parts and kinds of report that one title has and the other has not."""
    named = pairs.ledger.named
    same_place = named["same DOI"] | named["same PMID"]
    same_place = same_place | (named["same volume"] & (named["same pages"] | named["same first page"]))
    numbers: dict[int, str] = {}
    parts: dict[int, str] = {}
    reports: dict[int, str] = {}
    for n, each in pairs.titles.differences.items():
        if named["same PMID"][n]:
            continue
        if each.parts:
            parts[n] = each.parts
        elif each.numbers:
            numbers[n] = each.numbers
        if each.report and not same_place[n]:
            reports[n] = each.report
    pairs.ledger.add_details("numbers in the titles differ", numbers, -5.0)
    pairs.ledger.add_details("different parts", parts, -5.0)
    pairs.ledger.add_details("another report of the study", reports, -4.0)
