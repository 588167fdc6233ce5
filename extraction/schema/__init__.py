"""Extraction forms as data and the comparison of two extractions; knows nothing of Django."""

from .countries import all_countries
from .diff import Item, compare_items, same_value
from .fields import YES_NO, Field, FieldKind, FormDefinition, ShowIf, WrongAnswer
from .numbers import NotANumber, has_two_readings, number_from
from .reading import WrongForm, key_from, problems_of, read_form, write_form
from .templates import SINGLE_ARM_TRIAL, TEMPLATES, FormTemplate
from .versions import Change, another_look, changes

__all__ = [
    "SINGLE_ARM_TRIAL",
    "TEMPLATES",
    "YES_NO",
    "Change",
    "Field",
    "FieldKind",
    "FormDefinition",
    "FormTemplate",
    "Item",
    "NotANumber",
    "ShowIf",
    "WrongAnswer",
    "WrongForm",
    "all_countries",
    "another_look",
    "changes",
    "compare_items",
    "has_two_readings",
    "key_from",
    "number_from",
    "problems_of",
    "read_form",
    "same_value",
    "write_form",
]
