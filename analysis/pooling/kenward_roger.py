"""Kenward-Roger inference: a standard error that allows for the estimation of tau2, and degrees of freedom to
match.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import checked_studies
from analysis.pooling.batch import check_level
from analysis.pooling.errors import TooFewStudies
from analysis.pooling.intervals import quantile
from analysis.pooling.options import Tau2Estimator
from analysis.pooling.pool import pool


@dataclass(frozen=True)
class KenwardRoger:
    """REML estimate with the corrected standard error, t interval on `df`, and prediction interval on
    `df`.
    """

    estimate: float
    se: float
    df: float
    low: float
    high: float
    tau2: float

    def predict(self, level: float = 0.95, *, lost: float = 0.0) -> tuple[float, float] | None:
        """Prediction interval by t on df less `lost`; None where no degrees of freedom are left."""
        if self.df <= lost:
            return None
        reach = float(quantile(np.array(self.df - lost), level)) * float(np.sqrt(self.se**2 + self.tau2))
        return self.estimate - reach, self.estimate + reach


def kenward_roger(effects: ArrayLike, variances: ArrayLike, level: float = 0.95) -> KenwardRoger:
    """Kenward-Roger interval of a random-effects mean with REML tau2 and its expected information.

    effects, variances: shape (k,), k >= 2. Raises TooFewStudies below that.
    Sources: Kenward & Roger 1997, Biometrics 53:983; Partlett & Riley 2017, Stat Med 36:301.
    """
    y, v = checked_studies(effects, variances)
    check_level(level)
    if len(y) < 2:
        raise TooFewStudies("Kenward-Roger inference needs at least two studies.")
    fitted = pool(y, v, tau2_estimator=Tau2Estimator.REML)
    weights = 1 / (v + fitted.tau2)
    total, squares, cubes = weights.sum(), (weights**2).sum(), (weights**3).sum()
    variance_of_tau2 = 2 / (squares - 2 * cubes / total + (squares / total) ** 2)
    corrected = 1 / total + 2 * variance_of_tau2 * (cubes - squares**2 / total) / total**2
    df = 2 / (variance_of_tau2 * (corrected * squares) ** 2)
    se = float(np.sqrt(corrected))
    reach = float(quantile(np.array(df), level)) * se
    return KenwardRoger(
        estimate=fitted.estimate,
        se=se,
        df=float(df),
        low=fitted.estimate - reach,
        high=fitted.estimate + reach,
        tau2=fitted.tau2,
    )
