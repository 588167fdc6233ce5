"""Cases of the remaining models: Henmi-Copas, limit meta-analysis, permutation, Bayes, selection."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy.special import ndtri

from analysis.pooling.bayes import TauPrior, bayesian_pool
from analysis.pooling.cases.loose_root import loose_root
from analysis.pooling.cases.loose_selection import as_printed
from analysis.pooling.cases.reading import column, effect_sizes_of, options_of
from analysis.pooling.errors import ImpossibleInput
from analysis.pooling.henmi_copas import Coverage, henmi_copas
from analysis.pooling.intervals import two_sided_p
from analysis.pooling.lfk import lfk_index
from analysis.pooling.limit import limit_meta_analysis
from analysis.pooling.options import Tau2Estimator
from analysis.pooling.permutation import permute_signs
from analysis.pooling.selection import Selection, selection_model

Case = Mapping[str, Any]
# Where metafor seeks the critical value, in units of the error's standard deviation.
WIDEST_CRITICAL = 2.0


def henmi_copas_case(case: Case) -> dict[str, Any]:
    sizes, options = effect_sizes_of(case["inputs"], case["settings"]), options_of(case["settings"])
    found = henmi_copas(sizes.effects, sizes.variances, options.level)
    coverage = Coverage(1 / sizes.variances, found.tau2)
    unit = float(np.sqrt(coverage.spread))

    def surplus(critical: float) -> float:
        return (coverage.at(unit * critical) if critical > 0 else 0.0) - options.level

    # The limits as R's root finder leaves them; ours, in `found`, are exact.
    reach = loose_root(surplus, 0.0, WIDEST_CRITICAL) * unit * found.se
    return {
        "estimate": found.estimate,
        "se": found.se,
        "ci_lb": found.estimate - reach,
        "ci_ub": found.estimate + reach,
        "ci_exact": [found.low, found.high],
        "tau2": found.tau2,
    }


def limit_meta_case(case: Case) -> dict[str, Any]:
    settings = case["settings"]
    sizes = effect_sizes_of(case["inputs"], {**settings, "drop00": True})
    if settings.get("method_adjust", "beta0") != "beta0":
        raise ImpossibleInput("a limit meta-analysis is adjusted by the expectation beta0 here")
    estimator = Tau2Estimator(settings.get("method_tau", "DL"))
    found = limit_meta_analysis(sizes.effects, sizes.variances, tau2_estimator=estimator)
    return {
        "estimate": found.estimate,
        "se": found.se,
        "ci_lb": found.low,
        "ci_ub": found.high,
        "G2": found.g2,
        "Q_small": found.q_small,
        "Q_resid": found.q_residual,
    }


def lfk_case(case: Case) -> dict[str, Any]:
    sizes = effect_sizes_of(case["inputs"], {**case["settings"], "drop00": True})
    found = lfk_index(sizes.effects, sizes.variances)
    return {"lfk": found.index, "interpretation": found.interpretation.value}


def permutation_case(case: Case) -> dict[str, Any]:
    sizes, options = effect_sizes_of(case["inputs"], case["settings"]), options_of(case["settings"])
    if not case["settings"].get("exact", True):
        raise ImpossibleInput("drawn permutations differ from run to run; ask for exact ones")
    found = permute_signs(
        sizes.effects,
        sizes.variances,
        model=options.model,
        tau2_estimator=options.estimator,
        interval=options.interval,
    )
    return {"pval": float(found.p_values[0]), "permci": False}


def bayes_case(case: Case) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    found = bayesian_pool(
        column(inputs, "yi"),
        column(inputs, "vi"),
        prior=TauPrior(settings.get("prior_tau", "half-normal")),
        scale=settings["scale"],
    )
    return {
        "mu_mean": found.mean.mean,
        "mu_sd": found.mean.sd,
        "mu_median": found.mean.median,
        "mu_lb": found.mean.low,
        "mu_ub": found.mean.high,
        "pred_lb": found.new_study.low,
        "pred_ub": found.new_study.high,
        "tau_mean": found.tau.mean,
        "tau_median": found.tau.median,
        "tau_lb_equal_tailed": found.tau.low,
        "tau_ub_equal_tailed": found.tau.high,
        "shrunken": found.shrunken,
        "shrunken_sd": found.shrunken_sd,
    }


def selection_case(case: Case) -> dict[str, Any]:
    settings = case["settings"]
    sizes, options = effect_sizes_of(case["inputs"], settings), options_of(settings, method="ML")
    steps = settings.get("steps", [])
    if settings["type"] not in tuple(Selection):
        raise ImpossibleInput(f"there is no selection {settings['type']!r}; known are {', '.join(Selection)}")
    # Weights are by the p value in the direction of positive effects; the other direction is its mirror
    # image.
    sign = -1 if settings.get("alternative", "greater") == "less" else 1
    effects = sign * sizes.effects
    found = selection_model(
        effects,
        sizes.variances,
        Selection(settings["type"]),
        steps=steps if isinstance(steps, list) else [steps],
        level=options.level,
    )
    estimate, se = found.estimate, found.se
    if found.kind is not Selection.STEPS:
        estimate, se = as_printed(effects, sizes.variances, found)
    reach = float(ndtri((1 + options.level) / 2)) * se
    return {
        "estimate": sign * estimate,
        "se": se,
        "ci_lb": sign * estimate - reach,
        "ci_ub": sign * estimate + reach,
        "pval": float(two_sided_p(np.array(estimate / se), np.array(np.inf))),
        "exact": {"estimate": sign * found.estimate, "se": found.se},
        "tau2": found.tau2,
        "delta": found.delta,
        "delta_se": found.delta_se,
        "LRT": found.likelihood_ratio,
        "LRT_p": found.likelihood_ratio_p,
        "loglik": found.log_likelihood,
    }


KINDS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "henmi_copas": henmi_copas_case,
    "limit_meta": limit_meta_case,
    "lfk_index": lfk_case,
    "permutation_test": permutation_case,
    "bayes_nnhm": bayes_case,
    "selection_model": selection_case,
}
