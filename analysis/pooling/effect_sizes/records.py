"""What an effect-size function gives back, and the zero-cell rules they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.pooling.arrays import Booleans, Floats, Integers, same_length
from analysis.pooling.errors import ImpossibleInput

# What is added to the counts of a study with a zero cell, unless the analyst says otherwise.
USUAL_ADD = 0.5

NOT_REPORTED = "a number it needs is not reported"
NO_EVENTS = "no events, or only events, in both groups: such a study says nothing of a ratio"
TOO_SMALL = "a group is too small for this effect to have a variance"
OTHER_SIGNS = "a ratio needs two means of the same sign, neither of them zero"
NO_PERSONS = "a group has no persons"
NOT_ESTIMABLE = (
    "no finite effect with a variance above zero on this scale; a continuity correction may give one"
)


class AddTo(StrEnum):
    """Which studies get the continuity correction: all, those with a zero cell, all once any has one, or
    none.
    """

    ALL = "all"
    ONLY0 = "only0"
    IF0ALL = "if0all"
    NONE = "none"


@dataclass(frozen=True)
class LeftOut:
    """A study without an effect size. `study` is its position in the input, counted from 0."""

    study: int
    reason: str


@dataclass(frozen=True)
class EffectSizes:
    """Effects and variances of the studies that have one, on the analysis scale of `measure`.

    effects, variances, corrected, studies: shape (k,). `corrected` marks studies whose counts got the
    continuity correction; `studies` gives each one's position in the input; `left_out` names the others, with
    the reason.
    """

    effects: Floats
    variances: Floats
    measure: str
    corrected: Booleans
    studies: Integers
    left_out: tuple[LeftOut, ...] = ()


def to_correct(has_zero: Booleans, to: str, add: float) -> Booleans:
    """The studies to whose counts `add` is added under the rule `to`."""
    try:
        rule = AddTo(to)
    except ValueError:
        known = ", ".join(AddTo)
        raise ImpossibleInput(f"the rule for zero cells must be one of {known}, not {to!r}") from None
    if add == 0:
        return np.zeros_like(has_zero)
    everywhere = rule is AddTo.ALL or (rule is AddTo.IF0ALL and bool(has_zero.any()))
    if everywhere:
        return np.ones_like(has_zero)
    return has_zero if rule is AddTo.ONLY0 else np.zeros_like(has_zero)


def missing_studies(**columns: Floats) -> Booleans:
    """Studies for which any of the columns holds no number."""
    same_length(**columns)
    absent: Booleans = np.zeros(len(next(iter(columns.values()))), dtype=np.bool_)
    for column in columns.values():
        absent = absent | np.isnan(column)
    return absent


def assembled(
    effects: Floats,
    variances: Floats,
    measure: str,
    *,
    missing: Booleans,
    corrected: Booleans | None = None,
    without: Sequence[tuple[Booleans, str]] = (),
) -> EffectSizes:
    """The effect sizes of all studies that have one, with the reason for each that has none.

    without: studies to leave out for a reason of their own, though the formula may give them a number.
    """
    none = np.zeros_like(missing)
    kept = np.isfinite(effects) & np.isfinite(variances) & (variances > 0) & ~missing
    reasons = np.full(len(missing), NOT_ESTIMABLE, dtype=object)
    for unusable, reason in reversed(without):
        kept &= ~unusable
        reasons[unusable] = reason
    reasons[missing] = NOT_REPORTED
    return EffectSizes(
        effects=effects[kept],
        variances=variances[kept],
        measure=measure,
        corrected=(none if corrected is None else corrected)[kept],
        studies=np.flatnonzero(kept),
        left_out=tuple(LeftOut(int(study), str(reasons[study])) for study in np.flatnonzero(~kept)),
    )
