"""Rules that hold I2, its p value and the number of studies against each other.

Q = (k - 1) / (1 - I2), and p is the chance that a chi-square on k - 1 degrees of freedom exceeds it (Higgins
& Thompson 2002, Stat Med 21:1539). An I2 that was computed from tau2 by REML differs from that, so findings
say so.
"""

from collections.abc import Iterator

from scipy.special import chdtrc

from analysis.audit.findings import Finding, Severity
from analysis.audit.printed import Number, Printed

MOST_STUDIES = 500
FROM_Q = "I2 is computed from Q, 100 (Q - df) / Q"
LARGEST_I2 = 99.9999


def i2_against_p(result: Printed) -> Iterator[Finding]:
    """The numbers of studies for which I2 and p can both be true, and whether the printed one is among
    them.
    """
    i2, p = result.i2, result.p
    if i2 is None or p is None or not 0 <= i2.value < 100 or not 0 <= p.value <= 1:
        return
    consistent = [k for k in range(2, MOST_STUDIES + 1) if _can_be(i2, p, k)]
    zero = i2.low <= 0
    formula = (
        "I2 = 0 means Q <= k - 1, so p >= P(chi2(k-1) > k-1)"
        if zero
        else "Q = (k-1) / (1 - I2); p = P(chi2(k-1) > Q)"
    )
    if not consistent or (result.studies and result.studies >= 2 and result.studies not in consistent):
        whom = f"with {result.studies} studies" if result.studies else "with any number of studies"
        yield Finding(
            rule="i2_against_p",
            severity=Severity.IMPOSSIBLE,
            formula=formula,
            sentence=f"I2 of {i2}% and p {_said(p)} cannot both be true {whom}"
            + (f": {_expected(i2, result.studies)}." if result.studies else "."),
            assumption=FROM_Q,
            numbers={"i2": i2.value, "p": p.value},
        )
        return
    if not result.studies:
        yield Finding(
            rule="smallest_k",
            severity=Severity.INFORMATION,
            formula=formula,
            sentence=f"I2 of {i2}% and p {_said(p)} can both be true from {consistent[0]} studies on"
            + ("." if consistent[-1] == MOST_STUDIES else f" and up to {consistent[-1]}."),
            assumption=FROM_Q,
            numbers={"k_smallest": consistent[0], "k_largest": consistent[-1]},
        )


def _said(p: Number) -> str:
    return str(p) if p.sign else f"= {p}"


def _can_be(i2: Number, p: Number, k: int) -> bool:
    smallest, largest = p_range(i2, k)
    if p.sign == "<":
        return smallest < p.value
    if p.sign == ">":
        return largest > p.value
    return smallest <= p.high and p.low <= largest


def p_range(i2: Number, k: int) -> tuple[float, float]:
    """The smallest and largest p that an I2, rounded as printed, allows with k studies."""
    largest_q = (k - 1) / (1 - min(i2.high, LARGEST_I2) / 100)
    smallest_q = 0.0 if i2.low <= 0 else (k - 1) / (1 - i2.low / 100)
    return float(chdtrc(k - 1, largest_q)), float(chdtrc(k - 1, smallest_q))


def _expected(i2: Number, k: int) -> str:
    low, high = p_range(i2, k)
    return f"p would lie between {low:.2g} and {high:.2g}"
