"""Derivations within the results of one arm."""

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any

from ..told import told
from .base import Derivation, Parameter
from .conversions import (
    ConversionError,
    MeanAndSd,
    SummaryMethod,
    change_sd,
    mean_sd_from_median,
    sd_from_se,
    se_from_interval,
)
from .kaplan_meier import Reconstruction, reconstruct
from .quantile_estimation import mean_sd_by_quantile_estimation

Given = Mapping[str, Any]
Numbers = Mapping[str, float]
WAN = "Wan et al. 2014, BMC Med Res Methodol 14:135"
LUO = "Luo et al. 2018, Stat Methods Med Res 27:1785 (mean); " + WAN + " (SD)"
SHI = "Luo et al. 2018, Stat Methods Med Res 27:1785 (mean); Shi et al. 2020, Res Synth Methods 11:641 (SD)"
MCGRATH = "McGrath et al. 2020, Stat Methods Med Res 29:2520"
RANGE, QUARTILES = ("minimum", "maximum"), ("q1", "q3")
WAN_FORMULAS: Mapping[tuple[str, ...], str] = {
    QUARTILES: told("mean = (q1 + median + q3) / 3; SD = (q3 − q1) / 2Φ⁻¹((0.75n − 0.125)/(n + 0.25))"),
    RANGE: told("mean = (min + 2 median + max) / 4; SD = (max − min) / 2Φ⁻¹((n − 0.375)/(n + 0.25))"),
}
WAN_OF_FIVE = told("mean = (min + 2q1 + 2 median + 2q3 + max) / 8; SD = half of each of the two SDs")


def _by_median(method: SummaryMethod) -> Callable[[Given], Numbers]:
    def compute(given: Given) -> Numbers:
        return _pair(mean_sd_from_median(**_summary(given), method=method))

    return compute


def _by_quantiles(given: Given) -> Numbers:
    return _pair(mean_sd_by_quantile_estimation(**_summary(given)))


def _summary(given: Given) -> dict[str, float]:
    names = ("median", *RANGE, *QUARTILES)
    return {"size": given["n"], **{name: given[name] for name in names if name in given}}


def _pair(found: MeanAndSd) -> Numbers:
    return {"mean": found.mean, "sd": found.sd}


def _sd_from_interval(given: Given) -> Numbers:
    n = given["n"]
    if n < 2:
        raise ConversionError(told("two persons are needed for a standard deviation"))
    se = se_from_interval(given["ci_low"], given["ci_high"], level=given["ci_level"] / 100, df=n - 1)
    return {"sd": sd_from_se(se, n)}


def _events_from_percent(given: Given) -> Numbers:
    percent, n = given["percent"], given["n"]
    if not 0 <= percent <= 100:
        raise ConversionError(told("a percentage lies between 0 and 100"))
    decimals = len(f"{percent:.10g}".partition(".")[2])
    half = 0.5 * 10**-decimals
    fitting = [k for k in range(int(n) + 1) if abs(100 * k / n - percent) <= half + 1e-9]
    if len(fitting) > 1:
        raise ConversionError(
            told(
                "{percent:g}% of {n:g} may be {low} to {high} events: the "
                "percentage is printed too coarsely to tell. Type the number you take and "
                "say so in the note",
                percent=percent,
                n=n,
                low=fitting[0],
                high=fitting[-1],
            )
        )
    if not fitting:
        raise ConversionError(
            told(
                "no whole number of events out of {n:g} gives {percent:g}%; check both numbers",
                n=n,
                percent=percent,
            )
        )
    return {"events": float(fitting[0])}


def _change(given: Given) -> Numbers:
    return {
        "mean": given["last_mean"] - given["first_mean"],
        "sd": change_sd(given["first_sd"], given["last_sd"], given["correlation"]),
    }


def _survival(given: Given) -> Numbers:
    found = curve_from(given["points"], given["risk_table"], given.get("total_events"))
    at = found.survival_at(given["time"])
    # Censored persons leave the count of events too small; n times the curve is what the estimate says.
    return {"n": float(found.size), "events": float(round(found.size * (1 - at.share)))}


def curve_from(points: str, risk_table: str, total_events: float | None) -> Reconstruction:
    """The persons behind a curve from pasted pairs. Raises ConversionError in words for the person."""
    times, shares = _pairs(points, told("points"))
    if max(shares) > 1:
        shares = [share / 100 for share in shares]
    risk_times, at_risk = _pairs(risk_table, told("numbers at risk"))
    return reconstruct(
        times=times,
        survival=shares,
        risk_times=risk_times,
        at_risk=[round(n) for n in at_risk],
        total_events=None if total_events is None else round(total_events),
    )


def _pairs(text: str, what: str) -> tuple[list[float], list[float]]:
    """Two columns from pasted text: two numbers a line, apart by tab, space, comma or semicolon."""
    first, second = [], []
    for number, line in enumerate(text.strip().splitlines(), 1):
        parts = line.replace(";", " ").replace("\t", " ").replace(",", " ").split()
        if not parts:
            continue
        try:
            time, value = map(float, parts)
        except ValueError:
            raise ConversionError(
                told(
                    "{what}, line {number}: “{text}” is not a pair of numbers",
                    what=what,
                    number=number,
                    text=line.strip(),
                )
            ) from None
        first.append(time)
        second.append(value)
    if not first:
        raise ConversionError(told("there are no {what}", what=what))
    return first, second


CHANGE_PARAMETERS = (
    Parameter("first_mean", told("Mean at baseline")),
    Parameter("first_sd", told("SD at baseline")),
    Parameter("last_mean", told("Mean at follow-up")),
    Parameter("last_sd", told("SD at follow-up")),
    Parameter(
        "correlation",
        told("Correlation of the two"),
        default="0.5",
        help=told("From a study that prints all three SDs, if any; try others in a sensitivity analysis."),
    ),
)
KAPLAN_MEIER_PARAMETERS = (
    Parameter(
        "points",
        told("Points of the curve"),
        "pairs",
        help=told("A line a point: time, then survival as share or percent."),
    ),
    Parameter(
        "risk_table",
        told("Numbers at risk"),
        "pairs",
        help=told("A line a time: time, then the number at risk; begins at time 0."),
    ),
    Parameter("total_events", told("Events in all, if printed"), optional=True),
    Parameter("time", told("Survival at time")),
)


def _from_median(key: str, title: str, needs: tuple[str, ...]) -> tuple[Derivation, ...]:
    """The three methods for one set of quantiles."""
    both = len(needs) == 4
    shared = {"kind": "arm", "needs": ("median", *needs, "n"), "gives": ("mean", "sd")}
    normal = told("Values about symmetric: look at the distance of the median from both ends.")
    return (
        Derivation(
            f"{key}_luo",
            told("Mean and SD from {quantiles} (Luo and Shi)", quantiles=title)
            if both
            else told("Mean and SD from {quantiles} (Luo, Wan)", quantiles=title),
            formula=told(
                "weighted mean of mid-range, mid-quartile and median; SD from the expected "
                "normal order statistics"
            ),
            source=SHI if both else LUO,
            compute=_by_median(SummaryMethod.OPTIMAL),
            assumes=normal,
            **shared,  # type: ignore[arg-type]
        ),
        Derivation(
            f"{key}_wan",
            told("Mean and SD from {quantiles} (Wan)", quantiles=title),
            formula=WAN_FORMULAS.get(needs, WAN_OF_FIVE),
            source=WAN,
            compute=_by_median(SummaryMethod.SIMPLE),
            assumes=normal,
            **shared,  # type: ignore[arg-type]
        ),
        Derivation(
            f"{key}_mcgrath",
            told("Mean and SD from {quantiles} (McGrath, skewed values)", quantiles=title),
            formula=told(
                "mean and SD of that normal, log-normal, gamma or Weibull whose quantiles are nearest"
            ),
            source=MCGRATH,
            compute=_by_quantiles,
            **shared,  # type: ignore[arg-type]
        ),
    )


ARM_DERIVATIONS = (
    Derivation(
        "sd_from_se",
        told("SD from the standard error"),
        "arm",
        ("se", "n"),
        ("sd",),
        told("SD = SE × √n"),
        "Cochrane Handbook 6.5.2.2",
        lambda given: {"sd": sd_from_se(given["se"], given["n"])},
    ),
    Derivation(
        "sd_from_interval",
        told("SD from the confidence interval of the mean"),
        "arm",
        ("ci_low", "ci_high", "n"),
        ("sd",),
        told("SD = √n × (upper − lower) / 2t, t on n − 1 degrees of freedom"),
        "Cochrane Handbook 6.5.2.2",
        _sd_from_interval,
    ),
    Derivation(
        "se_from_sd",
        told("Standard error from the SD"),
        "arm",
        ("sd", "n"),
        ("se",),
        told("SE = SD / √n"),
        "Cochrane Handbook 6.5.2.2",
        lambda given: {"se": given["sd"] / sqrt(given["n"])},
    ),
    Derivation(
        "events_from_percent",
        told("Events from the percentage"),
        "arm",
        ("percent", "n"),
        ("events",),
        told("events = percent × n / 100, taken only where one whole number fits the printed digits"),
        "Cochrane Handbook 6.4",
        _events_from_percent,
    ),
    *_from_median("quartiles", told("median and quartiles"), QUARTILES),
    *_from_median("range", told("median and range"), RANGE),
    *_from_median("five_numbers", told("median, quartiles and range"), (*RANGE, *QUARTILES)),
    Derivation(
        "change",
        told("Change from baseline"),
        "arm",
        (),
        ("mean", "sd"),
        told("mean = last − first; SD = √(SD₁² + SD₂² − 2 r SD₁ SD₂)"),
        "Cochrane Handbook 6.5.2.8",
        _change,
        CHANGE_PARAMETERS,
        assumes=told("The correlation is an assumption unless a report prints it."),
    ),
    Derivation(
        "kaplan_meier",
        told("Events by a time from a Kaplan-Meier curve (Guyot)"),
        "arm",
        (),
        ("n", "events"),
        told(
            "persons rebuilt from the curve and the numbers at risk; events = n × (1 − survival at the time)"
        ),
        "Guyot et al. 2012, BMC Med Res Methodol 12:9",
        _survival,
        KAPLAN_MEIER_PARAMETERS,
        assumes=told("Censoring is even within each interval of the table."),
    ),
)
