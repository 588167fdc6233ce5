"""Numbers that can be true but often are a slip. Each finding can be answered with a note.

What cannot be true (more events than participants, an estimate outside its interval) is refused by the
database; here is only what deserves a second look.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from scipy.special import ndtr

from ..told import told

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Finding:
    """One suspicion: `key` names the check, so that an answer given in a note stays with it."""

    key: str
    columns: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Scale:
    """What is known of the measured scale. `items` > 0 says that it is a sum or mean of whole numbers."""

    low: float | None = None
    high: float | None = None
    items: int = 0


def decimals(value: float) -> int:
    """Printed decimals, as far as a number remembers them (a final 0 is forgotten)."""
    return len(f"{value:.10g}".partition(".")[2])


def check_arm_result(values: Numbers, *, arm_n: float | None = None, scale: Scale = Scale()) -> list[Finding]:
    """Findings on one arm's result. values: the columns that hold a number."""
    found = [
        _percent(values),
        _more_than_arm(values, arm_n),
        _grim(values, scale),
        _se_against_sd(values),
        _small_sd(values),
        _mean_far_from_interval(values),
        _skewed(values, scale),
    ]
    return [each for each in found if each]


def _percent(values: Numbers) -> Finding | None:
    if not {"events", "n", "percent"} <= values.keys():
        return None
    share = 100 * values["events"] / values["n"]
    if abs(share - values["percent"]) <= 0.5 * 10 ** -decimals(values["percent"]) + 1e-9:
        return None
    text = told(
        "{events:g} of {n:g} is {share:.1f}%, not {percent:g}%.",
        events=values["events"],
        n=values["n"],
        share=share,
        percent=values["percent"],
    )
    return Finding("percent", ("events", "n", "percent"), text)


def _more_than_arm(values: Numbers, arm_n: float | None) -> Finding | None:
    if arm_n is None or values.get("n", 0) <= arm_n:
        return None
    text = told("{n:g} analysed, but the arm has {arm_n:g} participants.", n=values["n"], arm_n=arm_n)
    return Finding("more_than_arm", ("n",), text)


def _grim(values: Numbers, scale: Scale) -> Finding | None:
    """Brown & Heathers 2017, Soc Psychol Personal Sci 8:363: a mean of whole numbers is a multiple of 1/n."""
    if not scale.items or not {"mean", "n"} <= values.keys():
        return None
    mean, grains, places = values["mean"], values["n"] * scale.items, decimals(values["mean"])
    if grains >= 10**places:
        return None
    nearest = round(mean * grains)
    if any(
        round(total / grains, places) == round(mean, places) for total in (nearest - 1, nearest, nearest + 1)
    ):
        return None
    text = told(
        "No sum of whole numbers over {n:g} participants gives a mean of {mean:g} (GRIM).",
        n=values["n"],
        mean=mean,
    )
    return Finding("grim", ("mean", "n"), text)


def _se_against_sd(values: Numbers) -> Finding | None:
    if not {"sd", "se", "n"} <= values.keys():
        return None
    expected = values["sd"] / sqrt(values["n"])
    if 0.9 <= values["se"] / expected <= 1.1:
        return None
    sd, n, se = values["sd"], values["n"], values["se"]
    text = told(
        "SD {sd:g} of {n:g} gives a standard error of {expected:.3g}, not {se:g}.",
        sd=sd,
        n=n,
        expected=expected,
        se=se,
    )
    return Finding("se_against_sd", ("sd", "se", "n"), text)


def _small_sd(values: Numbers) -> Finding | None:
    """A standard error printed where a standard deviation is expected is too small by the root of n."""
    if not {"mean", "sd", "n"} <= values.keys() or values["n"] < 10 or "se" in values:
        return None
    if values["sd"] >= 0.05 * abs(values["mean"]):
        return None
    text = told(
        "SD {sd:g} is below 5% of the mean {mean:g}: is it a standard error?",
        sd=values["sd"],
        mean=values["mean"],
    )
    return Finding("se_for_sd", ("sd",), text)


def _mean_far_from_interval(values: Numbers) -> Finding | None:
    if not {"mean", "ci_low", "ci_high"} <= values.keys() or "estimate" in values:
        return None
    width = values["ci_high"] - values["ci_low"]
    middle = (values["ci_high"] + values["ci_low"]) / 2
    if width <= 0 or abs(values["mean"] - middle) <= 0.1 * width:
        return None
    return Finding(
        "mean_off_middle",
        ("mean", "ci_low", "ci_high"),
        told("The mean is not in the middle of its interval."),
    )


def _skewed(values: Numbers, scale: Scale) -> Finding | None:
    """Altman & Bland 1996, BMJ 313:1200: a mean less than one SD from a bound means strong skew."""
    if not {"mean", "sd"} <= values.keys():
        return None
    for bound in (scale.low, scale.high):
        if bound is not None and abs(values["mean"] - bound) < values["sd"]:
            text = told(
                "The mean lies less than one SD from the end of the scale ({bound:g}): strongly skewed.",
                bound=bound,
            )
            return Finding("skewed", ("mean", "sd"), text)
    return None


def check_spread_of_arms(sds: Mapping[str, float], sizes: Mapping[str, float]) -> list[Finding]:
    """SDs of one outcome that differ between arms about as much as SD and standard error do."""
    if len(sds) < 2:
        return []
    small, large = min(sds, key=lambda arm: sds[arm]), max(sds, key=lambda arm: sds[arm])
    ratio = sds[large] / sds[small]
    if ratio < 3:
        return []
    said = {"low": sds[small], "one": small, "high": sds[large], "other": large}
    text = told("SD {low:g} in {one} against {high:g} in {other}.", **said)
    if (n := sizes.get(small)) and 0.5 <= ratio / sqrt(n) <= 2:
        text = told(
            "SD {low:g} in {one} against {high:g} in {other}. A standard error in place of the SD would "
            "differ by √{n:g} = {root:.1f}.",
            n=n,
            root=sqrt(n),
            **said,
        )
    return [Finding("spread_of_arms", ("sd",), text)]


def check_contrast(values: Numbers, *, is_ratio: bool) -> list[Finding]:
    """Findings on an estimate with interval and p value."""
    if not {"estimate", "ci_low", "ci_high"} <= values.keys():
        return []
    numbers = [values[name] for name in ("estimate", "ci_low", "ci_high")]
    if is_ratio and min(numbers) <= 0:
        return [Finding("ratio_below_zero", ("estimate",), told("A ratio and its limits are above zero."))]
    estimate, low, high = (log(number) for number in numbers) if is_ratio else numbers
    found = []
    if high > low and abs(estimate - (low + high) / 2) > 0.1 * (high - low):
        text = told("The estimate is not in the middle of its interval.")
        if is_ratio:
            text = told("The estimate is not on the logarithmic scale in the middle of its interval.")
        found.append(Finding("off_middle", ("estimate", "ci_low", "ci_high"), text))
    if "p_value" in values and high > low and values.get("ci_level", 95) == 95:
        found += _p_against_interval(estimate, (high - low) / 3.919928, values["p_value"])
    return found


def _p_against_interval(estimate: float, se: float, p_value: float) -> list[Finding]:
    expected = 2 * float(ndtr(-abs(estimate) / se))
    other_side = (expected < 0.05) != (p_value < 0.05) and abs(expected - p_value) > 0.01
    far = max(expected, p_value) > 3 * min(expected, p_value) and abs(expected - p_value) > 0.02
    if not (other_side or far):
        return []
    text = told(
        "Estimate and interval give p = {expected:.2g}, not {p_value:g}.", expected=expected, p_value=p_value
    )
    return [Finding("p_against_interval", ("p_value",), text)]


def check_arm_sizes(sizes: Sequence[float], total: float | None) -> list[Finding]:
    """The sum of the arms against the number that the form says in all."""
    if total is None or not sizes or sum(sizes) == total:
        return []
    return [
        Finding(
            "arms_against_total",
            ("n",),
            told("The arms hold {arms:g} participants, the study {total:g}.", arms=sum(sizes), total=total),
        )
    ]
