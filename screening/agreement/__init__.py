"""How far people who judged the same things agree: pure arithmetic, from counts to coefficients."""

from .coefficients import Agreement, Coefficient, NothingToCompare
from .many_raters import MISSING, agreement_of_many
from .two_raters import agreement_of_two, cohen_kappa, pabak

__all__ = [
    "MISSING",
    "Agreement",
    "Coefficient",
    "NothingToCompare",
    "agreement_of_many",
    "agreement_of_two",
    "cohen_kappa",
    "pabak",
]
