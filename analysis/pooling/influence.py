"""Which studies carry the result: deletion diagnostics, Baujat coordinates and shrunken study effects."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtr

from analysis.pooling.arrays import Booleans, Floats, checked_studies
from analysis.pooling.errors import ImpossibleInput, TooFewStudies
from analysis.pooling.options import IntervalMethod, Model, Tau2Estimator
from analysis.pooling.pool import pool
from analysis.pooling.sensitivity import leave_one_out


@dataclass(frozen=True)
class Influence:
    """Diagnostics of each study, shape (k,) each.

    rstudent: residual from the model without the study, standardised. rstandard: residual from the whole
    model,
    standardised. dffits, dfbetas, cook_distance: change of the estimate without the study, in units of its
    standard error (squared for cook_distance). covariance_ratio: squared standard error without the study
    over that with it.
    tau2_without, q_without: tau2 and Q of the others. hat, weights_percent: the study's weight.
    influential: beyond one of the usual cut-offs. baujat_x, baujat_y: contribution to heterogeneity,
    influence on the
    estimate. blup, blup_se: the study's own effect shrunken towards the mean, with its standard error.
    """

    rstudent: Floats
    rstandard: Floats
    dffits: Floats
    cook_distance: Floats
    covariance_ratio: Floats
    tau2_without: Floats
    q_without: Floats
    hat: Floats
    weights_percent: Floats
    dfbetas: Floats
    influential: Booleans
    baujat_x: Floats
    baujat_y: Floats
    blup: Floats
    blup_se: Floats


def influence(
    effects: ArrayLike,
    variances: ArrayLike,
    *,
    model: Model = Model.RANDOM,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
) -> Influence:
    """Influence of each study on a pooled effect.

    effects, variances: shape (k,), k >= 2. interval: how the standard errors are made, with or without the
    study; those of Hartung and Knapp take the others' residual variance for what is measured without it.
    Raises TooFewStudies below two studies.
    Influential is |dffits| > 3 sqrt(1 / (k - 1)), a lower chi-square(1) tail of Cook's distance above one
    half, hat > 3 / k, or |dfbetas| > 1.
    Sources: Viechtbauer & Cheung 2010, Res Synth Methods 1:112; Baujat et al. 2002, Stat Med 21:2641;
    Raudenbush & Bryk 1985, J Educ Stat 10:75 (blup).
    """
    y, v = checked_studies(effects, variances)
    k = len(y)
    if k < 2:
        raise TooFewStudies("Influence diagnostics need at least two studies.")
    whole = pool(y, v, model=model, tau2_estimator=tau2_estimator, interval=interval)
    without = leave_one_out(y, v, model=model, tau2_estimator=tau2_estimator, interval=interval)
    if whole.se == 0 or not (without.se > 0).all():
        raise ImpossibleInput(
            "effects are all alike, so Hartung and Knapp's standard errors are 0; choose Wald"
        )
    total = v + whole.tau2
    hat = 1 / total / (1 / total).sum()
    residual, change = y - whole.estimate, whole.estimate - without.estimate
    # By how much Hartung and Knapp's standard error of the others is larger than Wald's; 1 for Wald.
    widened = without.se**2 * _weight_of_others(v, without.tau2)
    # The standard error that the whole data would have with the tau2 of the others.
    se_at_tau2 = np.sqrt(widened / (1 / (v + without.tau2[:, None])).sum(-1))
    dffits = change / np.sqrt(widened * hat * (v + without.tau2))
    cook, dfbetas = (change / whole.se) ** 2, change / se_at_tau2
    shrinkage = whole.tau2 / total
    return Influence(
        rstudent=(y - without.estimate) / np.sqrt(widened * (v + without.tau2) + without.se**2),
        rstandard=residual / np.sqrt(total * (1 - hat)),
        dffits=dffits,
        cook_distance=cook,
        covariance_ratio=(without.se / whole.se) ** 2,
        tau2_without=without.tau2,
        q_without=without.q,
        hat=hat,
        weights_percent=100 * hat,
        dfbetas=dfbetas,
        influential=_beyond_cutoffs(dffits, cook, hat, dfbetas),
        baujat_x=residual**2 / total,
        baujat_y=(change / without.se) ** 2,
        blup=shrinkage * y + (1 - shrinkage) * whole.estimate,
        blup_se=np.sqrt(shrinkage * v + (1 - shrinkage) ** 2 * whole.se**2),
    )


def _weight_of_others(variances: Floats, tau2_without: Floats) -> Floats:
    weights = 1 / (variances + tau2_without[:, None])
    return np.asarray(weights.sum(-1) - np.diag(weights))


def _beyond_cutoffs(dffits: Floats, cook: Floats, hat: Floats, dfbetas: Floats) -> Booleans:
    k = len(hat)
    beyond: Booleans = (
        (np.abs(dffits) > 3 * np.sqrt(1 / (k - 1)))
        | (chdtr(1, cook) > 0.5)
        | (hat > 3 / k)
        | (np.abs(dfbetas) > 1)
    )
    return beyond
