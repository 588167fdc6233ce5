"""Meta-regression: effects explained by moderators, with residual heterogeneity."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, fdtrc

from analysis.pooling.arrays import Floats, checked_studies, refuse
from analysis.pooling.batch import check_level
from analysis.pooling.errors import ImpossibleInput, TooFewStudies
from analysis.pooling.intervals import quantile, two_sided_p
from analysis.pooling.least_squares import WeightedFit
from analysis.pooling.likelihood import ModelFit, describe_fit
from analysis.pooling.options import IntervalMethod, Model, Tau2Estimator
from analysis.pooling.regression_tau2 import estimate_residual_tau2


@dataclass(frozen=True)
class ModeratorTest:
    """Test that all coefficients but the intercept (all, without one) are zero.

    chi-square on df1 where df2 is None, else F on df1 and df2.
    """

    statistic: float
    df1: int
    df2: float | None
    p_value: float


@dataclass(frozen=True)
class RegressionResult:
    """A fitted meta-regression, on the analysis scale.

    names, coefficients, se, statistics, p_values, ci_low, ci_high: one for each of the p columns; vcov (p,
    p).
    df: k - p for the t-based intervals, None for the normal. tau2: residual between-study variance, `fit` its
    likelihood. i2 (percent), h2: residual, from tau2; i2_from_q from Q. q, q_df, q_p: test of residual
    heterogeneity.
    r2: percent of the between-study variance (of the weighted variation, in a common-effect model) that the
    moderators explain, cut off at 0; None without studies to spare.
    fitted and its confidence and prediction limits, weights_percent: shape (k,); prediction limits None
    without tau2.
    """

    k: int
    names: tuple[str, ...]
    coefficients: Floats
    se: Floats
    statistics: Floats
    df: float | None
    p_values: Floats
    ci_low: Floats
    ci_high: Floats
    vcov: Floats
    tau2: float
    fit: ModelFit
    i2: float
    h2: float
    i2_from_q: float
    q: float
    q_df: int
    q_p: float
    moderators: ModeratorTest
    r2: float | None
    fitted: Floats
    fitted_low: Floats
    fitted_high: Floats
    prediction_low: Floats | None
    prediction_high: Floats | None
    weights_percent: Floats


def meta_regression(
    effects: ArrayLike,
    variances: ArrayLike,
    design: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    model: Model = Model.RANDOM,
    tau2_estimator: Tau2Estimator = Tau2Estimator.REML,
    interval: IntervalMethod = IntervalMethod.WALD,
    level: float = 0.95,
) -> RegressionResult:
    """Fit effects = design x coefficients + between-study + sampling error.

    effects, variances: shape (k,), variances above zero. design: shape (k, p) with a column of ones for an
    intercept (`design_from` makes it from a formula). Other options as for `pool`.
    Raises TooFewStudies with fewer studies than columns, ImpossibleInput for columns that determine one
    another.
    Sources: Thompson & Higgins 2002, Stat Med 21:1559; Knapp & Hartung 2003, Stat Med 22:2693 (t and F);
    Raudenbush 2009, Handbook of Research Synthesis, ch. 16 (R2).
    """
    y, v = checked_studies(effects, variances)
    columns = checked_design(design, len(y))
    check_level(level)
    estimator = tau2_estimator if model is Model.RANDOM else None
    fitted = _fitted(y, v, columns, estimator, interval, level)
    labels = tuple(names) if names is not None else tuple(f"x{i}" for i in range(columns.shape[1]))
    return _result(fitted, labels, estimator)


@dataclass(frozen=True)
class _Fitted:
    """What a fit and its inference share. `common` is the fit without between-study variance."""

    effects: Floats
    variances: Floats
    columns: Floats
    tau2: float
    fit: WeightedFit
    common: WeightedFit
    df: float | None
    critical: float
    vcov: Floats


def _fitted(
    effects: Floats,
    variances: Floats,
    columns: Floats,
    estimator: Tau2Estimator | None,
    interval: IntervalMethod,
    level: float,
) -> _Fitted:
    k, p = columns.shape
    tau2 = estimate_residual_tau2(effects, variances, columns, estimator) if estimator else 0.0
    fit = WeightedFit(effects, columns, 1 / (variances + tau2))
    df = None if interval is IntervalMethod.WALD else float(k - p)
    if df == 0:
        raise TooFewStudies("A t-based interval needs more studies than coefficients; choose Wald.")
    scale = _scale(fit, interval, k - p)
    if scale == 0:
        raise ImpossibleInput("the effects lie exactly on the fit: Knapp-Hartung errors are 0; choose Wald")
    return _Fitted(
        effects=effects,
        variances=variances,
        columns=columns,
        tau2=tau2,
        fit=fit,
        common=WeightedFit(effects, columns, 1 / variances),
        df=df,
        critical=float(quantile(np.array(np.inf if df is None else df), level)),
        vcov=scale * fit.inverse_information,
    )


def _result(fitted: _Fitted, names: tuple[str, ...], estimator: Tau2Estimator | None) -> RegressionResult:
    k, p = fitted.columns.shape
    b, tau2, common, critical = fitted.fit.coefficients, fitted.tau2, fitted.common, fitted.critical
    se = np.sqrt(np.diag(fitted.vcov))
    statistics = b / se
    values = fitted.columns @ b
    spread = np.einsum("ij,jk,ik->i", fitted.columns, fitted.vcov, fitted.columns)
    reach, further = critical * np.sqrt(spread), critical * np.sqrt(spread + tau2)
    typical = (k - p) / common.trace if k > p else 1.0
    q_i2, q_h2 = _from_q(common.q, k - p)
    return RegressionResult(
        k=k,
        names=names,
        coefficients=b,
        se=se,
        statistics=statistics,
        df=fitted.df,
        p_values=two_sided_p(statistics, np.full(p, np.inf if fitted.df is None else fitted.df)),
        ci_low=b - critical * se,
        ci_high=b + critical * se,
        vcov=fitted.vcov,
        tau2=tau2,
        fit=describe_fit(fitted.effects, fitted.variances, tau2, estimator, fitted.columns),
        i2=100 * tau2 / (tau2 + typical) if estimator else q_i2,
        h2=tau2 / typical + 1 if estimator else q_h2,
        i2_from_q=q_i2,
        q=common.q,
        q_df=k - p,
        q_p=float(chdtrc(k - p, common.q)) if k > p else 1.0,
        moderators=moderator_test(b, fitted.vcov, has_intercept(fitted.columns), fitted.df),
        r2=_explained(fitted, estimator),
        fitted=values,
        fitted_low=values - reach,
        fitted_high=values + reach,
        prediction_low=values - further if estimator else None,
        prediction_high=values + further if estimator else None,
        weights_percent=100 * fitted.fit.weights / fitted.fit.weights.sum(),
    )


def checked_design(design: ArrayLike, studies: int) -> Floats:
    """The design as an array of shape (k, p) whose columns do not determine one another."""
    columns = np.asarray(design, dtype=np.float64)
    if columns.ndim != 2 or len(columns) != studies:
        raise ImpossibleInput("the design needs one row for each study")
    refuse(
        np.isnan(columns.sum(1)) | np.isinf(columns.sum(1)), "a moderator is missing; leave such studies out"
    )
    if studies < columns.shape[1]:
        raise TooFewStudies(f"{studies} studies cannot determine {columns.shape[1]} coefficients.")
    sizes = np.linalg.norm(columns, axis=0)
    if (sizes == 0).any() or np.linalg.matrix_rank(columns / sizes) < columns.shape[1]:
        raise ImpossibleInput("some moderators determine one another; leave out one of them")
    return columns


def has_intercept(columns: Floats) -> bool:
    return bool((columns == 1).all(axis=0).any())


def moderator_test(coefficients: Floats, vcov: Floats, intercept: bool, df: float | None) -> ModeratorTest:
    """Wald test of all coefficients but the first, where that is the intercept; of all, otherwise."""
    tested = slice(1, None) if intercept and len(coefficients) > 1 else slice(None)
    chosen = coefficients[tested]
    wald = float(chosen @ np.linalg.solve(vcov[tested, tested], chosen))
    if df is None:
        return ModeratorTest(wald, len(chosen), None, float(chdtrc(len(chosen), wald)))
    f = wald / len(chosen)
    return ModeratorTest(f, len(chosen), df, float(fdtrc(len(chosen), df, f)))


def _scale(fit: WeightedFit, interval: IntervalMethod, df: int) -> float:
    if interval in (IntervalMethod.WALD, IntervalMethod.T) or df == 0:
        return 1.0
    scale = fit.q / df
    return max(1.0, scale) if interval is IntervalMethod.HARTUNG_KNAPP_FLOOR else scale


def _from_q(q: float, df: int) -> tuple[float, float]:
    """I2 (percent) and H2 by Q."""
    return 100 * (q - df) / q if q > df > 0 else 0.0, q / df if df > 0 else 1.0


def _explained(fitted: _Fitted, estimator: Tau2Estimator | None) -> float | None:
    """Percent of the variation of the model with an intercept only that the moderators explain."""
    k, p = fitted.columns.shape
    intercept = np.ones((k, 1))
    if k <= p:
        return None
    if estimator is None:
        total = WeightedFit(fitted.effects, intercept, 1 / fitted.variances).q
        return max(0.0, 100 * (1 - (fitted.common.q / (k - p)) / (total / (k - 1)))) if total > 0 else None
    alone = estimate_residual_tau2(fitted.effects, fitted.variances, intercept, estimator)
    return max(0.0, 100 * (alone - fitted.tau2) / alone) if alone > 0 else 0.0
