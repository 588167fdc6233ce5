from .citations import Citation
from .decisions import BulkDecision, Decision
from .documents import Document, DocumentPage
from .ranking import AuditDraw, Place, RankingRun, ReadingPlan, StopEvent
from .records import DuplicateLink, FieldChoice, PairSample, Record, RecordNotice
from .reporting import ChecklistNote, FlowEvent, FlowWording, ManuscriptKit, ReviewVersion
from .room import Comment, KeyLayout, Label, Labelling, Skip
from .rounds import Lease, Round, RoundCitation, RoundEvent, RoundPerson
from .searches import ColumnNaming, FetchedBatch, SavedSearch, SearchRun
from .studies import Report, Retrieval, RetrievalEvent, SaidApart, Study, StudyOverlap

__all__ = [
    "AuditDraw",
    "BulkDecision",
    "ChecklistNote",
    "Citation",
    "ColumnNaming",
    "Comment",
    "Decision",
    "Document",
    "DocumentPage",
    "DuplicateLink",
    "FetchedBatch",
    "FieldChoice",
    "FlowEvent",
    "FlowWording",
    "KeyLayout",
    "Label",
    "Labelling",
    "Lease",
    "ManuscriptKit",
    "PairSample",
    "Place",
    "RankingRun",
    "ReadingPlan",
    "Record",
    "RecordNotice",
    "Report",
    "Retrieval",
    "RetrievalEvent",
    "ReviewVersion",
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
