"""Cases of kind multilevel and aggregate."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from analysis.pooling.cases.reading import Fields, column, options_of
from analysis.pooling.design import design_from
from analysis.pooling.errors import DidNotConverge, ImpossibleInput
from analysis.pooling.multilevel.aggregate import aggregate
from analysis.pooling.multilevel.nested import NestedResult, pool_nested, sigma2_intervals
from analysis.pooling.multilevel.robust import Sandwich, robust_inference

Case = Mapping[str, Any]
NESTED = re.compile(r"~1\|([\w./]+)")
COMPOUND = re.compile(r"~factor\((\w+)\)\|(\w+)")


def multilevel_case(case: Case) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    names, compound = grouping(settings["random"])
    options = options_of(settings)
    formula = settings.get("formula")
    design = design_from(formula, inputs).matrix if formula else None
    result = pool_nested(
        column(inputs, "yi"),
        column(inputs, "vi"),
        [inputs[name] for name in names],
        design=design,
        estimator=options.estimator,
        interval=options.interval,
        level=options.level,
    )
    return {
        **nested_fields(result),
        **variance_fields(result, compound=compound),
        **robust_fields(result, inputs, settings, options.level),
    }


def grouping(random: str) -> tuple[list[str], bool]:
    """The grouping columns, outermost first, and whether the model is written as compound symmetry."""
    text = random.replace(" ", "")
    nested, compound = NESTED.fullmatch(text), COMPOUND.fullmatch(text)
    if nested:
        return nested.group(1).split("/"), False
    if compound:
        return [compound.group(2), compound.group(1)], True
    raise ImpossibleInput(f"the random effects {random!r} are not understood")


def nested_fields(result: NestedResult) -> dict[str, Any]:
    return {
        "k": result.k,
        "estimate": result.coefficients,
        "se": result.se,
        "statistic": result.statistics,
        "df": result.df,
        "pval": result.p_values,
        "ci_lb": result.ci_low,
        "ci_ub": result.ci_high,
        "Q": result.q,
        "Q_df": result.q_df,
        "Q_p": result.q_p,
        "loglik": result.log_likelihood,
        "pi": [result.prediction_low, result.prediction_high],
    }


def variance_fields(result: NestedResult, *, compound: bool) -> dict[str, Any]:
    total = float(result.sigma2.sum())
    if compound:
        # Compound symmetry with a positive correlation is the nested model in other words.
        return {"sigma2": 0.0, "tau2": total, "rho": float(result.sigma2[0]) / total if total > 0 else None}
    return {
        "sigma2": result.sigma2,
        "tau2": None,
        "rho": None,
        "I2_total": float(result.i2_levels.sum()),
        "I2_levels": result.i2_levels,
        "ci_sigma2": variance_limits(result),
    }


def variance_limits(result: NestedResult) -> dict[str, tuple[float, float]] | None:
    """Profile limits of the level variances by their number; none where a profile does not fall."""
    try:
        limits = sigma2_intervals(result)
    except DidNotConverge:
        return None
    return {str(i + 1): pair for i, pair in enumerate(limits)}


def robust_fields(result: NestedResult, inputs: Fields, settings: Fields, level: float) -> dict[str, Any]:
    name = settings.get("robust")
    if not name:
        return {}
    fields = {}
    for kind in Sandwich:
        found = robust_inference(result, inputs[name], kind=kind, level=level)
        fields[f"robust_{kind}"] = {
            "se": found.se,
            "df": found.df if kind is Sandwich.CR2 else found.df[0],
            "ci_lb": found.ci_low,
            "ci_ub": found.ci_high,
            "pval": found.p_values,
        }
    return fields


def aggregate_case(case: Case) -> dict[str, Any]:
    inputs, settings = case["inputs"], case["settings"]
    name, structure = settings["cluster"], settings.get("struct", "CS")
    if structure not in ("CS", "ID"):
        raise ImpossibleInput(f"effects are combined under CS (with rho) or ID, not {structure!r}")
    rho = settings["rho"] if structure == "CS" else 0.0
    found = aggregate(column(inputs, "yi"), column(inputs, "vi"), inputs[name], correlation=rho)
    return {name: list(found.clusters), "yi": found.effects, "vi": found.variances}


KINDS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "multilevel": multilevel_case,
    "aggregate": aggregate_case,
}
