"""What an effect-size function gives back, and the zero-cell rules they share."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.pooling.arrays import Booleans, Floats, Integers
from analysis.pooling.errors import ImpossibleInput


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


def to_correct(has_zero: Booleans, to: str) -> Booleans:
    """The studies whose counts get the continuity correction under the rule `to`."""
    try:
        rule = AddTo(to)
    except ValueError:
        known = ", ".join(AddTo)
        raise ImpossibleInput(f"the rule for zero cells must be one of {known}, not {to!r}") from None
    everywhere = rule is AddTo.ALL or (rule is AddTo.IF0ALL and bool(has_zero.any()))
    if everywhere:
        return np.ones_like(has_zero)
    return has_zero if rule is AddTo.ONLY0 else np.zeros_like(has_zero)


def with_reasons(
    effects: Floats, variances: Floats, measure: str, corrected: Booleans, reasons: dict[int, str]
) -> EffectSizes:
    """The effect sizes of all studies but those in `reasons`, which are left out for the reason given."""
    kept = np.array([study for study in range(len(effects)) if study not in reasons], dtype=np.int64)
    return EffectSizes(
        effects=effects[kept],
        variances=variances[kept],
        measure=measure,
        corrected=corrected[kept],
        studies=kept,
        left_out=tuple(LeftOut(study, reason) for study, reason in sorted(reasons.items())),
    )
