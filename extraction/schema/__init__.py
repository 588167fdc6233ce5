"""Extraction forms as data and the comparison of two extractions; knows nothing of Django."""

from .diff import Item, compare_items, same_value
from .fields import Field, FieldKind, FormDefinition, WrongAnswer
from .templates import SINGLE_ARM_TRIAL

__all__ = [
    "SINGLE_ARM_TRIAL",
    "Field",
    "FieldKind",
    "FormDefinition",
    "Item",
    "WrongAnswer",
    "compare_items",
    "same_value",
]
