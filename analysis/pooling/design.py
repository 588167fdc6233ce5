"""Design matrices from moderators and a formula such as `~ year + factor(allocation)`."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.pooling.arrays import Booleans, Floats
from analysis.pooling.errors import ImpossibleInput
from analysis.pooling.formula import (
    FACTOR,
    POLYNOMIAL,
    RELEVELLED,
    Formula,
    evaluate,
    orthogonal_polynomials,
    parse,
    variables,
)

Level = float | str
Moderator = Sequence[Level | None]
Named = tuple[str, Floats]
MOST_PUNCTUATION = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"


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

    formula: terms joined by `+`, each the name of a moderator, `factor(name)`,
    `relevel(factor(name), "level")`, arithmetic in `I(...)`, `log`, `sqrt`, `exp` or `scale` of it,
    `poly(name, degree)`, or an interaction `a:b` or `a*b`; `0` or `-1` leaves out the intercept. Moderators
    of text are factors. A factor has a column for every level but the first (see `ordered_levels`); it has
    one for the first too where the model does not hold the term without the factor, as in a model without
    intercept.
    moderators: one value for each study; None (or NaN) is missing and leaves the study out.
    Raises ImpossibleInput for a term that is not understood or a moderator that is not there.
    """
    model = parse(formula)
    complete = _complete(model, moderators)
    given = {
        name: [value for value, kept in zip(values, complete, strict=True) if kept and value is not None]
        for name, values in moderators.items()
        if len(values) == len(complete)
    }
    columns: list[Named] = [("intrcpt", np.ones(int(complete.sum())))] if model.intercept else []
    spanned = model.intercept
    for term in model.terms:
        blocks = []
        for i, part in enumerate(term):
            rest = (*term[:i], *term[i + 1 :])
            full = rest not in model.terms if rest else not spanned
            blocks.append(_block(part, given, full=full))
        spanned = spanned or (len(term) == 1 and _is_factor(term[0], given))
        columns += _crossed(blocks)
    if not columns:
        raise ImpossibleInput(f"the formula {formula!r} has no term")
    return Design(
        np.column_stack([column for _, column in columns]), tuple(name for name, _ in columns), complete
    )


def ordered_levels(levels: Iterable[Level]) -> list[Level]:
    """Numbers by size, then texts as a dictionary has them: case counts only where nothing else differs."""
    return sorted(set(levels), key=_in_a_dictionary)


def _in_a_dictionary(level: Level) -> tuple[bool, float, tuple[tuple[int, int, str], ...], str, str]:
    if not isinstance(level, str):
        return False, level, (), "", ""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", level) if not unicodedata.combining(sign))
    letters = tuple(_place(sign) for sign in plain.casefold())
    return True, 0.0, letters, level.casefold(), level.swapcase()


def _place(sign: str) -> tuple[int, int, str]:
    """Spaces come before punctuation, that before digits and these before letters."""
    kind = 0 if sign.isspace() else 2 if sign.isdigit() else 3 if sign.isalpha() else 1
    return kind, MOST_PUNCTUATION.find(sign), sign


def _complete(model: Formula, moderators: Mapping[str, Moderator]) -> Booleans:
    size = len(next(iter(moderators.values()))) if moderators else 0
    complete: Booleans = np.ones(size, dtype=np.bool_)
    for name in [name for term in model.terms for part in term for name in variables(part)]:
        if name not in moderators:
            raise ImpossibleInput(f"there is no moderator {name!r}")
        complete &= np.array([not _absent(value) for value in moderators[name]])
    return complete


def _absent(value: Level | None) -> bool:
    return value is None or value != value


def _is_factor(part: str, moderators: Mapping[str, Sequence[Level]]) -> bool:
    if FACTOR.fullmatch(part) or RELEVELLED.fullmatch(part):
        return True
    return any(isinstance(value, str) for name in variables(part) for value in moderators[name])


def _block(part: str, moderators: Mapping[str, Sequence[Level]], *, full: bool) -> list[Named]:
    """Columns of one part of a term."""
    names = variables(part)
    values = moderators[names[0]]
    if _is_factor(part, moderators):
        levels = _levels_of(part, values)
        return [
            (f"{part}{label(level)}", np.array([value == level for value in values], dtype=np.float64))
            for level in (levels if full else levels[1:])
        ]
    numbers = [np.array(moderators[name], dtype=np.float64) for name in names]
    polynomial = POLYNOMIAL.fullmatch(part)
    if polynomial:
        powers = orthogonal_polynomials(numbers[0], int(polynomial.group(2)))
        return [(f"{part}{i + 1}", column) for i, column in enumerate(powers.T)]
    return [(part, evaluate(part, numbers))]


def _levels_of(part: str, values: Sequence[Level]) -> list[Level]:
    levels = ordered_levels(values)
    relevelled = RELEVELLED.fullmatch(part)
    if not relevelled:
        return levels
    first = [level for level in levels if label(level) == relevelled.group(2)]
    if not first:
        raise ImpossibleInput(f"{relevelled.group(1)} has no level {relevelled.group(2)!r}")
    return [*first, *(level for level in levels if level not in first)]


def label(level: Level | None) -> str:
    """A level as text; whole numbers without a decimal point."""
    return f"{level:g}" if isinstance(level, int | float) else str(level)


def _crossed(blocks: list[list[Named]]) -> list[Named]:
    crossed = blocks[0]
    for block in blocks[1:]:
        crossed = [(f"{first}:{second}", one * other) for second, other in block for first, one in crossed]
    return crossed
