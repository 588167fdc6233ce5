"""Design matrices from moderators and a formula such as `~ year + factor(allocation)`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.pooling.arrays import Booleans, Floats
from analysis.pooling.errors import ImpossibleInput

Moderator = Sequence[float | str | None]
FACTOR = re.compile(r"factor\((\w[\w.]*)\)")
POWER = re.compile(r"I\((\w[\w.]*)\s*\^\s*(\d+)\)")
NAME = re.compile(r"\w[\w.]*")


@dataclass(frozen=True)
class Design:
    """Columns of a model: matrix of shape (k, p) for the studies that have all moderators, and their names.

    complete: shape (all studies,), which of them have all moderators.
    """

    matrix: Floats
    names: tuple[str, ...]
    complete: Booleans


def design_from(formula: str, moderators: Mapping[str, Moderator]) -> Design:
    """The design that an R-like formula describes.

    formula: terms joined by `+`, each the name of a moderator, `factor(name)`, `I(name^2)`, or an interaction
    `a:b` or `a*b`; `0` or `-1` leaves out the intercept. Moderators of text are factors. A factor has a
    column for every level but the first in sorted order, and for the first too when it is the first factor of
    a model without intercept.
    moderators: one value for each study; None (or NaN) is missing and leaves the study out.
    Raises ImpossibleInput for a term that is not understood or a moderator that is not there.
    """
    terms = _terms(formula)
    complete = _complete(terms, moderators)
    intercept = "0" not in terms and "-1" not in terms
    names, columns = (["intrcpt"], [np.ones(int(complete.sum()))]) if intercept else ([], [])
    full = not intercept
    for term in terms:
        if term in ("0", "1", "-1"):
            continue
        blocks = [_block(part, moderators, complete, full=full) for part in term.split(":")]
        full = full and not any(_is_factor(part, moderators) for part in term.split(":"))
        for name, column in _crossed(blocks):
            names.append(name)
            columns.append(column)
    if not columns:
        raise ImpossibleInput(f"the formula {formula!r} has no term")
    return Design(np.column_stack(columns), tuple(names), complete)


def _terms(formula: str) -> list[str]:
    text = formula.replace("~", "", 1).replace(" ", "").replace("-1", "+-1").lstrip("+")
    terms: list[str] = []
    for term in text.split("+"):
        parts = term.split("*")
        expanded = [*parts, ":".join(parts)] if len(parts) > 1 else parts
        terms += [piece for piece in expanded if piece not in terms]
    return terms


def _named(part: str) -> str:
    for pattern in (FACTOR, POWER):
        match = pattern.fullmatch(part)
        if match:
            return match.group(1)
    if NAME.fullmatch(part):
        return part
    raise ImpossibleInput(f"the term {part!r} of the formula is not understood")


def _values(name: str, moderators: Mapping[str, Moderator]) -> Moderator:
    if name not in moderators:
        raise ImpossibleInput(f"there is no moderator {name!r}")
    return moderators[name]


def _complete(terms: list[str], moderators: Mapping[str, Moderator]) -> Booleans:
    names = [_named(part) for term in terms if term not in ("0", "1", "-1") for part in term.split(":")]
    size = len(next(iter(moderators.values()))) if moderators else 0
    complete: Booleans = np.ones(size, dtype=np.bool_)
    for name in names:
        complete &= np.array([not _absent(value) for value in _values(name, moderators)])
    return complete


def _absent(value: float | str | None) -> bool:
    return value is None or value != value


def _is_factor(part: str, moderators: Mapping[str, Moderator]) -> bool:
    if FACTOR.fullmatch(part):
        return True
    return any(isinstance(value, str) for value in _values(_named(part), moderators))


def _block(
    part: str, moderators: Mapping[str, Moderator], complete: Booleans, *, full: bool
) -> list[tuple[str, Floats]]:
    """Columns of one part of a term."""
    values = [value for value, kept in zip(_values(_named(part), moderators), complete, strict=True) if kept]
    if _is_factor(part, moderators):
        levels = sorted(set(values), key=lambda level: (isinstance(level, str), level))
        chosen = levels if full else levels[1:]
        return [
            (f"{part}{label(level)}", np.array([value == level for value in values], dtype=np.float64))
            for level in chosen
        ]
    numbers = np.array(values, dtype=np.float64)
    power = POWER.fullmatch(part)
    return [(part, numbers ** int(power.group(2)) if power else numbers)]


def label(level: float | str | None) -> str:
    """A level as text; whole numbers without a decimal point."""
    return f"{level:g}" if isinstance(level, int | float) else str(level)


def _crossed(blocks: list[list[tuple[str, Floats]]]) -> list[tuple[str, Floats]]:
    crossed = blocks[0]
    for block in blocks[1:]:
        crossed = [(f"{first}:{second}", one * other) for second, other in block for first, one in crossed]
    return crossed
