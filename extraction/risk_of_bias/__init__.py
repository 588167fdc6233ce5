"""Risk-of-bias tools as data. Knows nothing of Django.

    from extraction.risk_of_bias import tool

    found = tool("rob2").domain("D1").propose({"1.1": "Y", "1.2": "PY", "1.3": "N"})
    found.judgement   # "Low"
    found.path        # the branches that led there

A tool is a TOML file in tools/ (`reading` says what it may hold): domains, questions with their official
numbers and answers, when a question is asked, and the flow charts from answers to a judgement.
"""

from .catalogue import tool, tools
from .charts import Passed, Proposal
from .errors import AnswersRefused, DefinitionRefused
from .model import Answer, Domain, Level, Question, Tool

MINORS = tool("minors")

__all__ = [
    "MINORS",
    "Answer",
    "AnswersRefused",
    "DefinitionRefused",
    "Domain",
    "Level",
    "Passed",
    "Proposal",
    "Question",
    "Tool",
    "tool",
    "tools",
]
