from .citations import Citation
from .decisions import Decision
from .records import DuplicateLink, Record
from .searches import SearchRun
from .studies import Report, Retrieval, RetrievalEvent, Study, StudyOverlap

__all__ = [
    "Citation",
    "Decision",
    "DuplicateLink",
    "Record",
    "Report",
    "Retrieval",
    "RetrievalEvent",
    "SearchRun",
    "Study",
    "StudyOverlap",
]
