"""What the columns of a table mean: a guess from their names, and how each kind of cell is read."""

import ast
import re
import unicodedata
from collections.abc import Mapping, Sequence

from . import cleaning

# A field, and the names under which databases and review tools export it, the best first.
NAMES: Mapping[str, tuple[str, ...]] = {
    "title": (
        "title",
        "article title",
        "document title",
        "study title",
        "primary title",
        "title primary",
        "titles",
        "ti",
        "official title",
        "scientific title",
        "public title",
        "title of article",
        "paper title",
        "reference title",
        "brief title",
        "short title",
        "titel",
        "titre",
        "titulo",
        "titolo",
    ),
    "authors": (
        "authors",
        "author",
        "author names",
        "author s",
        "first authors",
        "authors list",
        "author list",
        "au",
        "author full names",
        "authors primary",
        "primary authors",
        "creator",
        "creators",
        "sponsor",
        "primary sponsor",
        "first author",
        "autoren",
        "auteurs",
        "autores",
        "autori",
    ),
    "year": (
        "year",
        "publication year",
        "published year",
        "pub year",
        "pubyear",
        "py",
        "year of publication",
        "year published",
        "date",
        "publication date",
        "date published",
        "pubdate",
        "publication date online",
        "start date",
        "date registration",
        "first posted",
        "issued",
        "jahr",
        "annee",
        "ano",
        "cover date",
    ),
    "journal": (
        "journal",
        "journal book",
        "source title",
        "journal title",
        "publication",
        "secondary title",
        "journal name",
        "publication title",
        "publication name",
        "full journal name",
        "container title",
        "jo",
        "jf",
        "periodical",
        "periodical full",
        "periodical abbrev",
        "book title",
        "host publication title",
        "source register",
        "journal abbreviation",
        "revista",
        "revue",
        "zeitschrift",
        "rivista",
    ),
    "volume": ("volume", "vol", "vl", "journal volume", "volumen", "band"),
    "issue": ("issue", "number", "journal issue", "issue number", "is", "no", "heft", "numero", "fascicule"),
    "pages": (
        "pages",
        "page",
        "pagination",
        "page range",
        "page numbers",
        "pg",
        "seiten",
        "paginas",
        "pagine",
    ),
    "article number": ("art no", "article number", "article no", "artnum", "e location id"),
    "start page": ("start page", "page start", "sp", "bp", "first page", "beginning page"),
    "end page": ("end page", "page end", "ep", "last page", "ending page", "other pages"),
    "doi": (
        "doi",
        "doi link",
        "digital object identifier",
        "do",
        "di",
        "doi url",
        "dois",
        "electronic resource num",
    ),
    "pmid": (
        "pmid",
        "pubmed id",
        "pubmedid",
        "pubmed",
        "medline id",
        "medline pmid",
        "pubmed identifier",
        "pm",
    ),
    "abstract": (
        "abstract",
        "abstract note",
        "abstracts",
        "ab",
        "notes abstract",
        "brief summary",
        "summary",
        "description",
        "resumen",
        "zusammenfassung",
        "resume",
        "resumo",
        "riassunto",
    ),
    "keywords": (
        "keywords",
        "author keywords",
        "keyword",
        "kw",
        "index keywords",
        "manual tags",
        "automatic tags",
        "mesh",
        "mesh terms",
        "subject headings",
        "conditions",
        "keywords plus",
        "descriptors",
        "emtree medical index terms",
        "emtree drug index terms",
        "subjects",
        "palabras clave",
        "palavras chave",
        "mots cles",
        "schlagworter",
        "parole chiave",
    ),
    "language": (
        "language",
        "languages",
        "language of original document",
        "la",
        "lang",
        "idioma",
        "langue",
        "sprache",
    ),
    "publication type": (
        "publication type",
        "document type",
        "item type",
        "type of reference",
        "type of work",
        "reference type",
        "article type",
        "study type",
        "type",
        "publication types",
        "pubtype",
        "doctype",
    ),
    "url": (
        "url",
        "link",
        "article url",
        "study url",
        "links",
        "web address",
        "urls",
        "open url link",
        "external url",
        "source url",
        "full text url",
    ),
    "database id": (
        "accession number",
        "central id",
        "nct number",
        "trialid",
        "trial id",
        "registration number",
        "eid",
        "unique wos id",
        "ut unique wos id",
        "ut",
        "an",
        "record id",
        "id",
        "key",
        "ref",
        "itemid",
        "item id",
        "lens id",
        "openalex id",
        "unique id",
        "covidence",
        "pui",
        "embase accession id",
        "rec number",
    ),
    "citation": ("source", "citation", "so", "source information", "journal citation", "reference"),
}
# Fields that take every column whose name fits; of all others the best one is taken.
FROM_SEVERAL = frozenset({"keywords"})
FIELDS = tuple(NAMES)
FIELD_OF_NAME = {name: field for field, names in NAMES.items() for name in names}

# "Endoscopic Ultrasound (2014) 3:3 (152-160)", as Embase prints where an article stands.
EMBASE_CITATION = re.compile(
    r"^(?P<journal>.{2,200}?) \((?P<year>\d{4})\)"
    r"(?: (?P<volume>[\w.-]{1,20}))?(?::(?P<issue>[\w .()/-]{1,40}?))?"
    r"(?: \((?P<pages>[^()]{1,40})\))?(?:\.|,|;|$)"
)
# "Eur J Med Genet. 2020 Feb;63(2):103640.", as PubMed does.
PUBMED_CITATION = re.compile(
    r"^(?P<journal>[^.]{2,200})\. (?P<year>\d{4})[^;.]{0,20};(?P<volume>[\w .-]{0,30}?)"
    r"(?:\((?P<issue>[^)]{1,40})\))?:(?P<pages>[^.;]{1,40})"
)
INITIALS = r"(?:[A-Z\u00c0-\u00de]\.?[ -]?){1,4}"
FAMILY_FIRST = re.compile(rf"^[^,]{{1,60}}\s{INITIALS}(?:,? (?:Jr|Sr|2nd|3rd|II|III)\.?)?$")
# "A. B. Smith" or "AB Smith"; a capital that a word begins with is no initial.
INITIALS_FIRST = re.compile(
    r"^(?:(?:[A-Z\u00c0-\u00de]\.[ -]?){1,4}|[A-Z\u00c0-\u00de]{1,3} )[^\s,]{2,40}(?:[ -][^\s,]{2,40}){0,2}$"
)
# Where these stand, a last full stop belongs to an initial: "Smith A., Jones B.", "Smith, A.B.", "Smith, A."
DOTTED_INITIAL = re.compile(r"[A-Z]\.(?:,|[A-Z]\.)|, ?[A-Z]\.$")
LONGEST_LITERAL = 100_000
# What spreadsheets take for a formula; exports put an apostrophe before it, which is taken off again.
QUOTED_FORMULA = re.compile("^'(?='*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20])")


def guess(headers: Sequence[str]) -> tuple[str, ...]:
    """For each column the field that its name suggests, or "" for what is kept under its own name."""
    names = [plain_name(header) for header in headers]
    fields = ["" for _ in headers]
    for field, known in NAMES.items():
        fitting = [names.index(name) for name in known if name in names]
        free = [place for place in fitting if not fields[place]]
        for place in free if field in FROM_SEVERAL else free[:1]:
            fields[place] = field
    return tuple(_without_doubt(fields))


def _without_doubt(fields: list[str]) -> list[str]:
    """ "Source" holds where an article stands only when no column of its own says so."""
    has_journal = "journal" in fields
    return ["" if field == "citation" and has_journal and "volume" in fields else field for field in fields]


def plain_name(header: str) -> str:
    """A header as it is looked up: lower case, without accents and marks."""
    bare = unicodedata.normalize("NFKD", header.lower())
    letters = "".join(each for each in bare if not unicodedata.combining(each))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()


def recognised(headers: Sequence[str]) -> int:
    """How many of these names are known: what tells a header from any other row."""
    return sum(1 for header in headers if plain_name(header) in FIELD_OF_NAME)


def unquoted(cell: str) -> str:
    return QUOTED_FORMULA.sub("", cell)


def names_in(cell: str) -> tuple[str, ...]:
    """The persons in a cell, whichever of the usual separators stands between them."""
    literal = _literal(cell)
    if literal:
        return cleaning.names(literal)
    cell = cleaning.text(re.sub(r"\s*\n\s*(?:and )?", ";", cell.strip()))
    for separator in (";", "|"):
        if separator in cell:
            return cleaning.names(cell.split(separator))
    if " and " in cell and not FAMILY_FIRST.match(cell):
        return cleaning.names(re.split(r"\s+and\s+|\s*&\s*", cell))
    # PubMed ends its list with a full stop; where initials have stops of their own, it belongs to the last.
    cell = cell if DOTTED_INITIAL.search(cell) else cell.rstrip(". ")
    parts = [part.strip() for part in re.sub(r",? (?:et al\.?|\.\.\.)$", "", cell).split(",")]
    if len(parts) > 1 and all(_is_a_name(part) for part in parts if part):
        return cleaning.names(parts)
    return cleaning.names([cell])


def _is_a_name(part: str) -> bool:
    return bool(FAMILY_FIRST.match(part) or INITIALS_FIRST.match(part))


def words_in(cell: str) -> tuple[str, ...]:
    literal = _literal(cell)
    if literal:
        return cleaning.texts(literal)
    separator = next((each for each in (";", "|", "\n") if each in cell), ",")
    return cleaning.texts(cell.split(separator))


def _literal(cell: str) -> list[str]:
    """A cell that some scripts write as a Python list."""
    if not (cell.startswith("[") and cell.endswith("]")) or len(cell) > LONGEST_LITERAL:
        return []
    try:
        value = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return []
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def place_of(citation: str) -> dict[str, str]:
    """journal, year, volume, issue and pages out of one line that says where an article stands."""
    for pattern in (EMBASE_CITATION, PUBMED_CITATION):
        if found := pattern.match(citation):
            return {name: (value or "").strip() for name, value in found.groupdict().items()}
    return {"journal": citation if len(citation) <= 200 else "", "year": citation}
