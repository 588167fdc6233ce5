from .extractions import Extraction
from .forms import FormVersion, Outcome, TimePoint
from .results import AnalysisSet, Arm, ArmResult, Contrast, Provenance
from .risk_of_bias import Assessment, Judgement

__all__ = [
    "AnalysisSet",
    "Arm",
    "ArmResult",
    "Assessment",
    "Contrast",
    "Extraction",
    "FormVersion",
    "Judgement",
    "Outcome",
    "Provenance",
    "TimePoint",
]
