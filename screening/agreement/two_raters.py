"""Agreement of two people over the same items: from a square table of counts to five coefficients."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
from scipy import stats

from .coefficients import Agreement, Coefficient, NothingToCompare
from .many_raters import Floats, gwet_ac1, krippendorff_alpha

Z_95 = float(stats.norm.ppf(0.975))
Table = Sequence[Sequence[int]]


def agreement_of_two(table: Table) -> Agreement:
    """All five coefficients of two raters.

    table: square, table[i][j] counts the items put in category i by the first and in j by the second.
    Raises NothingToCompare when the table is empty of items.
    """
    n = sum(map(sum, table))
    if n == 0:
        raise NothingToCompare("No item was judged by both people yet.")
    categories = len(table)
    agreed = sum(table[i][i] for i in range(categories))
    counts = _ratings_by_item(table)
    return Agreement(
        n=n,
        raters=2,
        raw=wilson(agreed, n),
        kappa=cohen_kappa(table),
        pabak=pabak(agreed, n, categories),
        ac1=gwet_ac1(counts),
        alpha=krippendorff_alpha(counts),
    )


def cohen_kappa(table: Table) -> Coefficient:
    """Cohen's kappa with its large-sample 95% interval; not defined when both used one category only.

    Source: Cohen 1960, Educ Psychol Meas 20:37; the standard error is equation 13 of Fleiss, Cohen and
    Everitt 1969, Psychol Bull 72:323.
    """
    n = sum(map(sum, table))
    size = range(len(table))
    share = [[table[i][j] / n for j in size] for i in size]
    rows = [sum(share[i]) for i in size]
    columns = [sum(share[i][j] for i in size) for j in size]
    observed = sum(share[i][i] for i in size)
    expected = sum(rows[i] * columns[i] for i in size)
    if expected == 1:
        return Coefficient.undefined()
    kappa = (observed - expected) / (1 - expected)
    diagonal = sum(share[i][i] * (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 for i in size)
    off = sum(share[i][j] * (columns[i] + rows[j]) ** 2 for i in size for j in size if i != j)
    spread = diagonal + (1 - kappa) ** 2 * off - (kappa - expected * (1 - kappa)) ** 2
    return Coefficient.around(kappa, sqrt(max(0.0, spread) / n) / (1 - expected), Z_95)


def wilson(agreed: int, n: int) -> Coefficient:
    """The share agreed on, with the score interval, which keeps its width also when all agree.

    Source: Wilson 1927, J Am Stat Assoc 22:209.
    """
    share = agreed / n
    middle = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    half = Z_95 / (1 + Z_95**2 / n) * sqrt(share * (1 - share) / n + Z_95**2 / (4 * n * n))
    return Coefficient(share, max(0.0, middle - half), min(1.0, middle + half), sqrt(share * (1 - share) / n))


def pabak(agreed: int, n: int, categories: int) -> Coefficient:
    """Kappa as it would be with even prevalence and no bias; the interval is that of the raw agreement.

    Source: Byrt, Bishop and Carlin 1993, J Clin Epidemiol 46:423: (k * observed - 1) / (k - 1).
    """
    raw = wilson(agreed, n)
    if raw.value is None or raw.low is None or raw.high is None or raw.error is None:
        return Coefficient.undefined()

    def adjusted(share: float) -> float:
        return (categories * share - 1) / (categories - 1)

    return Coefficient(
        adjusted(raw.value),
        adjusted(raw.low),
        adjusted(raw.high),
        raw.error * categories / (categories - 1),
    )


def _ratings_by_item(table: Table) -> Floats:
    """For each item how many of the two put it in each category, as the general formulas want it."""
    categories = len(table)
    identity = np.eye(categories)
    rows = [
        np.repeat((identity[i] + identity[j])[None, :], table[i][j], axis=0)
        for i in range(categories)
        for j in range(categories)
    ]
    return np.concatenate(rows)
