"""Cases in and results out as plain JSON, with metafor's names: what `manage.py pool` reads and prints."""

from analysis.pooling.cases.answering import answer, answer_document

__all__ = ["answer", "answer_document"]
