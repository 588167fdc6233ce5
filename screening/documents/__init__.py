"""PDFs of reports: reading them page by page, finding words in them, telling whose they are. Pure.

`reading` runs in a process of its own (see `process`), because it hands files from outside to a C++ library.
"""

from .finding import Passage, closest, find
from .identifying import Candidate, Identified, Proposal, propose
from .layer import highlight_boxes, text_layer
from .pages import Line, PageText, Word

__all__ = [
    "Candidate",
    "Identified",
    "Line",
    "PageText",
    "Passage",
    "Proposal",
    "Word",
    "closest",
    "find",
    "highlight_boxes",
    "propose",
    "text_layer",
]
