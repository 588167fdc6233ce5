"""How much the true effects differ: Q, I2, H2 and tau2 with its Q-profile interval.

Functions take effects and variances of shape (m, k), one meta-analysis a row (padding: effect 0, variance
infinity), and return shape (m,).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, chdtri

from analysis.pooling.arrays import Floats
from analysis.pooling.tau2 import solve_generalised_q, study_counts, weighted_q


@dataclass(frozen=True)
class Homogeneity:
    """Cochran's test that all studies share one effect, and I2 and H2 as Q gives them.

    q, df, p: the statistic, k - 1, and P(chi2(df) > q), which is 1 for a single study.
    i2: 100 (Q - df) / Q, cut off at 0, in percent. h2: Q / df, not below 1 for a single study.
    """

    q: Floats
    df: Floats
    p: Floats
    i2: Floats
    h2: Floats


@dataclass(frozen=True)
class TauIntervals:
    """Q-profile limits of tau2, and of I2 (percent) and H2 derived from them."""

    tau2_low: Floats
    tau2_high: Floats
    i2_low: Floats
    i2_high: Floats
    h2_low: Floats
    h2_high: Floats


def homogeneity(effects: Floats, variances: Floats, counts: Floats) -> Homogeneity:
    """The test of a common effect; counts of studies in each row, shape (m,).

    Sources: Cochran 1954, Biometrics 10:101; Higgins & Thompson 2002, Stat Med 21:1539.
    """
    df = counts - 1
    q = weighted_q(effects, 1 / variances)
    single = df < 1
    with np.errstate(divide="ignore", invalid="ignore"):
        i2 = np.where(q > df, 100 * (q - df) / q, 0.0)
        h2 = np.where(single, 1.0, q / df)
    return Homogeneity(
        q=np.where(single, 0.0, q),
        df=df,
        p=np.where(single, 1.0, chdtrc(np.maximum(df, 1.0), q)),
        i2=np.where(single, 0.0, i2),
        h2=h2,
    )


def typical_variance(variances: Floats, counts: Floats) -> Floats:
    """The within-study variance that stands for all in I2 (Higgins & Thompson 2002, eq. 9)."""
    weights = 1 / variances
    total = weights.sum(-1)
    df = counts - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        typical = df * total / (total * total - (weights * weights).sum(-1))
    return np.where(df > 0, typical, 1.0)


def i2_from_tau2(tau2: Floats, typical: Floats) -> Floats:
    """I2 in percent: the share of the total variance that lies between studies."""
    return 100 * tau2 / (tau2 + typical)


def h2_from_tau2(tau2: Floats, typical: Floats) -> Floats:
    """H2: total over within-study variance."""
    return tau2 / typical + 1


def q_profile(effects: Floats, variances: Floats, level: float) -> TauIntervals:
    """Interval of tau2 by inverting the generalised Q test; both limits 0 where even Q(0) is too small.

    The upper limit is solved for, not searched in a guessed range, so that two studies may well give
    hundreds.
    Source: Viechtbauer 2007, Stat Med 26:37. I2 and H2 follow by their monotone relation to tau2.
    """
    counts = study_counts(variances)
    df, tail = np.maximum(counts - 1, 1.0), (1 - level) / 2
    targets = np.concatenate([chdtri(df, tail), chdtri(df, 1 - tail)])
    both = solve_generalised_q(np.tile(effects, (2, 1)), np.tile(variances, (2, 1)), targets)
    low, high = both[: len(effects)], both[len(effects) :]
    typical = typical_variance(variances, counts)
    return TauIntervals(
        tau2_low=low,
        tau2_high=high,
        i2_low=i2_from_tau2(low, typical),
        i2_high=i2_from_tau2(high, typical),
        h2_low=h2_from_tau2(low, typical),
        h2_high=h2_from_tau2(high, typical),
    )
