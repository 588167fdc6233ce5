"""Which database a file came from, told by the marks that its exports bear. Knows nothing of Django."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .encoding import decode

READ = 400_000
# So large a part of the records must bear the same mark: a library's export holds many databases' records.
SHARE = 0.8
REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Origin:
    """A database as PRISMA names it, the platform it was searched on, and "database" or "register"."""

    database: str
    platform: str = ""
    kind: str = "database"


PUBMED, EMBASE, SCOPUS = Origin("PubMed"), Origin("Embase", "Embase.com"), Origin("Scopus")
CENTRAL, LENS = Origin("CENTRAL", "Cochrane Library"), Origin("The Lens")
WEB_OF_SCIENCE = Origin("Web of Science")
TRIALS_GOV, ICTRP = Origin("ClinicalTrials.gov", kind=REGISTER), Origin("WHO ICTRP", kind=REGISTER)

# A mark that stands once tells of the whole file: a header, the root of an XML.
OF_FILE = tuple(
    (re.compile(pattern), origin)
    for pattern, origin in (
        (rb"<PubmedArticle|\A\W*PMID\W+Title\W+Authors\W", PUBMED),
        (rb"\A[^\n]*Emtree Drug Index Terms", EMBASE),
        (rb"\A[^\n]*\"?Author full names\"?,[^\n]*\"?Source title\"?", SCOPUS),
        (rb"\A\W*NCT Number\W|\"protocolSection\"", TRIALS_GOV),
        (rb"<Trials?_downloaded_from_ICTRP|<TrialID>", ICTRP),
        (rb"\A\W*Authors,Title,Publication,Volume,Number,Pages,Year,Publisher", Origin("Google Scholar")),
    )
)
RECORD = re.compile(rb"^(?:TY\s+- |PMID- ?\d|PT [JBSP]\s*$|@\w+\s*\{)", re.MULTILINE)
# A mark that each record bears.
OF_RECORD = tuple(
    (re.compile(pattern, re.MULTILINE), origin)
    for pattern, origin in (
        (rb"^PMID- ?\d|^DP\s+- NLM\s*$", PUBMED),
        (rb"^UR\s+- https?://(?:www\.)?embase\.com/", EMBASE),
        (rb"^DB\s+- Scopus|^\s*source\s*=\s*\{Scopus\}", SCOPUS),
        (rb"^AN\s+-\s+CN-\d{6,}", CENTRAL),
        (rb"^UR\s+- https?://(?:www\.)?lens\.org/", LENS),
        (rb"^UR\s+- https?://trid\.trb\.org/", Origin("TRID")),
        (rb"^AN\s+- WOS:|^N1\s+- Times Cited in Web of Science|^UT (?:ISI|WOS):", WEB_OF_SCIENCE),
        (rb"^UT ZOOREC:", Origin("Zoological Record", "Web of Science")),
        (rb"^UT MEDLINE:", Origin("MEDLINE", "Web of Science")),
        (rb"^UT BIOSIS:", Origin("BIOSIS Previews", "Web of Science")),
    )
)
WEB_OF_SCIENCE_HEAD = re.compile(rb"\W*FN (?:Clarivate|Thomson)")
NAMED = re.compile(rb"^DB\s+-\s*(\S[^\r\n<(]*)", re.MULTILINE)
# What platforms write in the field of the database's name, in lower case, and how it is called.
NAMES = {
    "medline": "MEDLINE",
    "psyh": "APA PsycInfo",
    "psycinfo": "APA PsycInfo",
    "apa psycinfo": "APA PsycInfo",
    "ccm": "CINAHL",
    "rzh": "CINAHL",
    "c8h": "CINAHL",
    "cin20": "CINAHL",
    "aph": "Academic Search Premier",
    "bth": "Business Source Premier",
    "eric": "ERIC",
    "embase": "Embase",
}
PLATFORMS = tuple(
    (re.compile(pattern, re.MULTILINE), name)
    for pattern, name in (
        (rb"^DP\s+- EBSCOhost|search\.ebscohost\.com", "EBSCOhost"),
        (rb"ovidsp\.ovid\.com|^DB\s+- Ovid ", "Ovid"),
        (rb"search\.proquest\.com|www\.proquest\.com", "ProQuest"),
    )
)


def origin_of(content: bytes) -> Origin | None:
    """The database whose export this is; None where the file names none, or several.

    Raises ImportRefused for an empty file and for what is not text; spreadsheets (.xlsx) name none.
    """
    if content.startswith(b"PK"):
        return None
    head = content[:READ]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = decode(head).content
    found = {origin for pattern, origin in OF_FILE if pattern.search(head)} or set(_by_records(head))
    return found.pop() if len(found) == 1 else None


def _by_records(head: bytes) -> Iterator[Origin]:
    records = len(RECORD.findall(head))
    if not records:
        return
    enough = max(1, SHARE * records)
    marked = [origin for pattern, origin in OF_RECORD if len(pattern.findall(head)) >= enough]
    if marked or WEB_OF_SCIENCE_HEAD.match(head):
        yield from marked or [WEB_OF_SCIENCE]
        return
    names = Counter(match.strip().decode("latin-1") for match in NAMED.findall(head))
    name, count = names.most_common(1)[0] if names else ("", 0)
    if count >= enough:
        platform = next((platform for pattern, platform in PLATFORMS if pattern.search(head)), "")
        name = name.removeprefix("Ovid ")
        yield Origin(NAMES.get(name.lower(), name), platform)
