from .extractions import Extraction
from .forms import FormVersion, Outcome, TimePoint
from .results import EVENTS_NEED_N, AnalysisSet, Arm, ArmResult, Contrast, Provenance, Scores
from .risk_of_bias import Appraisal, Assessment, DomainJudgement, Judgement, OwnTool

__all__ = [
    "EVENTS_NEED_N",
    "AnalysisSet",
    "Appraisal",
    "Arm",
    "ArmResult",
    "Assessment",
    "Contrast",
    "DomainJudgement",
    "Extraction",
    "FormVersion",
    "Judgement",
    "Outcome",
    "OwnTool",
    "Provenance",
    "Scores",
    "TimePoint",
]
