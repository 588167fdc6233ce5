from .citations import Citation
from .decisions import Decision
from .records import DuplicateLink, Record, RecordNotice
from .room import KeyLayout, Skip
from .searches import ColumnNaming, FetchedBatch, SavedSearch, SearchRun
from .studies import Report, Retrieval, RetrievalEvent, Study, StudyOverlap

__all__ = [
    "Citation",
    "ColumnNaming",
    "Decision",
    "DuplicateLink",
    "FetchedBatch",
    "KeyLayout",
    "Record",
    "RecordNotice",
    "Report",
    "Retrieval",
    "RetrievalEvent",
    "SavedSearch",
    "SearchRun",
    "Skip",
    "Study",
    "StudyOverlap",
]
