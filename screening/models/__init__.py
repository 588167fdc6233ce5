from .citations import Citation
from .decisions import BulkDecision, Decision
from .documents import Document, DocumentPage
from .ranking import AuditDraw, Place, RankingRun, ReadingPlan, StopEvent
from .records import DuplicateLink, FieldChoice, PairSample, Record, RecordNotice
from .room import Comment, KeyLayout, Label, Labelling, Skip
from .rounds import Lease, Round, RoundCitation, RoundEvent, RoundPerson
from .searches import ColumnNaming, FetchedBatch, SavedSearch, SearchRun
from .studies import Report, Retrieval, RetrievalEvent, SaidApart, Study, StudyOverlap

__all__ = [
    "AuditDraw",
    "BulkDecision",
    "Citation",
    "ColumnNaming",
    "Comment",
    "Decision",
    "Document",
    "DocumentPage",
    "DuplicateLink",
    "FetchedBatch",
    "FieldChoice",
    "KeyLayout",
    "Label",
    "Labelling",
    "Lease",
    "PairSample",
    "Place",
    "RankingRun",
    "ReadingPlan",
    "Record",
    "RecordNotice",
    "Report",
    "Retrieval",
    "RetrievalEvent",
    "SaidApart",
    "Round",
    "RoundCitation",
    "RoundEvent",
    "RoundPerson",
    "SavedSearch",
    "SearchRun",
    "Skip",
    "StopEvent",
    "Study",
    "StudyOverlap",
]
