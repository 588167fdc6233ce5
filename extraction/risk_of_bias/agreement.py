"""Agreement of two people on ordered judgements: pure, from a square table of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class WeightedAgreement:
    """Two raters over n items. `kappa` and limits are None when chance alone explains everything.

    raw: share of items judged alike. kappa weighs a difference by how many steps it is.
    """

    n: int
    raw: float
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None

    @property
    def raw_percent(self) -> float:
        return 100 * self.raw


def weighted_kappa(table: Sequence[Sequence[int]], *, power: int = 1) -> WeightedAgreement:
    """Weighted kappa with its large-sample 95% interval.

    table: square, the categories in their order; table[i][j] counts the items put in i by the first and in j
    by the second. power: 1 for weights linear in the distance, 2 for squared. Raises ValueError for an empty
    table.
    Source: Cohen 1968, Psychol Bull 70:213; the standard error is of Fleiss, Cohen and Everitt 1969, Psychol
    Bull 72:323, equation 12.
    """
    n = sum(map(sum, table))
    if n == 0:
        raise ValueError("No item was judged by both people.")
    size = range(len(table))
    furthest = max(1, len(table) - 1)
    weight = [[1 - (abs(i - j) / furthest) ** power for j in size] for i in size]
    share = [[table[i][j] / n for j in size] for i in size]
    rows = [sum(share[i]) for i in size]
    columns = [sum(share[i][j] for i in size) for j in size]
    raw = sum(share[i][i] for i in size)
    observed = sum(weight[i][j] * share[i][j] for i in size for j in size)
    expected = sum(weight[i][j] * rows[i] * columns[j] for i in size for j in size)
    if expected == 1:
        return WeightedAgreement(n, raw, None, None, None)
    kappa = (observed - expected) / (1 - expected)
    of_row = [sum(columns[j] * weight[i][j] for j in size) for i in size]
    of_column = [sum(rows[i] * weight[i][j] for i in size) for j in size]
    spread = sum(
        share[i][j] * (weight[i][j] - (of_row[i] + of_column[j]) * (1 - kappa)) ** 2
        for i in size
        for j in size
    )
    spread -= (kappa - expected * (1 - kappa)) ** 2
    half = Z_95 * sqrt(max(0.0, spread) / n) / (1 - expected)
    return WeightedAgreement(n, raw, kappa, max(-1.0, kappa - half), min(1.0, kappa + half))
