"""From the analysis scale back to the scale people read."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats
from analysis.pooling.effect_sizes.proportions import ProportionMeasure, proportion_from_scale


def back_transform(values: ArrayLike, measure: str, *, harmonic_total: float | None = None) -> Floats:
    """Values of the analysis scale of `measure` on its natural scale, of the same shape.

    harmonic_total: the harmonic mean of the studies' totals, needed for Freeman-Tukey proportions only.
    """
    scaled = np.asarray(values, dtype=np.float64)
    return proportion_from_scale(scaled, ProportionMeasure(measure), harmonic_total)
