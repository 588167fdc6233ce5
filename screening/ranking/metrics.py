"""How good an order was, once everything is known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .errors import RankingRefused


@dataclass(frozen=True)
class OrderQuality:
    """Quality of one order of n citations, of which `relevant` are relevant; starting citations left out.

    wss95: work saved over sampling at 95% recall: 1 - n95/n - 0.05, n95 = read until 95% were found
           (Cohen et al. 2006, doi:10.1197/jamia.M1929).
    recall10, recall20: share of the relevant found after 10% and 20% of n.
    atd: mean rank of the relevant / n (average time to discovery), 0 to 1.
    """

    n: int
    relevant: int
    wss95: float
    recall10: float
    recall20: float
    atd: float


def order_quality(relevant_in_order: Sequence[bool]) -> OrderQuality:
    """Judge an order by which of its citations were relevant, first to last.

    Raises RankingRefused when none is.
    """
    labels = np.asarray(relevant_in_order, dtype=bool)
    n, found = len(labels), np.flatnonzero(labels) + 1
    if not len(found):
        raise RankingRefused("No citation but the starting ones is relevant, so there is nothing to find.")
    n95 = int(found[math.ceil(0.95 * len(found)) - 1])

    def recall_after(share: float) -> float:
        return float(np.count_nonzero(found <= round(share * n)) / len(found))

    return OrderQuality(
        n=n,
        relevant=len(found),
        wss95=1 - n95 / n - 0.05,
        recall10=recall_after(0.10),
        recall20=recall_after(0.20),
        atd=float(found.mean() / n),
    )
