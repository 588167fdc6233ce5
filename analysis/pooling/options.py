"""The choices a meta-analyst makes. Each has a name that results and pages repeat."""

from enum import StrEnum


class Model(StrEnum):
    """What the studies are taken to estimate: one common effect, or a distribution of effects."""

    COMMON = "common"
    RANDOM = "random"


class Tau2Estimator(StrEnum):
    """Estimators of the between-study variance (Veroniki et al. 2016, Res Synth Methods 7:55)."""

    DL = "DL"
    HE = "HE"
    HS = "HS"
    SJ = "SJ"
    ML = "ML"
    REML = "REML"
    EB = "EB"
    PM = "PM"


class IntervalMethod(StrEnum):
    """How the interval and test of the pooled effect are made.

    WALD: normal quantile and inverse-variance standard error.
    T: the same standard error with a t quantile on k - 1 degrees of freedom.
    HARTUNG_KNAPP: standard error scaled by the weighted residual variance, t on k - 1.
    HARTUNG_KNAPP_FLOOR: the same, but the scale is never taken below 1.
    """

    WALD = "wald"
    T = "t"
    HARTUNG_KNAPP = "hartung_knapp"
    HARTUNG_KNAPP_FLOOR = "hartung_knapp_floor"


class PredictionMethod(StrEnum):
    """Which quantile a prediction interval uses. The programs differ, so results always name it.

    NORMAL: z (metafor with test="z"); T_K_MINUS_1: t on k - 1 (metafor with test="knha", R's meta from
    version 8); T_K_MINUS_2: t on k - 2 (Higgins, Thompson & Spiegelhalter 2009; Stata);
    WITHOUT_ERROR_OF_MEAN: estimate +- z tau, which leaves out the uncertainty of the estimate.
    """

    NORMAL = "normal"
    T_K_MINUS_1 = "t_k_minus_1"
    T_K_MINUS_2 = "t_k_minus_2"
    WITHOUT_ERROR_OF_MEAN = "without_error_of_mean"
