"""Reads what databases export: bytes in, records and problems out. Knows nothing of Django.

    parsed = read_records(Path("pubmed.nbib").read_bytes())

The format is told by the content, never by a file's name.
"""

from . import medline, pubmed_xml, ris
from .base import ImportProblem, ImportRefused, ParsedFile, Progress, RawRecord
from .encoding import decode

# In this order: what one format would take for its own by chance comes after the one that is sure.
FORMATS = (("PubMed XML", pubmed_xml), ("MEDLINE", medline), ("RIS", ris))


def read_records(content: bytes, progress: Progress = None) -> ParsedFile:
    """The records of an export file and what could not be read in it.

    progress: called with the number of records read so far and in all.
    Raises ImportRefused with a sentence for the person when the file as a whole cannot be read.
    """
    text, encoding = decode(content)
    for name, reader in FORMATS:
        if reader.looks_like(text):
            records, problems = reader.parse(text, progress)
            if not records:
                raise ImportRefused(
                    f"The file looks like {name}, but holds no record. Export the search again."
                )
            return ParsedFile(name, encoding, records, problems)
    raise ImportRefused(
        "The file is none of the formats Winnow reads: PubMed .nbib or XML, RIS. "
        "In the database choose one of these."
    )


__all__ = ["ImportProblem", "ImportRefused", "ParsedFile", "Progress", "RawRecord", "read_records"]
