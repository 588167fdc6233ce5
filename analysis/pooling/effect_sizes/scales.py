"""From the analysis scale back to the scale people read."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.pooling.arrays import Floats
from analysis.pooling.effect_sizes.proportions import ProportionMeasure, proportion_from_scale


class BackTransformation(StrEnum):
    """How values of an analysis scale become values of the scale people read."""

    NONE = "none"
    EXP = "exp"
    SQUARE = "square"
    TANH = "tanh"
    INVERSE_LOGIT = "inv_logit"
    INVERSE_ARCSINE = "inv_arcsine"
    INVERSE_FREEMAN_TUKEY = "inv_ft_harmonic_n"


LOG_SCALES = ("RR", "OR", "PETO", "PLN", "IRR", "IRLN", "ROM", "ROMC", "MNLN", "VR", "CVR")
BACK_TRANSFORMATIONS = {
    **dict.fromkeys(LOG_SCALES, BackTransformation.EXP),
    ProportionMeasure.LOGIT: BackTransformation.INVERSE_LOGIT,
    ProportionMeasure.ARCSINE: BackTransformation.INVERSE_ARCSINE,
    ProportionMeasure.FREEMAN_TUKEY: BackTransformation.INVERSE_FREEMAN_TUKEY,
    "IRS": BackTransformation.SQUARE,
    "ZCOR": BackTransformation.TANH,
}


def back_transformation(measure: str) -> BackTransformation:
    """The way back from the scale of `measure`; NONE where people read that scale itself (and for IRFT, IRSD,
    AS).
    """
    return BACK_TRANSFORMATIONS.get(measure, BackTransformation.NONE)


def back_transform(values: ArrayLike, measure: str, *, harmonic_total: float | None = None) -> Floats:
    """Values of the analysis scale of `measure` on its natural scale, of the same shape.

    harmonic_total: the harmonic mean of the studies' totals, needed for Freeman-Tukey proportions only.
    """
    scaled = np.asarray(values, dtype=np.float64)
    if measure in tuple(ProportionMeasure):
        return proportion_from_scale(scaled, ProportionMeasure(measure), harmonic_total)
    way = back_transformation(measure)
    if way is BackTransformation.EXP:
        return np.exp(scaled)
    if way is BackTransformation.TANH:
        return np.tanh(scaled)
    if way is BackTransformation.SQUARE:
        return np.maximum(scaled, 0.0) ** 2
    return scaled
