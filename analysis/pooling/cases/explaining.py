"""Cases that explain or check a pooled result: moderators, subgroups, leave-one-out, cumulative, influence,
GOSH.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from analysis.pooling.batch import PooledBatch
from analysis.pooling.cases.reading import Options, effect_sizes_of, options_of
from analysis.pooling.design import design_from
from analysis.pooling.effect_sizes.records import EffectSizes
from analysis.pooling.influence import influence
from analysis.pooling.pool import PooledResult
from analysis.pooling.regression import RegressionResult, meta_regression
from analysis.pooling.sensitivity import cumulative, gosh, leave_one_out
from analysis.pooling.subgroups import pool_subgroups, pool_subgroups_common_tau2

Case = Mapping[str, Any]
QUARTILES = (0.0, 0.25, 0.5, 0.75, 1.0)


def chosen(options: Options) -> dict[str, Any]:
    """The options as the functions of this package name them."""
    return {
        "model": options.model,
        "tau2_estimator": options.estimator,
        "interval": options.interval,
        "level": options.level,
    }


def of_studies(values: Any, sizes: EffectSizes) -> list[Any]:
    """A column of the case for the studies that have an effect."""
    listed = values if isinstance(values, list) else [values]
    return [listed[study] for study in sizes.studies]


def meta_regression_case(case: Case) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    sizes = effect_sizes_of(inputs, settings)
    moderators = {name: of_studies(values, sizes) for name, values in inputs["mods"].items()}
    design = design_from(settings["formula"], moderators)
    kept = design.complete
    result = meta_regression(
        sizes.effects[kept],
        sizes.variances[kept],
        design.matrix,
        names=design.names,
        **chosen(options_of(settings)),
    )
    return {
        **regression_fields(result),
        "yi": sizes.effects[kept],
        "vi": sizes.variances[kept],
    }


def regression_fields(result: RegressionResult) -> dict[str, Any]:
    test = result.moderators
    return {
        "k": result.k,
        "coef_names": list(result.names),
        "estimate": result.coefficients,
        "se": result.se,
        "statistic": result.statistics,
        "df": result.df,
        "pval": result.p_values,
        "ci_lb": result.ci_low,
        "ci_ub": result.ci_high,
        "vcov": result.vcov,
        "tau2": result.tau2,
        "se_tau2": result.fit.se_tau2,
        "loglik": result.fit.log_likelihood,
        "aic": result.fit.aic,
        "I2": result.i2,
        "H2": result.h2,
        "I2_from_Q": result.i2_from_q,
        "Q": result.q,
        "Q_df": result.q_df,
        "Q_p": result.q_p,
        "R2": result.r2,
        "QM": test.statistic,
        "QM_df": [test.df1, test.df2],
        "QM_p": test.p_value,
        "weights_pct": result.weights_percent,
        "fitted": result.fitted,
        "pred_ci_lb": result.fitted_low,
        "pred_ci_ub": result.fitted_high,
        "pred_pi_lb": result.prediction_low,
        "pred_pi_ub": result.prediction_high,
    }


def subgroup_case(case: Case) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    sizes, options = effect_sizes_of(inputs, settings), chosen(options_of(settings))
    groups = of_studies(inputs["group"], sizes)
    if settings.get("common_tau2", False):
        common = pool_subgroups_common_tau2(sizes.effects, sizes.variances, groups, **options)
        means = common.means
        return {
            "levels": list(common.levels),
            "estimate": means.coefficients,
            "se": means.se,
            "ci_lb": means.ci_low,
            "ci_ub": means.ci_high,
            "tau2": means.tau2,
            "I2": means.i2,
            "R2": common.r2,
            "Q_between": common.between.statistic,
            "Q_between_df": [common.between.df1, common.between.df2],
            "Q_between_p": common.between.p_value,
            "Q_residual": means.q,
            "Q_residual_p": means.q_p,
        }
    result = pool_subgroups(sizes.effects, sizes.variances, groups, **options)
    columns = [subgroup_fields(group) for group in result.groups]
    return {
        "levels": list(result.levels),
        **{name: [column[name] for column in columns] for name in columns[0]},
        "Q_between": result.between.statistic,
        "Q_between_df": result.between.df,
        "Q_between_p": result.between.p_value,
        "overall": subgroup_fields(result.overall),
    }


def subgroup_fields(result: PooledResult) -> dict[str, Any]:
    return {
        "k": result.k,
        "estimate": result.estimate,
        "se": result.se,
        "ci_lb": result.ci_low,
        "ci_ub": result.ci_high,
        "tau2": result.tau2,
        "I2": result.i2,
        "Q": result.q,
        "Q_p": result.q_p,
    }


def batch_fields(batch: PooledBatch) -> dict[str, Any]:
    return {
        "estimate": batch.estimate,
        "se": batch.se,
        "ci_lb": batch.ci_low,
        "ci_ub": batch.ci_high,
        "pval": batch.p_value,
        "Q": batch.q,
        "Q_p": batch.q_p,
        "tau2": batch.tau2,
        "I2": batch.i2,
        "H2": batch.h2,
    }


def leave_one_out_case(case: Case) -> dict[str, Any]:
    sizes = effect_sizes_of(case["inputs"], case["settings"])
    options = chosen(options_of(case["settings"]))
    return batch_fields(leave_one_out(sizes.effects, sizes.variances, **options))


def cumulative_case(case: Case) -> dict[str, Any]:
    sizes = effect_sizes_of(case["inputs"], case["settings"])
    options = chosen(options_of(case["settings"]))
    keys = np.array(of_studies(case["inputs"]["order"], sizes), dtype=np.float64)
    order = np.argsort(keys, kind="stable")
    batch = cumulative(sizes.effects[order], sizes.variances[order], **options)
    return {**batch_fields(batch), "order": sizes.studies[order] + 1}


def influence_case(case: Case) -> dict[str, Any]:
    sizes, options = effect_sizes_of(case["inputs"], case["settings"]), options_of(case["settings"])
    found = influence(
        sizes.effects,
        sizes.variances,
        model=options.model,
        tau2_estimator=options.estimator,
        interval=options.interval,
    )
    return {
        "rstudent": found.rstudent,
        "dffits": found.dffits,
        "cook_d": found.cook_distance,
        "cov_r": found.covariance_ratio,
        "tau2_del": found.tau2_without,
        "QE_del": found.q_without,
        "hat": found.hat,
        "weight_pct": found.weights_percent,
        "dfbetas": found.dfbetas,
        "is_influential": found.influential,
        "rstandard": found.rstandard,
        "baujat_x": found.baujat_x,
        "baujat_y": found.baujat_y,
        "blup": found.blup,
        "blup_se": found.blup_se,
    }


def gosh_case(case: Case) -> dict[str, Any]:
    sizes = effect_sizes_of(case["inputs"], case["settings"])
    subsets = gosh(sizes.effects, sizes.variances)
    counts = np.bincount(subsets.counts)
    return {
        "n_subsets": len(subsets.estimates),
        "estimate_quantiles": np.quantile(subsets.estimates, QUARTILES),
        "I2_quantiles": np.quantile(subsets.i2, QUARTILES),
        "k_table": {str(size): int(counts[size]) for size in range(1, len(counts))},
        "rows_sorted_estimate": np.sort(subsets.estimates),
    }


KINDS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "meta_regression": meta_regression_case,
    "subgroup": subgroup_case,
    "leave_one_out": leave_one_out_case,
    "cumulative": cumulative_case,
    "influence": influence_case,
    "gosh": gosh_case,
}
