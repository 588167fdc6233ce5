"""Rules on one result's interval and range: what lies where it must."""

from collections.abc import Iterator

from analysis.audit.findings import Finding, Severity
from analysis.audit.printed import Limits, Number, Printed, Scale
from analysis.audit.scales import candidates, fitting

LARGEST = {Scale.PERCENT: 100.0, Scale.PROPORTION: 1.0, Scale.CORRELATION: 1.0}
SMALLEST = {Scale.PERCENT: 0.0, Scale.PROPORTION: 0.0, Scale.RATIO: 0.0, Scale.CORRELATION: -1.0}


def range_of_values(result: Printed) -> Iterator[Finding]:
    """Values that their scale does not have."""
    smallest, largest = SMALLEST.get(result.scale), LARGEST.get(result.scale)
    for name, value in _values(result):
        below = smallest is not None and value.high < smallest
        above = largest is not None and value.low > largest
        if below or above:
            is_estimate = name == "estimate"
            yield Finding(
                rule="value_out_of_range",
                severity=Severity.IMPOSSIBLE
                if is_estimate or result.scale is Scale.RATIO
                else Severity.WARNING,
                formula=f"{smallest:g} <= value" + (f" <= {largest:g}" if largest is not None else ""),
                sentence=f"The {name}, {value}, is not a possible {result.scale}."
                + (
                    ""
                    if is_estimate
                    else " Limits of raw proportions can leave the scale; another scale keeps them in."
                ),
                numbers={"value": value.value},
            )
    if result.i2 and not 0 <= result.i2.value < 100:
        yield Finding(
            rule="i2_out_of_range",
            severity=Severity.IMPOSSIBLE,
            formula="0 <= I2 < 100",
            sentence=f"I2 is printed as {result.i2}%, but it lies from 0 to below 100%.",
            numbers={"i2": result.i2.value},
        )
    if result.p and not 0 <= result.p.value <= 1:
        yield Finding(
            rule="p_out_of_range",
            severity=Severity.IMPOSSIBLE,
            formula="0 <= p <= 1",
            sentence=f"The p value is printed as {result.p}.",
            numbers={"p": result.p.value},
        )


def _values(result: Printed) -> list[tuple[str, Number]]:
    values = [("estimate", result.estimate)]
    for name, limits in (("confidence", result.ci), ("prediction", result.prediction)):
        if limits:
            values += [(f"lower {name} limit", limits.low), (f"upper {name} limit", limits.high)]
    return values


def order_of_limits(result: Printed) -> Iterator[Finding]:
    for name, limits in (("confidence", result.ci), ("prediction", result.prediction)):
        if limits and limits.low.low > limits.high.high:
            yield Finding(
                rule="limits_reversed",
                severity=Severity.IMPOSSIBLE,
                formula="lower <= upper",
                sentence=f"The {name} interval runs from {limits.low} down to {limits.high}.",
            )


def ci_holds_estimate(result: Printed) -> Iterator[Finding]:
    if result.ci and not _holds(result.ci, result.estimate):
        yield Finding(
            rule="ci_excludes_estimate",
            severity=Severity.IMPOSSIBLE,
            formula="CI_low <= estimate <= CI_high",
            sentence=f"The estimate, {result.estimate}, lies outside its own interval, {result.ci}.",
        )


def pi_holds_estimate(result: Printed) -> Iterator[Finding]:
    if result.prediction and not _holds(result.prediction, result.estimate):
        yield Finding(
            rule="pi_excludes_estimate",
            severity=Severity.IMPOSSIBLE,
            formula="PI_low <= estimate <= PI_high",
            sentence=f"The prediction interval, {result.prediction}, does not hold the estimate, "
            f"{result.estimate}: it is centred on it by construction.",
        )


def _holds(limits: Limits, value: Number) -> bool:
    return limits.low.low <= value.high and value.low <= limits.high.high


def pi_holds_ci(result: Printed) -> Iterator[Finding]:
    """tau2 is not negative and t quantiles are not below the normal's, so the prediction interval is the
    wider.
    """
    ci, prediction = result.ci, result.prediction
    if ci is None or prediction is None:
        return
    sides = []
    if prediction.low.low > ci.low.high:
        sides.append(f"its lower limit, {prediction.low}, is above the interval's, {ci.low}")
    if prediction.high.high < ci.high.low:
        sides.append(f"its upper limit, {prediction.high}, is below the interval's, {ci.high}")
    if sides:
        yield Finding(
            rule="pi_excludes_ci",
            severity=Severity.IMPOSSIBLE,
            formula="PI_low <= CI_low and CI_high <= PI_high, as tau2 >= 0 and t >= z",
            sentence="The prediction interval does not hold the confidence interval: "
            + "; ".join(sides)
            + ".",
            assumption="both intervals are at the same level, and not a Hartung-Knapp confidence interval "
            "beside a normal prediction interval",
        )


def pi_equals_ci(result: Printed) -> Iterator[Finding]:
    """A limit of one interval printed for the other."""
    ci, prediction = result.ci, result.prediction
    if ci is None or prediction is None or (result.i2 and result.i2.low <= 0):
        return
    pairs = (
        ("lower", prediction.low, "lower", ci.low),
        ("upper", prediction.high, "upper", ci.high),
        ("lower", prediction.low, "upper", ci.high),
        ("upper", prediction.high, "lower", ci.low),
    )
    for ours, limit, theirs, other in pairs:
        if limit.value == other.value:
            yield Finding(
                rule="copied_bound",
                severity=Severity.SUSPICIOUS,
                formula=f"PI_{ours} = CI_{theirs} although I2 > 0",
                sentence=f"The {ours} prediction limit, {limit}, is the {theirs} confidence limit: "
                "with heterogeneity the two differ, so one may be a copy of the other.",
                numbers={"value": limit.value},
            )


def ci_scale(result: Printed) -> Iterator[Finding]:
    if result.ci is None or not _holds(result.ci, result.estimate):
        return
    names = [scale.name for scale in fitting(result)]
    tried = ", ".join(scale.name for scale in candidates(result))
    yield Finding(
        rule="ci_scale",
        severity=Severity.INFORMATION if names else Severity.WARNING,
        formula="(CI_high - estimate) / (estimate - CI_low) = 1 on the pooling scale, within rounding",
        sentence=f"The confidence interval is symmetric about the estimate on this scale: {', '.join(names)}."
        if names
        else f"The confidence interval is symmetric about the estimate on no usual scale ({tried}).",
        assumption="" if names else "an interval of the form estimate +- quantile x SE",
        numbers={"scales": ", ".join(names)},
    )


def pi_missing(result: Printed) -> Iterator[Finding]:
    if result.prediction or result.i2 is None or result.i2.low <= 0 or (result.studies or 3) < 3:
        return
    yield Finding(
        rule="pi_missing",
        severity=Severity.ADVICE,
        formula="I2 > 0 and k >= 3",
        sentence=f"With I2 of {result.i2}% a prediction interval would show how far true effects "
        "differ; none is printed.",
    )
