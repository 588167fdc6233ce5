"""What a report gives, turned into what an analysis needs. Every result is derived and says by which method.

Plain numbers in, frozen results out. Each function names its published source. Nothing is rounded.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import log, pi, sqrt

from scipy.special import ndtri, stdtrit

from ..told import told


class ConversionError(ValueError):
    """The reported numbers cannot be true together, or do not suffice for the conversion."""


@dataclass(frozen=True)
class MeanAndSd:
    """A derived mean and standard deviation; `method` says how."""

    mean: float
    sd: float
    method: str


@dataclass(frozen=True)
class Estimate:
    """A derived effect with its variance (squared standard error), on the log scale for ratios."""

    effect: float
    variance: float
    method: str


@dataclass(frozen=True)
class Group:
    """Size, mean and standard deviation of a group of persons."""

    size: float
    mean: float
    sd: float


class SummaryMethod(StrEnum):
    """How a mean and standard deviation are taken from a median with quartiles or range.

    OPTIMAL: means of Luo et al. 2018, standard deviations of Wan et al. 2014 and, with five numbers, Shi et
    al. 2020.
    SIMPLE: means by fixed weights and standard deviations of Wan et al. 2014.
    """

    OPTIMAL = "luo/wan/shi"
    SIMPLE = "wan"


def mean_sd_from_median(
    *,
    size: float,
    median: float,
    minimum: float | None = None,
    q1: float | None = None,
    q3: float | None = None,
    maximum: float | None = None,
    method: SummaryMethod = SummaryMethod.OPTIMAL,
) -> MeanAndSd:
    """Mean and standard deviation estimated from a median with its range, its quartiles, or both.

    Only sensible where the values are about symmetric. Raises ConversionError where neither the range nor the
    quartiles are complete, or the numbers do not ascend.
    Sources: Wan et al. 2014, BMC Med Res Methodol 14:135; Luo et al. 2018, Stat Methods Med Res 27:1785; Shi
    et al. 2020, Res Synth Methods 11:641; Hozo, Djulbegovic & Hozo 2005, BMC Med Res Methodol 5:13.
    """
    numbers = [number for number in (minimum, q1, median, q3, maximum) if number is not None]
    if size < 2 or numbers != sorted(numbers):
        raise ConversionError(
            told("minimum, quartiles, median and maximum must ascend, and two persons are needed")
        )
    extremes = (minimum, maximum) if minimum is not None and maximum is not None else None
    quartiles = (q1, q3) if q1 is not None and q3 is not None else None
    if extremes is None and quartiles is None:
        raise ConversionError(told("a median needs minimum and maximum, or both quartiles, beside it"))
    if method is SummaryMethod.SIMPLE:
        mean = _simple_mean(median, extremes, quartiles)
    else:
        mean = _optimal_mean(size, median, extremes, quartiles)
    return MeanAndSd(mean, _sd(size, extremes, quartiles, method), f"from the median ({method})")


Pair = tuple[float, float]


def _simple_mean(median: float, extremes: Pair | None, quartiles: Pair | None) -> float:
    if extremes and quartiles:
        return (sum(extremes) + 2 * sum(quartiles) + 2 * median) / 8
    if extremes:
        return (sum(extremes) + 2 * median) / 4
    assert quartiles is not None
    return (sum(quartiles) + median) / 3


def _optimal_mean(size: float, median: float, extremes: Pair | None, quartiles: Pair | None) -> float:
    of_extremes = of_quartiles = 0.0
    if extremes and quartiles:
        of_extremes, of_quartiles = 2.2 / (2.2 + size**0.75), 0.7 - 0.72 / size**0.55
    elif extremes:
        of_extremes = 4 / (4 + size**0.75)
    else:
        of_quartiles = 0.7 + 0.39 / size
    middle = (1 - of_extremes - of_quartiles) * median
    ends = of_extremes * sum(extremes) / 2 if extremes else 0.0
    return middle + ends + (of_quartiles * sum(quartiles) / 2 if quartiles else 0.0)


def _sd(size: float, extremes: Pair | None, quartiles: Pair | None, method: SummaryMethod) -> float:
    """Distances between the numbers over those expected of a normal sample."""
    by_range = 2 * float(ndtri((size - 0.375) / (size + 0.25)))
    by_quartiles = 2 * float(ndtri((0.75 * size - 0.125) / (size + 0.25)))
    if extremes and quartiles:
        # Weight of the range: a half for Wan, less in large samples for Shi.
        share = 0.5 if method is SummaryMethod.SIMPLE else 1 / (1 + 0.07 * size**0.6)
        wide, narrow = extremes[1] - extremes[0], quartiles[1] - quartiles[0]
        return share * wide / by_range + (1 - share) * narrow / by_quartiles
    if extremes:
        return (extremes[1] - extremes[0]) / by_range
    assert quartiles is not None
    return (quartiles[1] - quartiles[0]) / by_quartiles


def se_from_interval(low: float, high: float, *, level: float = 0.95, df: float | None = None) -> float:
    """Standard error from a confidence interval of a difference, by t on `df` or else the normal.

    Source: Cochrane Handbook 6.3.1 and 6.5.2.2 (2024), with the exact quantile for the reported level.
    """
    if high < low:
        raise ConversionError(told("the upper limit is below the lower one"))
    upper = (1 + level) / 2
    return (high - low) / (2 * float(ndtri(upper) if df is None else stdtrit(df, upper)))


def log_ratio_from_interval(estimate: float, low: float, high: float, *, level: float = 0.95) -> Estimate:
    """Log ratio with its variance from a ratio (hazard, odds, risk) and its confidence interval.

    Source: Cochrane Handbook 6.3.2 (2024). Raises ConversionError when the interval does not hold the ratio.
    """
    if not 0 < low <= estimate <= high:
        raise ConversionError(told("a ratio must be above zero and lie within its interval"))
    se = se_from_interval(log(low), log(high), level=level)
    return Estimate(log(estimate), se**2, "from the confidence interval")


def log_ratio_from_p_value(ratio: float, p_value: float) -> Estimate:
    """Log ratio with its variance from a ratio and its two-sided p; unstable near p = 1.

    Source: Cochrane Handbook 6.3.2 (2024).
    """
    if ratio <= 0 or ratio == 1 or not 0 < p_value < 1:
        raise ConversionError(told("a ratio above zero other than 1, and a p between 0 and 1, are needed"))
    return Estimate(log(ratio), (log(ratio) / float(ndtri(p_value / 2))) ** 2, "from the p value")


def log_hazard_ratio_from_logrank(o_minus_e: float, variance: float) -> Estimate:
    """Log hazard ratio from the log-rank observed minus expected events and their variance.

    Source: Yusuf et al. 1985, Prog Cardiovasc Dis 27:335; Parmar, Torri & Stewart 1998, Stat Med 17:2815.
    """
    if variance <= 0:
        raise ConversionError(told("the log-rank variance must be above zero"))
    return Estimate(o_minus_e / variance, 1 / variance, "from log-rank O - E and V")


@dataclass(frozen=True)
class LogRank:
    """Log-rank observed minus expected events and their variance, derived."""

    o_minus_e: float
    variance: float


def logrank_from_p_value(p_value: float, events1: float, events2: float, *, favours_first: bool) -> LogRank:
    """Log-rank O - E and V from its two-sided p and the events of two groups.

    favours_first: whether group 1 had fewer events than expected, which p alone does not tell.
    Source: Parmar, Torri & Stewart 1998, Stat Med 17:2815, V = events1 events2 / (events1 + events2).
    """
    if not 0 < p_value <= 1 or events1 <= 0 or events2 <= 0:
        raise ConversionError(told("a p above 0 and events in both groups are needed"))
    variance = events1 * events2 / (events1 + events2)
    distance = sqrt(variance) * -float(ndtri(p_value / 2))
    return LogRank(-distance if favours_first else distance, variance)


def combine_groups(first: Group, second: Group) -> Group:
    """Two groups taken as one. Source: Cochrane Handbook table 6.5.a (2024)."""
    size = first.size + second.size
    if first.size < 1 or second.size < 1 or size <= 2:
        raise ConversionError(told("both groups must hold persons"))
    mean = (first.size * first.mean + second.size * second.mean) / size
    within = (first.size - 1) * first.sd**2 + (second.size - 1) * second.sd**2
    between = first.size * second.size / size * (first.mean - second.mean) ** 2
    return Group(size, mean, sqrt((within + between) / (size - 1)))


def change_sd(sd_first: float, sd_last: float, correlation: float) -> float:
    """Standard deviation of the change between two measurements. Source: Cochrane Handbook 6.5.2.8 (2024)."""
    if not -1 <= correlation <= 1:
        raise ConversionError(told("a correlation lies between -1 and 1"))
    return sqrt(sd_first**2 + sd_last**2 - 2 * correlation * sd_first * sd_last)


def log_odds_ratio_from_smd(smd: float, variance: float) -> Estimate:
    """Log odds ratio from a standardised mean difference. Source: Hasselblad & Hedges 1995, Psychol Bull
    117:167.
    """
    return Estimate(smd * pi / sqrt(3), variance * pi**2 / 3, "from the standardised mean difference")


def design_effect(cluster_size: float, icc: float) -> float:
    """By how much clustering inflates variances. Source: Cochrane Handbook 23.1.4 (2024); Donner & Klar
    2000.
    """
    if cluster_size < 1 or not 0 <= icc <= 1:
        raise ConversionError(
            told("clusters hold at least one person and the correlation lies between 0 and 1")
        )
    return 1 + (cluster_size - 1) * icc


class RelativeMeasure(StrEnum):
    """Relative measures that a summary of findings turns into risks."""

    RISK_RATIO = "RR"
    ODDS_RATIO = "OR"


def risk_with_intervention(comparator_risk: float, ratio: float, measure: RelativeMeasure) -> float:
    """Risk that follows from an assumed comparator risk and a relative effect, cut off at 1.

    Source: Cochrane Handbook 15.4.4 (2024).
    """
    if not 0 <= comparator_risk <= 1 or ratio < 0:
        raise ConversionError(told("a risk lies between 0 and 1 and a ratio is not below zero"))
    if measure is RelativeMeasure.ODDS_RATIO:
        return ratio * comparator_risk / (1 - comparator_risk + ratio * comparator_risk)
    return min(1.0, ratio * comparator_risk)


def sd_from_se(se: float, size: float) -> float:
    """Standard deviation of a group from the standard error of its mean. Source: Cochrane Handbook
    6.5.2.2.
    """
    return se * sqrt(size)
