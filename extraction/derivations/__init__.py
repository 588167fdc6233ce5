"""Values that a report does not print but that follow from what it prints.

A derived value keeps its method, formula, source and inputs, so that anybody can do the sum again.
"""

from collections.abc import Mapping, Sequence

from .arm_results import ARM_DERIVATIONS
from .base import Derivation, Derived, Numbers, Parameter, derive
from .contrasts import CONTRAST_DERIVATIONS
from .groups import GROUP_DERIVATIONS

BY_KEY: Mapping[str, Derivation] = {
    each.key: each for each in (*ARM_DERIVATIONS, *GROUP_DERIVATIONS, *CONTRAST_DERIVATIONS)
}


def fitting(kind: str, values: Numbers, derived: Sequence[str] = ()) -> list[Derivation]:
    """Derivations of a kind of row ("arm" or "contrast") whose inputs are there and that would fill a gap.

    values: the columns of the row that hold a number. derived: the columns that are derived already.
    """
    return [
        each
        for each in BY_KEY.values()
        if each.kind == kind
        and all(name in values and name not in derived for name in each.needs)
        and any(name not in values or name in derived for name in each.gives)
    ]


__all__ = ["BY_KEY", "Derivation", "Derived", "Numbers", "Parameter", "derive", "fitting"]
