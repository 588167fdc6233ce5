"""What the numbers of an analysis propose for each domain, with the numbers that it rests on.

The thresholds are rules of thumb, written out in every sentence that uses one; GRADE leaves the judgement
to people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, log, sqrt

from scipy.stats import norm

HIGH_RISK_SERIOUS, HIGH_RISK_VERY_SERIOUS = 25.0, 60.0  # percent of weight
I2_SERIOUS, I2_VERY_SERIOUS = (
    50.0,
    75.0,
)  # percent; Handbook 10.10.2: "substantial" from 50, "considerable" from 75
APPRECIABLE = 1.25  # a relative effect that matters, and its inverse: GRADE guidelines 6
FEWEST_FOR_ASYMMETRY = 10  # Handbook 13.3.5.4
PRECISE_HALF_WIDTH = 0.05  # of a single-arm proportion


@dataclass(frozen=True)
class Evidence:
    """What an analysis knows. Ratios are on their own scale (not logarithms), shares are in percent.

    weight_by_tone: share of the weight of studies judged low, some, high, critical or none; empty when the
    risk of bias has no agreed overall judgement. null: the value of no effect, or None for a single arm.
    """

    k: int
    estimate: float
    low: float
    high: float
    prediction: tuple[float, float] | None = None
    i2: float | None = None
    null: float | None = None
    is_ratio: bool = False
    participants: int | None = None
    events: int | None = None
    baseline_risk: float | None = None
    asymmetry_p: float | None = None
    weight_by_tone: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """Steps (None: nothing can be computed, a person judges) and the sentences behind them."""

    steps: int | None
    because: tuple[str, ...]


def propose(evidence: Evidence) -> dict[str, Proposal]:
    """A proposal for each domain by its key."""
    return {
        "risk_of_bias": _risk_of_bias(evidence),
        "inconsistency": _inconsistency(evidence),
        "indirectness": Proposal(
            None, ("Nothing is computed: compare population, intervention and outcome.",)
        ),
        "imprecision": _imprecision(evidence),
        "publication_bias": _publication_bias(evidence),
        "large_effect": _large_effect(evidence),
        "dose_response": Proposal(None, ("Nothing is computed: look for a gradient.",)),
        "opposing_confounding": Proposal(None, ("Nothing is computed: think about residual confounding.",)),
    }


def _risk_of_bias(evidence: Evidence) -> Proposal:
    shares = evidence.weight_by_tone
    if not shares:
        return Proposal(None, ("No study of the analysis has an agreed overall risk-of-bias judgement.",))
    high = shares.get("high", 0.0) + shares.get("critical", 0.0)
    unknown = shares.get("unknown", 0.0)
    told = [
        f"{high:.0f}% of the weight comes from studies at high risk, {shares.get('low', 0.0):.0f}% from low."
    ]
    if unknown:
        told.append(f"{unknown:.0f}% comes from studies without an agreed judgement.")
    told.append(
        f"Rule of thumb: from {HIGH_RISK_SERIOUS:.0f}% at high risk serious, from "
        f"{HIGH_RISK_VERY_SERIOUS:.0f}% very serious; serious too when less than half is at low risk."
    )
    if high >= HIGH_RISK_VERY_SERIOUS:
        return Proposal(-2, tuple(told))
    return Proposal(-1 if high >= HIGH_RISK_SERIOUS or shares.get("low", 0.0) < 50 else 0, tuple(told))


def _inconsistency(evidence: Evidence) -> Proposal:
    if evidence.k < 2:
        return Proposal(0, ("One study cannot be inconsistent with itself.",))
    if evidence.i2 is None:
        return Proposal(None, ("The analysis gives no I².",))
    told = [f"I² = {evidence.i2:.0f}%."]
    crosses = False
    if evidence.prediction is not None:
        low, high = evidence.prediction
        shown = f"{low:.2f} to {high:.2f}" if evidence.null is not None else f"{low:.0%} to {high:.0%}"
        told.append(f"The prediction interval is {shown}.")
        if evidence.null is not None:
            outside = not evidence.low <= evidence.null <= evidence.high
            crosses = outside and low <= evidence.null <= high
            if crosses:
                told.append("It includes no effect, which the confidence interval does not.")
    told.append(
        f"Rule of thumb: from I² {I2_SERIOUS:.0f}% serious; very serious from {I2_VERY_SERIOUS:.0f}% when "
        "the prediction interval includes no effect and the confidence interval does not."
    )
    if crosses and evidence.i2 >= I2_VERY_SERIOUS:
        return Proposal(-2, tuple(told))
    return Proposal(-1 if crosses or evidence.i2 >= I2_SERIOUS else 0, tuple(told))


def optimal_information_size(
    baseline_risk: float, *, relative_reduction: float = 0.25, alpha: float = 0.05, power: float = 0.8
) -> int:
    """Participants in both arms together that one adequate trial would need.

    baseline_risk: 0 to 1, not included. Source: Fleiss, Levin and Paik 2003, Statistical methods for rates
    and proportions, equation 4.14; the relative reduction of a quarter is that of GRADE guidelines 6 (Guyatt
    2011, J Clin Epidemiol 64:1283).
    """
    if not 0 < baseline_risk < 1:
        raise ValueError("A baseline risk lies between 0 and 1.")
    treated = baseline_risk * (1 - relative_reduction)
    mean = (baseline_risk + treated) / 2
    pooled = sqrt(2 * mean * (1 - mean))
    apart = sqrt(baseline_risk * (1 - baseline_risk) + treated * (1 - treated))
    wanted = float(norm.ppf(1 - alpha / 2)) * pooled + float(norm.ppf(power)) * apart
    return 2 * ceil((wanted / (baseline_risk - treated)) ** 2)


def single_arm_size(proportion: float, *, half_width: float = PRECISE_HALF_WIDTH, level: float = 0.95) -> int:
    """Participants whose proportion would be known to within the half width."""
    quantile = float(norm.ppf(0.5 + level / 2))
    return ceil(quantile**2 * proportion * (1 - proportion) / half_width**2)


def _imprecision(evidence: Evidence) -> Proposal:
    return _imprecision_of_arm(evidence) if evidence.null is None else _imprecision_of_contrast(evidence)


def _imprecision_of_arm(evidence: Evidence) -> Proposal:
    half = (evidence.high - evidence.low) / 2
    needed = single_arm_size(evidence.estimate)
    told = [f"The confidence interval reaches {100 * half:.1f} points to either side on average."]
    few = False
    if evidence.participants is not None:
        few = evidence.participants < needed
        told.append(
            f"{evidence.participants:,} participants; {needed:,} would give a proportion of "
            f"{100 * evidence.estimate:.0f}% to within {100 * PRECISE_HALF_WIDTH:.0f} points."
        )
    told.append("Rule of thumb: serious beyond 10 points or below that size, very serious beyond 20 points.")
    return Proposal(-2 if half > 0.2 else -1 if half > 0.1 or few else 0, tuple(told))


def _imprecision_of_contrast(evidence: Evidence) -> Proposal:
    told, few = [], False
    if evidence.baseline_risk and evidence.participants is not None and 0 < evidence.baseline_risk < 1:
        needed = optimal_information_size(evidence.baseline_risk)
        few = evidence.participants < needed
        told.append(
            f"{evidence.participants:,} participants; the optimal information size is {needed:,} (a quarter "
            f"fewer events than {1000 * evidence.baseline_risk:.0f} per 1,000, two-sided 5%, power 80%)."
        )
    null = evidence.null if evidence.null is not None else 0.0
    includes = evidence.low <= null <= evidence.high
    told.append("The confidence interval " + ("includes" if includes else "excludes") + " no effect.")
    wide = both = False
    if evidence.is_ratio:
        reaches = (evidence.low <= 1 / APPRECIABLE, evidence.high >= APPRECIABLE)
        both, wide = all(reaches), includes and any(reaches)
        if includes:
            sides = (
                "both appreciable benefit and harm"
                if both
                else "appreciable benefit or harm"
                if wide
                else "neither"
            )
            told.append(f"It reaches {sides} (beyond {1 / APPRECIABLE:.2f} or {APPRECIABLE:.2f}).")
    told.append(
        "Rule of thumb: serious below the optimal information size, or when the interval includes no effect "
        "and an appreciable one; very serious when it includes appreciable benefit and harm."
    )
    if both:
        return Proposal(-2, tuple(told))
    serious = few or wide or (includes and not evidence.is_ratio)
    return Proposal(-1 if serious else 0, tuple(told))


def _publication_bias(evidence: Evidence) -> Proposal:
    if evidence.k < FEWEST_FOR_ASYMMETRY:
        needed = FEWEST_FOR_ASYMMETRY
        told = f"{evidence.k} studies: fewer than the {needed} that a test for small-study effects needs."
        return Proposal(None, (told, "Think of unpublished trials and of who paid for them."))
    if evidence.asymmetry_p is None:
        return Proposal(None, ("The test for small-study effects could not be made.",))
    told = f"Egger's test for small-study effects: p = {evidence.asymmetry_p:.3f}."
    caution = "For proportions the test often signals asymmetry that the measure itself makes."
    because = (told, "Rule of thumb: suspected below 0.1.", *((caution,) if evidence.null is None else ()))
    return Proposal(-1 if evidence.asymmetry_p < 0.1 and evidence.null is not None else 0, because)


def _large_effect(evidence: Evidence) -> Proposal:
    if not evidence.is_ratio:
        return Proposal(None, ("Nothing is computed without a ratio.",))
    size = abs(log(evidence.estimate))
    told = f"The ratio is {evidence.estimate:.2f}."
    rule = "GRADE: large above 2 or below 0.5, very large above 5 or below 0.2."
    return Proposal(2 if size >= log(5) else 1 if size >= log(2) else 0, (told, rule))
