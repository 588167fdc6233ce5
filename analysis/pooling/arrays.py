"""The array types of this package, and the checks that every caller's numbers pass first."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.pooling.errors import ImpossibleInput, TooFewStudies

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


def one_dimensional(values: ArrayLike, name: str) -> Floats:
    """The values as a float64 array of shape (k,); a scalar becomes an array of length 1, None becomes NaN.

    Raises ImpossibleInput for text and for a table.
    """
    try:
        array = np.atleast_1d(np.asarray(values, dtype=np.float64))
    except (ValueError, TypeError):
        raise ImpossibleInput(f"{name} must be numbers, one for each study") from None
    if array.ndim != 1:
        raise ImpossibleInput(f"{name} must be one number for each study, not a table")
    return array


def same_length(**columns: Floats) -> None:
    """Refuse columns of different length: they cannot belong to the same studies."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        described = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ImpossibleInput(f"give one number for each study in every column ({described})")


def refuse(wrong: Booleans, problem: str) -> None:
    """Raise ImpossibleInput naming the studies at which `wrong` is true, if there are any."""
    if wrong.any():
        raise ImpossibleInput(problem, np.flatnonzero(wrong).tolist())


def checked_studies(effects: ArrayLike, variances: ArrayLike) -> tuple[Floats, Floats]:
    """Effects and variances of one meta-analysis, shape (k,), all finite, variances above zero.

    Raises TooFewStudies when there is none, ImpossibleInput when a study's numbers cannot be used.
    """
    checked_effects = one_dimensional(effects, "effects")
    checked_variances = one_dimensional(variances, "variances")
    same_length(effects=checked_effects, variances=checked_variances)
    if len(checked_effects) == 0:
        raise TooFewStudies("There is no study to pool.")
    usable = np.isfinite(checked_effects) & np.isfinite(checked_variances) & (checked_variances > 0)
    if not usable.all():
        _explain_unusable(checked_effects, checked_variances)
    return checked_effects, checked_variances


def _explain_unusable(effects: Floats, variances: Floats) -> None:
    refuse(~np.isfinite(effects), "the effect is missing or infinite; leave the study out or correct it")
    refuse(~np.isfinite(variances), "the variance is missing or infinite; leave the study out or correct it")
    refuse(variances <= 0, "the variance must be above zero; a zero would give the study all the weight")
