"""What a record says of its own standing: retracted, doubted, or itself the notice of a retraction.

Pure reading of a record as it came; PubMed's marks are described at
https://www.nlm.nih.gov/bsd/policy/errata.html.
"""

import re
from collections.abc import Iterator

from ..importers import RawRecord

# PubMed's publication types, in lower case, and the kind of notice that each is.
TYPES = {
    "retracted publication": "retracted",
    "retraction of publication": "retraction_notice",
    "retraction notice": "retraction_notice",
    "expression of concern": "concern",
}
# Tags of MEDLINE and reference types of PubMed XML that link a record to a notice about it.
TAGS = {"RIN": "retracted", "ECI": "concern"}
REFERENCES = {"RetractionIn": "retracted", "ExpressionOfConcernIn": "concern"}
# How publishers and other databases mark a title.
TITLE = re.compile(r"^\W*(retracted(?: article)?|withdrawn)\b\s*[:.\-\u2013\])]", re.IGNORECASE)


def notices_in(record: RawRecord) -> dict[str, str]:
    """Kind of notice -> where the record says so; each kind once."""
    found: dict[str, str] = {}
    for kind, text in _said(record):
        found.setdefault(kind, text)
    return found


def _said(record: RawRecord) -> Iterator[tuple[str, str]]:
    # A link to the notice says more than the bare type, so it comes first.
    for tag, kind in TAGS.items():
        for value in record.extra.get(tag, ()):
            yield kind, value
    for value in record.extra.get("CIN", ()):
        reference, _, text = value.partition(": ")
        if reference in REFERENCES:
            yield REFERENCES[reference], text
    for name in record.publication_type.lower().split("; "):
        if name in TYPES:
            yield TYPES[name], f"Publication type “{name}”"
    if TITLE.match(record.title):
        yield "retracted", "Marked so in its title"
