"""A pooled result as printed: numbers that know how far they were rounded."""

import re
from dataclasses import dataclass
from enum import StrEnum

NUMBER = re.compile(r"([<>\u2264\u2265=]*)\s*([+\-\u2212]?\d*[.,\u00b7]?\d+(?:[eE][+-]?\d+)?)\s*%?")


class AuditProblem(ValueError):
    """A table or a number that cannot be read; the text names the line and the field."""


class Scale(StrEnum):
    """What a result measures, which decides the scales it may have been pooled on."""

    PERCENT = "percent"
    PROPORTION = "proportion"
    RATIO = "ratio"
    DIFFERENCE = "difference"
    CORRELATION = "correlation"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Number:
    """A printed number: the true one lies within `half` of `value`. sign: "<" or ">" where a bound was
    printed.
    """

    value: float
    half: float = 0.0
    sign: str = ""
    text: str = ""

    @property
    def low(self) -> float:
        return self.value - self.half

    @property
    def high(self) -> float:
        return self.value + self.half

    def __str__(self) -> str:
        return self.text or f"{self.value:g}"


def number(text: str) -> Number | None:
    """The number that a cell holds, None for an empty one. Raises AuditProblem for a cell that is none."""
    cell = text.strip()
    if cell.casefold() in ("", "na", "nr", "-", "\u2013", "not reported", "n/a"):
        return None
    match = NUMBER.fullmatch(cell)
    if match is None:
        raise AuditProblem(f"{cell!r} is not a number")
    sign, digits = match.group(1), re.sub("[,\u00b7]", ".", match.group(2).replace("\u2212", "-"))
    mantissa, _, exponent = digits.lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    half = 0.5 * 10.0**-decimals
    return Number(
        float(digits), half, "<" if "<" in sign or "\u2264" in sign else ">" if sign.strip("=") else "", cell
    )


@dataclass(frozen=True)
class Limits:
    """Both ends of an interval."""

    low: Number
    high: Number

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"


@dataclass(frozen=True)
class Printed:
    """One printed pooled result.

    i2: percent. p: of the test for heterogeneity. studies, persons: k and N of the analysis. level: of both
    intervals. line: where it stands in its table, for messages.
    """

    outcome: str
    estimate: Number
    ci: Limits | None = None
    prediction: Limits | None = None
    i2: Number | None = None
    p: Number | None = None
    studies: int | None = None
    persons: int | None = None
    scale: Scale = Scale.UNKNOWN
    timepoint: str = ""
    level: float = 0.95
    line: int = 0

    @property
    def name(self) -> str:
        return f"{self.outcome}, {self.timepoint}" if self.timepoint else self.outcome
