"""A form from a file: every mistake is named by field, and nothing is taken from a file with mistakes."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..told import told
from .fields import Field, FieldKind, FormDefinition, ShowIf, field_from_json

FORMAT = "winnow-extraction-form"
MOST_FIELDS = 300
KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")


class WrongForm(ValueError):
    """The form cannot be used; `problems` are sentences, each naming its field."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


def key_from(label: str, taken: Sequence[str]) -> str:
    """A key for a new question that no other one has."""
    stem = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:40] or "question"
    stem = stem if stem[0].isalpha() else f"q_{stem}"
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}_{number}", number + 1
    return key


def problems_of(form: FormDefinition) -> list[str]:
    """What keeps a form from being used, in sentences."""
    found: list[str] = []
    seen: dict[str, Field] = {}
    for field in form.fields:
        name = f"“{field.label or field.key}”"
        found += [told("{name}: {problem}", name=name, problem=each) for each in _of_one(field, seen)]
        if field.key in seen:
            found.append(told("{name}: another question has the key {key} too.", name=name, key=field.key))
        seen[field.key] = field
    return found


def _of_one(field: Field, earlier: Mapping[str, Field]) -> list[str]:
    found: list[str] = []
    if not field.label.strip():
        found.append(told("a question needs a label."))
    if not KEY.fullmatch(field.key):
        found.append(
            told(
                "the key “{key}” must be small letters, digits and _, beginning with a letter.",
                key=field.key,
            )
        )
    if field.kind in (FieldKind.CHOICE, FieldKind.MULTIPLE) and len(set(field.choices)) < 2:
        found.append(told("a choice needs at least two different choices."))
    if field.kind is FieldKind.TABLE and not field.columns:
        found.append(told("a table needs at least one column."))
    if field.low is not None and field.high is not None and field.low > field.high:
        found.append(told("the lowest number is above the highest."))
    if field.show_if:
        found += _of_rule(field.show_if, earlier)
    return found


def _of_rule(rule: ShowIf, earlier: Mapping[str, Field]) -> list[str]:
    asked = earlier.get(rule.field)
    if asked is None:
        return [told("it hangs on “{key}”, which is no earlier question.", key=rule.field)]
    if not rule.values:
        return [told("say for which answers to “{question}” it is asked.", question=asked.label)]
    if asked.offered and (unknown := [value for value in rule.values if value not in asked.offered]):
        return [told("“{question}” has no answer “{answer}”.", question=asked.label, answer=unknown[0])]
    return []


def write_form(form: FormDefinition, title: str) -> str:
    """The form as a JSON file."""
    told = {"format": FORMAT, "version": 1, "title": title, "fields": form.to_json()}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def read_form(content: str) -> FormDefinition:
    """A form from a JSON file, as `write_form` made it or as a bare list of fields. Raises WrongForm."""
    try:
        held = json.loads(content)
    except (ValueError, RecursionError) as wrong:
        line = wrong.lineno if isinstance(wrong, json.JSONDecodeError) else 1
        raise WrongForm(
            [
                told(
                    "The file is not JSON (line {line}). Export a form from Winnow to see the shape.",
                    line=line,
                )
            ]
        ) from None
    rows = held.get("fields") if isinstance(held, dict) else held
    if not isinstance(rows, list) or not rows:
        raise WrongForm([told("The file holds no list of fields.")])
    if len(rows) > MOST_FIELDS:
        raise WrongForm(
            [
                told(
                    "The file has {count} fields; at most {most} are possible.",
                    count=len(rows),
                    most=MOST_FIELDS,
                )
            ]
        )
    problems: list[str] = []
    fields: list[Field] = []
    for number, row in enumerate(rows, 1):
        try:
            fields.append(field_from_json(_plain(row, number)))
        except WrongForm as wrong:
            problems += wrong.problems
    form = FormDefinition(tuple(fields))
    problems += problems_of(form) if not problems else []
    if problems:
        raise WrongForm(problems)
    return form


_TYPES: Mapping[str, tuple[type, ...]] = {
    "key": (str,),
    "label": (str,),
    "kind": (str,),
    "help": (str,),
    "unit": (str,),
    "section": (str,),
    "required": (bool,),
    "is_total": (bool,),
    "low": (int, float),
    "high": (int, float),
    "choices": (list,),
    "columns": (list,),
    "show_if": (dict,),
}


def _plain(row: Any, number: int) -> dict[str, Any]:
    """One field's values, each of its type. Raises WrongForm."""
    if not isinstance(row, dict):
        raise WrongForm([told("Field {number}: it is not an object with label and kind.", number=number)])
    problems = []
    for name, value in row.items():
        if name not in _TYPES:
            problems.append(told("Field {number}: “{name}” is not known.", number=number, name=name))
        elif not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and bool not in _TYPES[name]):
            problems.append(told("Field {number}: “{name}” has the wrong type.", number=number, name=name))
        elif isinstance(value, list) and not all(isinstance(each, str) for each in value):
            problems.append(
                told("Field {number}: “{name}” must be a list of texts.", number=number, name=name)
            )
    kinds = [kind.value for kind in FieldKind]
    if row.get("kind") not in kinds:
        problems.append(
            told("Field {number}: “kind” must be one of {kinds}.", number=number, kinds=", ".join(kinds))
        )
    if not row.get("label"):
        problems.append(told("Field {number}: “label” is missing.", number=number))
    rule = row.get("show_if")
    if isinstance(rule, dict) and not (
        isinstance(rule.get("field"), str) and isinstance(rule.get("values"), list)
    ):
        problems.append(told("Field {number}: “show_if” needs “field” and “values”.", number=number))
    if problems:
        raise WrongForm(problems)
    return {"key": row.get("key") or key_from(row["label"], ()), **row}
