"""What a pooled result says, in a paragraph of plain words that goes no further than the numbers. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MINUS = "\u2212"


class Read(StrEnum):
    """How the numbers are read: from 0 to 1 as percent, as ratios, or as they are."""

    PERCENT = "percent"
    RATIO = "ratio"
    NUMBER = "number"


class Certainty(StrEnum):
    """GRADE's four levels."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very low"


# GRADE's phrases (Santesso et al. 2020, J Clin Epidemiol 119:126).
PHRASES = {
    Certainty.HIGH: "",
    Certainty.MODERATE: "probably ",
    Certainty.LOW: "may ",
}
# Lower ends of the Cochrane Handbook's ranges of I2 (10.10.2, 2024), in which it asks to see tau2 and the
# forest too.
HETEROGENEITY = (
    (75.0, "considerable"),
    (60.0, "substantial"),
    (40.0, "moderate"),
    (0.0, "little (it might not be important)"),
)


@dataclass(frozen=True)
class Statement:
    """The numbers that a paragraph may use, on the scale that people read.

    outcome: what is counted or measured, as in "mortality". measure: "risk ratio", "proportion", ... null:
    the value of no effect, None for a single group. assumed_risk: of the comparator, from 0 to 1, for
    absolute effects of risk and odds ratios. groups: the compared group and its comparator. i2: percent.
    """

    outcome: str
    measure: str
    read: Read
    k: int
    estimate: float
    ci_low: float
    ci_high: float
    level: float = 95
    persons: int | None = None
    null: float | None = None
    prediction_low: float | None = None
    prediction_high: float | None = None
    i2: float | None = None
    tau2: float | None = None
    assumed_risk: float | None = None
    groups: tuple[str, str] = ("the intervention", "the comparator")
    certainty: Certainty | None = None
    unit: str = ""

    @property
    def crosses_null(self) -> bool:
        return self.null is not None and self.ci_low <= self.null <= self.ci_high


def result_paragraph(said: Statement) -> str:
    """What was found, what it means in absolute terms, how far studies differ, and how sure one can be."""
    return " ".join(_sentences(said))


def _sentences(said: Statement) -> Iterator[str]:
    yield _found(said)
    if said.null is not None:
        yield _direction(said)
    absolute = _absolute(said)
    if absolute:
        yield absolute
    if said.k == 1:
        yield "This is one study's own result; nothing was pooled."
    else:
        yield _heterogeneity(said)
        yield _prediction(said)
    yield _certainty(said)


def _found(said: Statement) -> str:
    studies = "One study" if said.k == 1 else f"{said.k} studies"
    persons = f" with {said.persons:,} participants" if said.persons else ""
    verb = "reports" if said.k == 1 else "report"
    pooled = "" if said.k == 1 else "pooled "
    return (
        f"{studies}{persons} {verb} {said.outcome}; the {pooled}{said.measure} is "
        f"{_text(said, said.estimate)} "
        f"({said.level:g}% CI {_text(said, said.ci_low)} to {_text(said, said.ci_high)})."
    )


def _direction(said: Statement) -> str:
    group, comparator = said.groups
    if said.crosses_null:
        return (
            "The interval holds no difference: the data are compatible with lower and higher values with "
            f"{group} than with {comparator}, which is not the same as no effect."
        )
    lower = said.estimate < (said.null or 0.0)
    side = "lower" if lower else "higher"
    if said.certainty is Certainty.VERY_LOW:
        return (
            f"The whole interval lies on the side of {side} values with {group}, but the evidence is very "
            "uncertain."
        )
    phrase = PHRASES.get(said.certainty, "") if said.certainty else ""
    verb = ("lower" if lower else "raise") if phrase == "may " else ("lowers" if lower else "raises")
    if said.certainty is None:
        return f"The whole interval lies on the side of {side} values with {group} than with {comparator}."
    return f"{group[0].upper()}{group[1:]} {phrase}{verb} {said.outcome} compared with {comparator}."


def _absolute(said: Statement) -> str:
    """Per 1,000 persons at the assumed risk. Source: Cochrane Handbook 14.1.5 (2024)."""
    risk = said.assumed_risk
    if risk is None or said.read is not Read.RATIO or said.k == 0 or not 0 < risk < 1:
        return ""
    if said.measure not in ("risk ratio", "odds ratio"):
        return ""
    odds = said.measure == "odds ratio"
    at = [_risk(value, risk, odds=odds) for value in (said.estimate, said.ci_low, said.ci_high)]
    change, low, high = (round(1000 * (value - risk)) for value in at)
    return (
        f"Of 1,000 persons of whom {round(1000 * risk):,} would have the outcome with {said.groups[1]}, "
        f"this means {_more(change)} with {said.groups[0]} (from {_more(low)} to {_more(high)})."
    )


def _risk(ratio: float, risk: float, *, odds: bool) -> float:
    if odds:
        return ratio * risk / (1 - risk + ratio * risk)
    return min(1.0, ratio * risk)


def _more(change: int) -> str:
    return "no change" if change == 0 else f"{abs(change):,} {'more' if change > 0 else 'fewer'}"


def _heterogeneity(said: Statement) -> str:
    if said.i2 is None:
        return "How far the studies differ was not estimated."
    word = next(word for limit, word in HETEROGENEITY if said.i2 >= limit)
    tau2 = f", \u03c4\u00b2 = {said.tau2:.3g}" if said.tau2 is not None else ""
    return f"Heterogeneity beyond chance is {word} (I\u00b2 = {said.i2:.0f}%{tau2})."


def _prediction(said: Statement) -> str:
    low, high = said.prediction_low, said.prediction_high
    if low is None or high is None:
        return (
            "No prediction interval can be given, so these data do not say what a further study would find."
        )
    text = (
        f"In a new, similar setting the true {said.measure} is expected between {_text(said, low)} and "
        f"{_text(said, high)}"
    )
    if said.null is not None and low < said.null < high and not said.crosses_null:
        return f"{text}: although the average effect is on one side, some settings may see the opposite."
    return f"{text}."


def _certainty(said: Statement) -> str:
    if said.certainty is None:
        return "The certainty of this evidence has not been judged."
    return f"The certainty of the evidence is {said.certainty} (GRADE)."


def _text(said: Statement, value: float) -> str:
    if said.read is Read.PERCENT:
        # Limits of raw proportions can leave the scale; in words they end where it ends.
        bounded = min(1.0, max(0.0, value)) if said.null is None else value
        return f"{100 * bounded:.1f}%".replace("-", MINUS)
    unit = f" {said.unit}" if said.unit else ""
    return f"{value:.2f}{unit}".replace("-", MINUS)
