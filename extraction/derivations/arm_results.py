"""Derivations within the results of one arm."""

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any

from ..conversions import (
    ConversionError,
    MeanAndSd,
    SummaryMethod,
    change_sd,
    mean_sd_from_median,
    sd_from_se,
    se_from_interval,
)
from ..kaplan_meier import Reconstruction, reconstruct
from ..quantile_estimation import mean_sd_by_quantile_estimation
from .base import Derivation, Parameter

Given = Mapping[str, Any]
Numbers = Mapping[str, float]
WAN = "Wan et al. 2014, BMC Med Res Methodol 14:135"
LUO = "Luo et al. 2018, Stat Methods Med Res 27:1785 (mean); " + WAN + " (SD)"
SHI = "Luo et al. 2018, Stat Methods Med Res 27:1785 (mean); Shi et al. 2020, Res Synth Methods 11:641 (SD)"
MCGRATH = "McGrath et al. 2020, Stat Methods Med Res 29:2520"
RANGE, QUARTILES = ("minimum", "maximum"), ("q1", "q3")
WAN_FORMULAS: Mapping[tuple[str, ...], str] = {
    QUARTILES: "mean = (q1 + median + q3) / 3; SD = (q3 − q1) / 2Φ⁻¹((0.75n − 0.125)/(n + 0.25))",
    RANGE: "mean = (min + 2 median + max) / 4; SD = (max − min) / 2Φ⁻¹((n − 0.375)/(n + 0.25))",
}
WAN_OF_FIVE = "mean = (min + 2q1 + 2 median + 2q3 + max) / 8; SD = half of each of the two SDs"


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
        raise ConversionError("two persons are needed for a standard deviation")
    se = se_from_interval(given["ci_low"], given["ci_high"], level=given["ci_level"] / 100, df=n - 1)
    return {"sd": sd_from_se(se, n)}


def _events_from_percent(given: Given) -> Numbers:
    percent, n = given["percent"], given["n"]
    if not 0 <= percent <= 100:
        raise ConversionError("a percentage lies between 0 and 100")
    decimals = len(f"{percent:.10g}".partition(".")[2])
    half = 0.5 * 10**-decimals
    fitting = [k for k in range(int(n) + 1) if abs(100 * k / n - percent) <= half + 1e-9]
    if len(fitting) > 1:
        raise ConversionError(
            f"{percent:g}% of {n:g} may be {fitting[0]} to {fitting[-1]} events: the percentage is printed "
            "too coarsely to tell. Type the number you take and say so in the note"
        )
    if not fitting:
        raise ConversionError(
            f"no whole number of events out of {n:g} gives {percent:g}%; check both numbers"
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
    times, shares = _pairs(points, "points")
    if max(shares) > 1:
        shares = [share / 100 for share in shares]
    risk_times, at_risk = _pairs(risk_table, "numbers at risk")
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
                f"{what}, line {number}: “{line.strip()}” is not a pair of numbers"
            ) from None
        first.append(time)
        second.append(value)
    if not first:
        raise ConversionError(f"there are no {what}")
    return first, second


CHANGE_PARAMETERS = (
    Parameter("first_mean", "Mean at baseline"),
    Parameter("first_sd", "SD at baseline"),
    Parameter("last_mean", "Mean at follow-up"),
    Parameter("last_sd", "SD at follow-up"),
    Parameter(
        "correlation",
        "Correlation of the two",
        default="0.5",
        help="From a study that prints all three SDs, if any; try others in a sensitivity analysis.",
    ),
)
KAPLAN_MEIER_PARAMETERS = (
    Parameter(
        "points",
        "Points of the curve",
        "pairs",
        help="A line a point: time, then survival as share or percent.",
    ),
    Parameter(
        "risk_table",
        "Numbers at risk",
        "pairs",
        help="A line a time: time, then the number at risk; begins at time 0.",
    ),
    Parameter("total_events", "Events in all, if printed", optional=True),
    Parameter("time", "Survival at time"),
)


def _from_median(key: str, title: str, needs: tuple[str, ...]) -> tuple[Derivation, ...]:
    """The three methods for one set of quantiles."""
    both = len(needs) == 4
    shared = {"kind": "arm", "needs": ("median", *needs, "n"), "gives": ("mean", "sd")}
    normal = "Values about symmetric: look at the distance of the median from both ends."
    return (
        Derivation(
            f"{key}_luo",
            f"Mean and SD from {title} (Luo{' and Shi' if both else ', Wan'})",
            formula="weighted mean of mid-range, mid-quartile and median; SD from the expected normal order "
            "statistics",
            source=SHI if both else LUO,
            compute=_by_median(SummaryMethod.OPTIMAL),
            assumes=normal,
            **shared,  # type: ignore[arg-type]
        ),
        Derivation(
            f"{key}_wan",
            f"Mean and SD from {title} (Wan)",
            formula=WAN_FORMULAS.get(needs, WAN_OF_FIVE),
            source=WAN,
            compute=_by_median(SummaryMethod.SIMPLE),
            assumes=normal,
            **shared,  # type: ignore[arg-type]
        ),
        Derivation(
            f"{key}_mcgrath",
            f"Mean and SD from {title} (McGrath, skewed values)",
            formula="mean and SD of that normal, log-normal, gamma or Weibull whose quantiles are nearest",
            source=MCGRATH,
            compute=_by_quantiles,
            **shared,  # type: ignore[arg-type]
        ),
    )


ARM_DERIVATIONS = (
    Derivation(
        "sd_from_se",
        "SD from the standard error",
        "arm",
        ("se", "n"),
        ("sd",),
        "SD = SE × √n",
        "Cochrane Handbook 6.5.2.2",
        lambda given: {"sd": sd_from_se(given["se"], given["n"])},
    ),
    Derivation(
        "sd_from_interval",
        "SD from the confidence interval of the mean",
        "arm",
        ("ci_low", "ci_high", "n"),
        ("sd",),
        "SD = √n × (upper − lower) / 2t, t on n − 1 degrees of freedom",
        "Cochrane Handbook 6.5.2.2",
        _sd_from_interval,
    ),
    Derivation(
        "se_from_sd",
        "Standard error from the SD",
        "arm",
        ("sd", "n"),
        ("se",),
        "SE = SD / √n",
        "Cochrane Handbook 6.5.2.2",
        lambda given: {"se": given["sd"] / sqrt(given["n"])},
    ),
    Derivation(
        "events_from_percent",
        "Events from the percentage",
        "arm",
        ("percent", "n"),
        ("events",),
        "events = percent × n / 100, taken only where one whole number fits the printed digits",
        "Cochrane Handbook 6.4",
        _events_from_percent,
    ),
    *_from_median("quartiles", "median and quartiles", QUARTILES),
    *_from_median("range", "median and range", RANGE),
    *_from_median("five_numbers", "median, quartiles and range", (*RANGE, *QUARTILES)),
    Derivation(
        "change",
        "Change from baseline",
        "arm",
        (),
        ("mean", "sd"),
        "mean = last − first; SD = √(SD₁² + SD₂² − 2 r SD₁ SD₂)",
        "Cochrane Handbook 6.5.2.8",
        _change,
        CHANGE_PARAMETERS,
        assumes="The correlation is an assumption unless a report prints it.",
    ),
    Derivation(
        "kaplan_meier",
        "Events by a time from a Kaplan-Meier curve (Guyot)",
        "arm",
        (),
        ("n", "events"),
        "persons rebuilt from the curve and the numbers at risk; events = n × (1 − survival at the time)",
        "Guyot et al. 2012, BMC Med Res Methodol 12:9",
        _survival,
        KAPLAN_MEIER_PARAMETERS,
        assumes="Censoring is even within each interval of the table.",
    ),
)
