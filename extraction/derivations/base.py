"""What a derivation is, and how one is carried out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..told import told
from .conversions import ConversionError

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Parameter:
    """Asked for besides the columns of the row: a number, pairs as text, or one of a few choices."""

    name: str
    label: str
    kind: str = "number"
    default: str = ""
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Derivation:
    """One method: the columns it starts from and those it fills, with its formula and published source."""

    key: str
    title: str
    kind: str
    needs: tuple[str, ...]
    gives: tuple[str, ...]
    formula: str
    source: str
    compute: Callable[[Mapping[str, Any]], Mapping[str, float]]
    parameters: tuple[Parameter, ...] = ()
    assumes: str = ""


@dataclass(frozen=True)
class Derived:
    """What a derivation gave, with everything needed to do it again."""

    method: str
    title: str
    formula: str
    source: str
    inputs: Mapping[str, Any]
    values: Mapping[str, float] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """What is kept beside each derived value."""
        return {
            "method": self.method,
            "title": self.title,
            "formula": self.formula,
            "source": self.source,
            "inputs": dict(self.inputs),
        }


def derive(derivation: Derivation, values: Numbers, parameters: Mapping[str, str]) -> Derived:
    """Carry a derivation out on a row's values. Raises ConversionError in words for the person."""
    missing = [name for name in derivation.needs if name not in values]
    if missing:
        raise ConversionError(told("it needs {columns}", columns=", ".join(missing)))
    given: dict[str, Any] = {name: values[name] for name in derivation.needs}
    if "ci_low" in derivation.needs:
        given["ci_level"] = values.get("ci_level", 95.0)
    for parameter in derivation.parameters:
        given[parameter.name] = _parameter(parameter, parameters.get(parameter.name, "").strip())
    inputs = {name: value for name, value in given.items() if value is not None}
    found = derivation.compute(given)
    return Derived(
        derivation.key, derivation.title, derivation.formula, derivation.source, inputs, dict(found)
    )


def _parameter(parameter: Parameter, text: str) -> str | float | None:
    if not text:
        if parameter.optional:
            return None
        raise ConversionError(told("“{parameter}” is missing", parameter=parameter.label))
    if parameter.kind != "number":
        return text
    try:
        return float(text)
    except ValueError:
        raise ConversionError(
            told("“{parameter}”: “{text}” is not a number", parameter=parameter.label, text=text)
        ) from None
