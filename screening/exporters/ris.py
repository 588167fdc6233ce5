"""RIS as reference managers and review tools read it."""

from collections.abc import Iterable, Iterator

from screening.importers import RawRecord
from screening.importers.ris import OWN_PROVIDER, TYPES

TYPE_OF = {name: tag for tag, name in reversed(TYPES.items())}


def write_ris(records: Iterable[RawRecord]) -> str:
    """RIS with Windows line ends, as the format asks for."""
    return "".join(f"{tag}  - {value}\r\n" for record in records for tag, value in _fields(record))


def _fields(record: RawRecord) -> Iterator[tuple[str, str]]:
    kind = TYPE_OF.get(record.publication_type)
    yield "TY", kind or "JOUR"
    single = (
        ("TI", record.title),
        *(("AU", author) for author in record.authors),
        ("PY", str(record.year or "")),
        ("JO", record.journal),
        ("VL", record.volume),
        ("IS", record.issue),
        ("SP", record.pages),
        ("DO", record.doi),
        ("PM", record.pmid),
        ("AN", record.database_id),
        ("AB", record.abstract),
        *(("KW", word) for word in record.keywords),
        ("LA", record.language),
        ("M3", "" if kind else record.publication_type),
        ("UR", record.url),
        ("DP", OWN_PROVIDER),
        *(("N1", " ".join(remark.split())) for remark in record.extra.get("remark", ())),
    )
    yield from ((tag, value) for tag, value in single if value)
    yield "ER", ""
