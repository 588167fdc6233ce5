"""Derivations of a comparison of two arms. For ratios the standard error is that of the logarithm."""

from collections.abc import Mapping
from math import exp, log, sqrt
from typing import Any

from scipy.special import ndtri

from ..told import told
from .arm_results import curve_from
from .base import Derivation, Parameter
from .conversions import (
    ConversionError,
    Estimate,
    log_hazard_ratio_from_logrank,
    log_ratio_from_p_value,
    logrank_from_p_value,
    se_from_interval,
)
from .two_curves import group_of, hazard_ratio

Given = Mapping[str, Any]
Numbers = Mapping[str, float]
Z_95 = float(ndtri(0.975))
PARMAR = "Parmar, Torri & Stewart 1998, Stat Med 17:2815; Tierney et al. 2007, Trials 8:16"


def is_ratio(measure: str) -> bool:
    """Whether a measure lives on the logarithmic scale."""
    return measure in {"RR", "OR", "HR", "IRR", "ROM"}


def _se_from_interval(given: Given) -> Numbers:
    low, high, level = given["ci_low"], given["ci_high"], given["ci_level"] / 100
    if is_ratio(given["measure"]):
        if low <= 0:
            raise ConversionError(told("the limits of a ratio are above zero"))
        low, high = log(low), log(high)
    return {"se": se_from_interval(low, high, level=level)}


def _interval(estimate: float, se: float, measure: str) -> Numbers:
    """95% limits around an estimate."""
    if se <= 0:
        raise ConversionError(told("a standard error is above zero"))
    if is_ratio(measure):
        if estimate <= 0:
            raise ConversionError(told("a ratio is above zero"))
        return {"ci_low": estimate * exp(-Z_95 * se), "ci_high": estimate * exp(Z_95 * se)}
    return {"ci_low": estimate - Z_95 * se, "ci_high": estimate + Z_95 * se}


CURVE_PARAMETERS = tuple(
    parameter
    for arm, named in (("first", told("first")), ("second", told("second")))
    for parameter in (
        Parameter(
            f"points_{arm}",
            told("Points of the {arm} arm's curve", arm=named),
            "pairs",
            help=told("A line a point: time, then survival as share or percent."),
        ),
        Parameter(
            f"risk_{arm}",
            told("Numbers at risk, {arm} arm", arm=named),
            "pairs",
            help=told("A line a time: time, then the number at risk; begins at time 0."),
        ),
        Parameter(f"events_{arm}", told("Events in all, {arm} arm, if printed", arm=named), optional=True),
    )
)


def _from_curves(given: Given) -> Numbers:
    curves = [
        curve_from(given[f"points_{arm}"], given[f"risk_{arm}"], given.get(f"events_{arm}"))
        for arm in ("first", "second")
    ]
    found = hazard_ratio(*(group_of(curve) for curve in curves))
    return {"estimate": found.estimate, "se": found.se, **_interval(found.estimate, found.se, "HR")}


def _interval_from_se(given: Given) -> Numbers:
    return _interval(given["estimate"], given["se"], given["measure"])


def _from_p_value(given: Given) -> Numbers:
    estimate, p_value, measure = given["estimate"], given["p_value"], given["measure"]
    if is_ratio(measure):
        se = sqrt(log_ratio_from_p_value(estimate, p_value).variance)
    elif estimate == 0 or not 0 < p_value < 1:
        raise ConversionError(told("an estimate other than 0 and a p between 0 and 1 are needed"))
    else:
        se = abs(estimate / float(ndtri(p_value / 2)))
    return {"se": se, **_interval(estimate, se, measure)}


def _hazard_ratio(found: Estimate) -> Numbers:
    ratio, se = exp(found.effect), sqrt(found.variance)
    return {"estimate": ratio, "se": se, **_interval(ratio, se, "HR")}


def _from_logrank(given: Given) -> Numbers:
    return _hazard_ratio(log_hazard_ratio_from_logrank(given["o_minus_e"], given["variance"]))


def _from_logrank_p(given: Given) -> Numbers:
    found = logrank_from_p_value(
        given["p_value"], given["events1"], given["events2"], favours_first=given["favours"] == "first"
    )
    return _hazard_ratio(log_hazard_ratio_from_logrank(found.o_minus_e, found.variance))


CONTRAST_DERIVATIONS = (
    Derivation(
        "se_from_interval",
        told("Standard error from the confidence interval"),
        "contrast",
        ("ci_low", "ci_high", "measure"),
        ("se",),
        told("SE = (upper − lower) / 2z; of the logarithms for a ratio"),
        "Cochrane Handbook 6.3.1 and 6.3.2",
        _se_from_interval,
    ),
    Derivation(
        "interval_from_se",
        told("Confidence interval from the standard error"),
        "contrast",
        ("estimate", "se", "measure"),
        ("ci_low", "ci_high"),
        told("estimate ± 1.96 SE; on the logarithm for a ratio"),
        "Cochrane Handbook 6.3.1",
        _interval_from_se,
    ),
    Derivation(
        "from_p_value",
        told("Standard error and interval from the p value"),
        "contrast",
        ("estimate", "p_value", "measure"),
        ("se", "ci_low", "ci_high"),
        told("SE = |estimate / z(p)|; of the logarithm for a ratio"),
        "Cochrane Handbook 6.3.2",
        _from_p_value,
        assumes=told(
            "The p value comes from a two-sided Wald test and is printed exactly; near 1 it is unstable."
        ),
    ),
    Derivation(
        "hr_from_curves",
        told("Hazard ratio from both Kaplan-Meier curves (Guyot)"),
        "contrast",
        (),
        ("estimate", "se", "ci_low", "ci_high"),
        told(
            "persons rebuilt from each curve and its numbers at risk; proportional "
            "hazards of the group, ties by Efron"
        ),
        "Guyot et al. 2012, BMC Med Res Methodol 12:9; Cox 1972, J R Stat Soc B 34:187",
        _from_curves,
        CURVE_PARAMETERS,
        assumes=told("Censoring is even within each interval of the table; the hazards are proportional."),
    ),
    Derivation(
        "hr_from_logrank",
        told("Hazard ratio from log-rank O − E and V"),
        "contrast",
        (),
        ("estimate", "se", "ci_low", "ci_high"),
        told("log HR = (O − E) / V; SE = 1 / √V"),
        "Yusuf et al. 1985, Prog Cardiovasc Dis 27:335; " + PARMAR,
        _from_logrank,
        (Parameter("o_minus_e", told("O − E of the first arm")), Parameter("variance", "V")),
    ),
    Derivation(
        "hr_from_logrank_p",
        told("Hazard ratio from the log-rank p and the events"),
        "contrast",
        ("p_value",),
        ("estimate", "se", "ci_low", "ci_high"),
        "V = e₁e₂ / (e₁ + e₂); O − E = ±√V z(p)",
        PARMAR,
        _from_logrank_p,
        (
            Parameter("events1", told("Events, first arm")),
            Parameter("events2", told("Events, second arm")),
            Parameter(
                "favours",
                told("Fewer events than expected in"),
                "choice",
                choices=(("first", told("the first arm")), ("second", told("the second arm"))),
            ),
        ),
        assumes=told("Arms of about equal size."),
    ),
)
