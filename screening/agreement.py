"""Agreement between two people who judged the same things: pure, from a square table of counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two raters over n items. `kappa` and its limits are None when chance alone explains everything."""

    n: int
    observed: float
    expected: float
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None
    pabak: float


class NothingToCompare(ValueError):
    """No item was judged by both."""


def cohen_kappa(table: Sequence[Sequence[int]]) -> Agreement:
    """Cohen's kappa with its large-sample 95% interval, raw agreement and PABAK.

    table: square, table[i][j] counts the items put in category i by the first and j by the second.
    Raises NothingToCompare when the table is empty of items.
    Source: Cohen 1960, Educ Psychol Meas 20:37; the standard error is equation 13 of Fleiss, Cohen and
    Everitt 1969, Psychol Bull 72:323; PABAK (k categories) is Byrt, Bishop and Carlin 1993, J Clin
    Epidemiol 46:423, (k * observed - 1) / (k - 1).
    """
    n = sum(map(sum, table))
    if n == 0:
        raise NothingToCompare("No item was judged by both people yet.")
    size = range(len(table))
    share = [[table[i][j] / n for j in size] for i in size]
    rows = [sum(share[i]) for i in size]
    columns = [sum(share[i][j] for i in size) for j in size]
    observed = sum(share[i][i] for i in size)
    expected = sum(rows[i] * columns[i] for i in size)
    pabak = (len(table) * observed - 1) / (len(table) - 1)
    if expected == 1:
        return Agreement(n, observed, expected, None, None, None, pabak)
    kappa = (observed - expected) / (1 - expected)
    diagonal = sum(share[i][i] * (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 for i in size)
    off = sum(share[i][j] * (columns[i] + rows[j]) ** 2 for i in size for j in size if i != j)
    spread = diagonal + (1 - kappa) ** 2 * off - (kappa - expected * (1 - kappa)) ** 2
    half = Z_95 * sqrt(max(0.0, spread) / n) / (1 - expected)
    return Agreement(n, observed, expected, kappa, max(-1.0, kappa - half), min(1.0, kappa + half), pabak)
