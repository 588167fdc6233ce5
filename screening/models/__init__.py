from .citations import Citation
from .decisions import Decision
from .records import DuplicateLink, Record, RecordNotice
from .searches import ColumnNaming, FetchedBatch, SavedSearch, SearchRun
from .studies import Report, Retrieval, RetrievalEvent, Study, StudyOverlap

__all__ = [
    "Citation",
    "ColumnNaming",
    "Decision",
    "DuplicateLink",
    "FetchedBatch",
    "Record",
    "RecordNotice",
    "Report",
    "Retrieval",
    "RetrievalEvent",
    "SavedSearch",
    "SearchRun",
    "Study",
    "StudyOverlap",
]
