"""The fields of an extraction form and what counts as an answer to each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"


YES_NO = ("Yes", "No", "Unclear", "Not reported")


class WrongAnswer(ValueError):
    """The answer does not fit its field; the text says how to mend it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `low` and `high` bound a number; `choices` are offered for a choice."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    help: str = ""
    required: bool = False
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    section: str = ""

    @property
    def offered(self) -> tuple[str, ...]:
        return YES_NO if self.kind is FieldKind.YES_NO else self.choices

    def checked(self, answer: object) -> str | float | None:
        """The answer as it is stored: text, number, or None where nothing was said. Raises WrongAnswer."""
        text = str(answer if answer is not None else "").strip()
        if not text:
            return None
        if self.kind is FieldKind.NUMBER:
            return self._number(text)
        if self.offered and text not in self.offered:
            raise WrongAnswer(f"Choose one of: {', '.join(self.offered)}.")
        return text

    def _number(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise WrongAnswer(f"“{text}” is not a number; write words into a note.") from None
        if self.low is not None and value < self.low:
            raise WrongAnswer(f"At least {self.low:g} is possible here.")
        if self.high is not None and value > self.high:
            raise WrongAnswer(f"At most {self.high:g} is possible here.")
        return int(value) if value.is_integer() else value


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """The questions asked of every study, in order."""

    fields: tuple[Field, ...]

    @classmethod
    def from_json(cls, definition: Sequence[Mapping[str, Any]]) -> "FormDefinition":
        """Read what `to_json` wrote."""
        return cls(
            tuple(
                Field(**{**each, "kind": FieldKind(each["kind"]), "choices": tuple(each.get("choices", ()))})
                for each in definition
            )
        )

    def to_json(self) -> list[dict[str, Any]]:
        """Plain values; what stands at its default is left out."""
        return [
            {
                name: list(value) if isinstance(value, tuple) else value
                for name in Field.__dataclass_fields__
                if (value := getattr(field, name)) not in ("", None, (), False) or name == "kind"
            }
            for field in self.fields
        ]

    def missing(self, answers: Mapping[str, Mapping[str, object]]) -> list[Field]:
        """Required fields without an answer."""
        return [f for f in self.fields if f.required and answers.get(f.key, {}).get("value") in (None, "")]
