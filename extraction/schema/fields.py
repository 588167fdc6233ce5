"""The fields of an extraction form and what counts as an answer to each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..told import reason, told
from .countries import country_named
from .numbers import NotANumber, number_from


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    MULTIPLE = "multiple"
    DATE = "date"
    COUNTRY = "country"
    YES_NO = "yes_no"
    TABLE = "table"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    FieldKind.TEXT: told("Text"),
    FieldKind.NUMBER: told("Number"),
    FieldKind.CHOICE: told("One choice"),
    FieldKind.MULTIPLE: told("Several choices"),
    FieldKind.DATE: told("Date"),
    FieldKind.COUNTRY: told("Country"),
    FieldKind.YES_NO: told("Yes, no, unclear, not reported"),
    FieldKind.TABLE: told("Table"),
}
YES_NO = ("Yes", "No", "Unclear", "Not reported")
# Year, year and month, or day: reports rarely print more than the month.
DATE_SHAPES = ((4,), (4, 2), (4, 2, 2))


class WrongAnswer(ValueError):
    """The answer does not fit its field; the text says how to mend it."""


@dataclass(frozen=True, slots=True)
class ShowIf:
    """A question is asked only where the answer to an earlier one is among `values`."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    `low` and `high` bound a number; `choices` are offered for a choice; `columns` head a table;
    `is_total` marks the number of participants that the arms must add up to.
    """

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    help: str = ""
    required: bool = False
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    section: str = ""
    show_if: ShowIf | None = None
    is_total: bool = False

    @property
    def offered(self) -> tuple[str, ...]:
        return YES_NO if self.kind is FieldKind.YES_NO else self.choices

    def checked(self, answer: object) -> Any:
        """The answer as it is stored: text, number, list; None where nothing was said. Raises WrongAnswer."""
        if self.kind is FieldKind.TABLE:
            return self._table(answer)
        if self.kind is FieldKind.MULTIPLE:
            return self._several(answer)
        text = str(answer if answer is not None else "").strip()
        if not text:
            return None
        if self.kind is FieldKind.NUMBER:
            return self._number(text)
        if self.kind is FieldKind.DATE:
            return _date(text)
        if self.kind is FieldKind.COUNTRY:
            return _countries(text)
        if self.offered and text not in self.offered:
            raise WrongAnswer(told("Choose one of: {choices}.", choices=", ".join(self.offered)))
        return text

    def _number(self, text: str) -> float:
        try:
            value = number_from(text)
        except NotANumber as wrong:
            raise WrongAnswer(told("{problem}; write words into a note.", problem=reason(wrong))) from None
        if self.low is not None and value < self.low:
            raise WrongAnswer(told("At least {low:g} is possible here.", low=self.low))
        if self.high is not None and value > self.high:
            raise WrongAnswer(told("At most {high:g} is possible here.", high=self.high))
        return int(value) if value.is_integer() else value

    def _several(self, answer: object) -> list[str] | None:
        given = answer if isinstance(answer, list | tuple) else str(answer or "").split(";")
        chosen = {str(each).strip() for each in given} - {""}
        if unknown := chosen - set(self.choices):
            raise WrongAnswer(
                told(
                    "“{answer}” is not offered: {choices}.",
                    answer=min(unknown),
                    choices=", ".join(self.choices),
                )
            )
        return [choice for choice in self.choices if choice in chosen] or None

    def _table(self, answer: object) -> list[list[str]] | None:
        if answer in (None, ""):
            return None
        if not isinstance(answer, list | tuple) or not all(isinstance(row, list | tuple) for row in answer):
            raise WrongAnswer(told("A table is a list of rows."))
        width = len(self.columns)
        rows = [[str(cell if cell is not None else "").strip() for cell in row] for row in answer]
        if any(any(row[width:]) for row in rows):
            raise WrongAnswer(told("The table has {width} columns; a row holds more.", width=width))
        rows = [[*row, *[""] * width][:width] for row in rows]
        return [row for row in rows if any(row)] or None


def _date(text: str) -> str:
    parts = text.replace("/", "-").replace(".", "-").split("-")
    fits = tuple(map(len, parts)) in DATE_SHAPES and all(part.isdigit() for part in parts)
    numbers = [int(part) for part in parts] if fits else []
    if (
        not fits
        or (len(numbers) > 1 and not 1 <= numbers[1] <= 12)
        or (len(numbers) > 2 and not 1 <= numbers[2] <= 31)
    ):
        raise WrongAnswer(told("Write a date as year, year-month or year-month-day, for example 2019-04."))
    return "-".join(parts)


def _countries(text: str) -> str:
    """Official short names, apart by semicolons: a trial may run in many countries."""
    names = []
    for part in (each.strip() for each in text.split(";")):
        if not part:
            continue
        name = country_named(part)
        if name is None:
            raise WrongAnswer(
                told("“{name}” is not a country of ISO 3166; several are set apart by semicolons.", name=part)
            )
        names.append(name)
    return "; ".join(names)


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """The questions asked of every study, in order."""

    fields: tuple[Field, ...]

    @classmethod
    def from_json(cls, definition: Sequence[Mapping[str, Any]]) -> "FormDefinition":
        """Read what `to_json` wrote; `reading.read_form` is for files from outside."""
        return cls(tuple(field_from_json(each) for each in definition))

    def to_json(self) -> list[dict[str, Any]]:
        """Plain values; what stands at its default is left out."""
        return [field_to_json(field) for field in self.fields]

    def named(self, key: str) -> Field | None:
        return next((field for field in self.fields if field.key == key), None)

    @property
    def sections(self) -> list[tuple[str, list[Field]]]:
        """Sections in order, each with its fields; a section's fields stand together."""
        found: dict[str, list[Field]] = {}
        for field in self.fields:
            found.setdefault(field.section, []).append(field)
        return list(found.items())

    def is_shown(self, field: Field, answers: Mapping[str, Mapping[str, object]]) -> bool:
        """Whether the answers let a question be asked; a hidden one hides those that hang on it."""
        rule = field.show_if
        if rule is None:
            return True
        asked = self.named(rule.field)
        if asked is None or not self.is_shown(asked, answers):
            return False
        value = answers.get(rule.field, {}).get("value")
        given = value if isinstance(value, list) else [value]
        return any(str(each) in rule.values for each in given)

    def missing(self, answers: Mapping[str, Mapping[str, object]]) -> list[Field]:
        """Required fields that are shown and have no answer."""
        return [
            f
            for f in self.fields
            if f.required
            and answers.get(f.key, {}).get("value") in (None, "", [])
            and self.is_shown(f, answers)
        ]


def field_from_json(told: Mapping[str, Any]) -> Field:
    rule = told.get("show_if")
    return Field(
        **{
            **told,
            "kind": FieldKind(told["kind"]),
            "choices": tuple(told.get("choices", ())),
            "columns": tuple(told.get("columns", ())),
            "show_if": ShowIf(rule["field"], tuple(rule["values"])) if rule else None,
        }
    )


def field_to_json(field: Field) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name in Field.__dataclass_fields__:
        value = getattr(field, name)
        if name == "show_if" and field.show_if:
            told[name] = {"field": field.show_if.field, "values": list(field.show_if.values)}
        elif name == "kind" or not (value is None or value is False or value in ("", ())):
            told[name] = list(value) if isinstance(value, tuple) else value
    return told
