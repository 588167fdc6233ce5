"""The columns of result rows: their names on pages, and which of them an outcome of a kind is reported by."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from ..models import ArmResult, Contrast, Outcome
from ..schema import number_from
from .typed import refuse_two_readings


@dataclass(frozen=True)
class Column:
    """One number of a result row."""

    name: str
    label: str
    is_whole: bool = False


COLUMNS: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column("events", gettext_lazy("Events"), is_whole=True),
        Column("n", "N", is_whole=True),
        Column("percent", "%"),
        Column("mean", gettext_lazy("Mean")),
        Column("sd", gettext_lazy("SD")),
        Column("se", gettext_lazy("SE")),
        Column("median", gettext_lazy("Median")),
        Column("q1", "Q1"),
        Column("q3", "Q3"),
        Column("minimum", gettext_lazy("Min")),
        Column("maximum", gettext_lazy("Max")),
        Column("person_time", gettext_lazy("Person-time")),
        Column("estimate", gettext_lazy("Estimate")),
        Column("ci_low", gettext_lazy("Lower")),
        Column("ci_high", gettext_lazy("Upper")),
        Column("ci_level", gettext_lazy("Level")),
        Column("p_value", "p"),
    )
}
QUANTILES = ("median", "q1", "q3", "minimum", "maximum")
# The columns nearly every paper prints, then those shown on request or where they hold a number.
BY_KIND: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Outcome.Kind.DICHOTOMOUS: (("events", "n"), ("percent",)),
    Outcome.Kind.CONTINUOUS: (("mean", "sd", "n"), ("se", "ci_low", "ci_high", *QUANTILES)),
    Outcome.Kind.RATE: (("events", "person_time"), ("n",)),
    Outcome.Kind.TIME_TO_EVENT: (
        ("events", "n"),
        ("percent", "median", "estimate", "ci_low", "ci_high", "person_time"),
    ),
    Outcome.Kind.ESTIMATE: (("estimate", "ci_low", "ci_high"), ("n", "events", "percent", "se", "ci_level")),
}
OF_CONTRAST = (("estimate", "ci_low", "ci_high", "p_value"), ("se", "ci_level"))
ARM_RESULT_COLUMNS = tuple(COLUMNS)
CONTRAST_COLUMNS = ("estimate", "ci_low", "ci_high", "ci_level", "se", "p_value")


def columns_of(row: ArmResult | Contrast) -> tuple[str, ...]:
    return ARM_RESULT_COLUMNS if isinstance(row, ArmResult) else CONTRAST_COLUMNS


def text_of(value: object) -> str:
    """A stored value as it stands in a cell."""
    if value is None:
        return ""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def number_in(column: str, text: str) -> float | int | None:
    """A typed number for a column; None where the cell is empty. Raises NotANumber or ValueError in words."""
    if not text.strip():
        return None
    value = number_from(text)
    if not COLUMNS[column].is_whole:
        refuse_two_readings(text)
        return value
    if not value.is_integer():
        raise ValueError(
            gettext("%(column)s is a whole number, not %(value)s")
            % {"column": COLUMNS[column].label, "value": f"{value:g}"}
        )
    return int(value)


def numbers_of(row: ArmResult | Contrast) -> dict[str, float]:
    """The columns of a row that hold a number. The level is always there and says nothing alone."""
    values = {name: getattr(row, name) for name in columns_of(row) if name != "ci_level"}
    found = {name: value for name, value in values.items() if value is not None}
    return {**found, "ci_level": row.ci_level} if "ci_low" in found or "ci_high" in found else found
