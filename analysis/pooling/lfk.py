"""The Doi plot and its LFK index of asymmetry.

The index has no null distribution, so it is no test. In simulations its share of false alarms at the usual
cut-offs grows with the number of studies and their heterogeneity (Schwarzer, Rucker & Semaca 2024, Res Synth
Methods 15:603): it describes a picture, and a tool such as Egger's regression is to be preferred from ten
studies on.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from analysis.pooling.arrays import Floats, Integers, checked_studies
from analysis.pooling.errors import ImpossibleInput, TooFewStudies

# A study counts as this many times the ratio of the largest variance to its own; the half observation taken
# off each rank makes the size matter a little.
COPIES_OF_LEAST_PRECISE = 100.0


class Asymmetry(StrEnum):
    """How the authors of the index read it: to 1, to 2, and beyond."""

    NONE = "no asymmetry"
    MINOR = "minor asymmetry"
    MAJOR = "major asymmetry"


@dataclass(frozen=True)
class DoiPlot:
    """order: positions of the studies by effect. effects, z_scores: shape (k,), in that order.

    index: the LFK index. tip: the effect whose |z| is smallest, where the limbs of the plot meet.
    """

    index: float
    interpretation: Asymmetry
    tip: float
    order: Integers
    effects: Floats
    z_scores: Floats


def lfk_index(effects: ArrayLike, variances: ArrayLike) -> DoiPlot:
    """How unequal the limbs of a Doi plot are, above 0 where effects above the tip reach further.

    effects, variances: shape (k,), k >= 3 with at least two different effects. Studies are ranked by effect,
    each standing for as many observations as its precision says; z is the normal quantile of its mid-rank,
    and effects are stretched to the range of z before both deviations are averaged.
    Raises TooFewStudies and, when all effects are alike, ImpossibleInput.
    Source: Furuya-Kanamori, Barendregt & Doi 2018, Int J Evid Based Healthc 16:195.
    """
    y, v = checked_studies(effects, variances)
    if len(y) < 3:
        raise TooFewStudies("A Doi plot needs at least three studies.")
    order = np.argsort(y, kind="stable")
    ordered = y[order]
    if ordered[0] == ordered[-1]:
        raise ImpossibleInput("all effects are alike, so a Doi plot has no limbs to compare")
    z = _z_scores(v[order])
    tip = float(ordered[np.argmin(np.abs(z))])
    stretched = (ordered - tip) * np.ptp(z) / np.ptp(ordered)
    index = 2.5 * float((z + stretched).mean())
    return DoiPlot(index, _reading(index), tip, order, ordered, z)


def _z_scores(variances: Floats) -> Floats:
    copies = COPIES_OF_LEAST_PRECISE * variances.max() / variances
    mid_ranks = np.cumsum(copies) - copies / 2
    return np.asarray(ndtri((mid_ranks - 0.5) / copies.sum()))


def _reading(index: float) -> Asymmetry:
    size = abs(index)
    return Asymmetry.NONE if size <= 1 else Asymmetry.MINOR if size <= 2 else Asymmetry.MAJOR
