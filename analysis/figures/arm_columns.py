"""The columns before a forest plot: what was measured in each group, under the group's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from ..estimate.measures import Measure, Needs, measure_of
from ..estimate.rows import ArmNumbers, DatasetRow
from .model import ColumnGroup

ARMS = ("experimental", "comparator")
UNNAMED = ("Experimental", "Comparator")
LONGEST_NAME = 28
# What of an arm is printed, under which heading, and whether a total of it makes sense.
FIELDS: dict[Needs, tuple[tuple[str, str, bool], ...]] = {
    Needs.EVENTS: (("events", "Events", True), ("n", "Total", True)),
    Needs.MEANS: (("mean", "Mean", False), ("sd", "SD", False), ("n", "Total", True)),
    Needs.RATES: (("events", "Events", True), ("person_time", "Time at risk", True)),
}


@dataclass(frozen=True)
class ArmColumns:
    """Headings, the groups over them, and how each study and a total of studies fill them."""

    measure: Measure
    headings: tuple[str, ...]
    groups: tuple[ColumnGroup, ...]
    rows: Mapping[str, DatasetRow]

    def cells(self, study: Mapping[str, Any]) -> tuple[str, ...]:
        """The cells of one study as a run keeps it."""
        if self.measure.needs is Needs.ESTIMATE:
            return f"{study['effect']:.3f}", f"{sqrt(study['variance']):.3f}"
        row = self.rows[study["key"]]
        arms = [getattr(row, arm) for arm in ARMS[: self.measure.arms]]
        return tuple(_said(arm, name) for arm in arms for name, _, _ in FIELDS[self.measure.needs])

    def totals(self, studies: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
        """Sums of what can be summed, empty cells for the rest."""
        if self.measure.needs is Needs.ESTIMATE:
            return "", ""
        rows = [self.rows[study["key"]] for study in studies]
        return tuple(
            _sum([getattr(getattr(row, arm), name, None) for row in rows]) if can_sum else ""
            for arm in ARMS[: self.measure.arms]
            for name, _, can_sum in FIELDS[self.measure.needs]
        )


def arm_columns(code: str, rows: Sequence[DatasetRow]) -> ArmColumns:
    """The columns that suit a measure. rows: all rows of the run, found again by their keys."""
    measure = measure_of(code)
    by_key = {row.key: row for row in rows}
    if measure.needs is Needs.ESTIMATE:
        name = measure.reported_as or measure.label
        heading = f"log {name}" if measure.is_ratio else name
        return ArmColumns(measure, (heading, "SE"), (), by_key)
    names = [heading for _, heading, _ in FIELDS[measure.needs]]
    if measure.arms == 1:
        return ArmColumns(measure, tuple(names), (), by_key)
    width = len(names)
    groups = tuple(
        ColumnGroup(name, at * width, (at + 1) * width - 1) for at, name in enumerate(arm_names(rows))
    )
    return ArmColumns(measure, tuple(names * 2), groups, by_key)


def arm_names(rows: Sequence[DatasetRow]) -> tuple[str, str]:
    """The groups' own names where all studies agree on one that is short, else what they are."""
    told = []
    for arm, unnamed in zip(ARMS, UNNAMED, strict=True):
        labels = {part.label for row in rows if (part := getattr(row, arm)) is not None and part.label}
        only = labels.pop() if len(labels) == 1 else unnamed
        told.append(only if len(only) <= LONGEST_NAME else unnamed)
    return told[0], told[1]


def _said(arm: ArmNumbers | None, name: str) -> str:
    value = getattr(arm, name, None)
    return "" if value is None else _number(value)


def _sum(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return _number(sum(known)) if len(known) == len(values) else ""


def _number(value: float) -> str:
    """A count without decimals, a share of one or a measurement with as many as it needs."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.4g}"


def favours(direction: str, names: tuple[str, str]) -> tuple[str, str]:
    """What lies left and right of no effect. direction: "higher" or "lower" is better, or neither."""
    treated, compared = (name.lower() if name in UNNAMED else name for name in names)
    if direction == "higher":
        return f"Favours {compared}", f"Favours {treated}"
    if direction == "lower":
        return f"Favours {treated}", f"Favours {compared}"
    return f"Lower with {treated}", f"Higher with {treated}"
