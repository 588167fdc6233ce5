"""GRADE, the certainty of the evidence for an outcome: proposals from numbers, absolute effects, the level.

Proposals follow stated rules of thumb; a person judges. Sources: Guyatt 2011, J Clin Epidemiol 64:383-394
and the papers after it; Cochrane Handbook, chapter 14.
"""

from .absolute import AbsoluteEffect, RelativeMeasure, absolute_effect
from .certainty import DOMAINS, Certainty, Domain, certainty
from .proposals import Evidence, Proposal, propose

__all__ = [
    "DOMAINS",
    "AbsoluteEffect",
    "Certainty",
    "Domain",
    "Evidence",
    "Proposal",
    "RelativeMeasure",
    "absolute_effect",
    "certainty",
    "propose",
]
