"""The rules for printed results turned on our own: runs, printed results beside them, extracted estimates.

Pure: a run's stored result and plan in, reports out. Numbers are unrounded, so that nothing is excused by
rounding.
"""

from collections.abc import Mapping
from typing import Any

from ..estimate.measures import Measure, ShownAs, measure_of
from ..estimate.rows import ReportedEstimate
from . import Limits, Number, Printed, Report, audit
from .checking import MOST_STUDIES
from .printed import AuditProblem, Scale, number

SCALES = {ShownAs.RATIO: Scale.RATIO, ShownAs.NUMBER: Scale.DIFFERENCE}
# Rules that hold for Wald intervals with inverse-variance weights only; others make wider or skewed ones.
WALD_ONLY = frozenset({"pi_wider_than_tau2_allows", "implied_fixed_n", "implied_n", "pi_centre", "ci_scale"})
# How far a stored number may be off by floating point.
SLACK = 1e-9


def audited_run(title: str, result: Mapping[str, Any], plan: Mapping[str, Any]) -> Report:
    """What the rules say of a run's own result."""
    scale, measure = result["scale"], measure_of(plan["measure"])
    # A mixed model's I2 and its likelihood ratio are no pair that the rule of Q knows.
    has_q = plan.get("method") != "glmm"
    printed = Printed(
        title,
        _exact(result["estimate"], measure),
        _limits(result["ci_low"], result["ci_high"], measure),
        _limits(result["prediction_low"], result["prediction_high"], measure),
        # The rule sets I2 by Q against the p of Q; the I2 that the page shows comes from tau2.
        _near(scale.get("i2_from_q", scale["i2"]), ".1f") if has_q else None,
        _near(scale["q_p"], ".3f") if has_q else None,
        studies=scale["k"],
        scale=_scale(measure),
        level=plan["level"] / 100,
    )
    (report,) = audit([printed], most_studies=max(4, scale["k"]))
    return Report(report.result, tuple(each for each in report.findings if _applies(each.rule, plan)))


def _applies(rule: str, plan: Mapping[str, Any]) -> bool:
    is_plain = plan.get("method", "inverse_variance") == "inverse_variance" and plan["interval"] == "wald"
    return is_plain or rule not in WALD_ONLY


def audited_print(title: str, printed: Mapping[str, Any], most_studies: int = MOST_STUDIES) -> Report | None:
    """What the rules say of a printed result that stands beside an analysis; None where it cannot be read.

    most_studies: that its review can have pooled, where it does not print their number.
    """
    try:
        estimate = number(str(printed.get("estimate", "")))
        if estimate is None:
            return None
        told = Printed(
            title,
            estimate,
            _printed_limits(printed, "ci"),
            _printed_limits(printed, "pi"),
            number(str(printed.get("i2") or "")),
            number(str(printed.get("p") or "")),
            scale=Scale.PERCENT,
        )
    except AuditProblem:
        return None
    return audit([told], most_studies=max(4, most_studies))[0]


def audited_estimate(title: str, told: ReportedEstimate) -> Report:
    """What the rules say of an estimate as a report gives it, rounded to the digits it was typed with."""
    is_ratio = told.measure in ("HR", "RR", "OR", "IRR")
    printed = Printed(
        title,
        Number(told.estimate, _half(told.estimate)),
        None
        if told.ci_low is None or told.ci_high is None
        else Limits(Number(told.ci_low, _half(told.ci_low)), Number(told.ci_high, _half(told.ci_high))),
        scale=Scale.RATIO if is_ratio else Scale.DIFFERENCE,
        level=told.ci_level / 100,
    )
    return audit([printed])[0]


def _scale(measure: Measure) -> Scale:
    if measure.shown_as is ShownAs.PERCENT:
        return Scale.PERCENT if measure.null is None else Scale.DIFFERENCE
    return SCALES[measure.shown_as]


def _near(value: float, pattern: str) -> Number:
    return Number(value, SLACK * max(1.0, abs(value)), text=format(value, pattern))


def _exact(value: float, measure: Measure) -> Number:
    shown = 100 * value if measure.shown_as is ShownAs.PERCENT else value
    sign = "%" if measure.shown_as is ShownAs.PERCENT else ""
    return Number(shown, SLACK * max(1.0, abs(shown)), text=f"{shown:.{1 if sign else 2}f}{sign}")


def _limits(low: float | None, high: float | None, measure: Measure) -> Limits | None:
    if low is None or high is None:
        return None
    return Limits(_exact(low, measure), _exact(high, measure))


def _printed_limits(printed: Mapping[str, Any], kind: str) -> Limits | None:
    low, high = (number(str(printed.get(f"{kind}_{end}") or "")) for end in ("low", "high"))
    return None if low is None or high is None else Limits(low, high)


def _half(value: float) -> float:
    """Half a unit of the last digit of a number as it was typed."""
    text = repr(float(value))
    decimals = len(text.partition(".")[2]) if "e" not in text and not text.endswith(".0") else 0
    return 0.5 * 10.0**-decimals
