"""The effect measures that an analysis can ask for: what they need, and how their results are read.

Codes are those of metafor's escalc() where it has one. Pure: no Django.
"""

from dataclasses import dataclass
from enum import StrEnum


class Needs(StrEnum):
    """What each study must bring."""

    EVENTS = "events of n"
    MEANS = "means with SD and n"
    RATES = "events in person-time"
    ESTIMATE = "a reported estimate with its interval or standard error"


class ShownAs(StrEnum):
    """How a pooled number is written."""

    PERCENT = "percent"
    RATIO = "ratio"
    NUMBER = "number"


@dataclass(frozen=True)
class Measure:
    """One effect measure. null: the value of no effect on the shown scale, None where there is none."""

    code: str
    label: str
    needs: Needs
    arms: int
    shown_as: ShownAs
    null: float | None = None
    # For reported estimates: the measure by which reports name them.
    reported_as: str = ""

    @property
    def is_ratio(self) -> bool:
        return self.shown_as is ShownAs.RATIO

    @property
    def engine_code(self) -> str:
        """How the pooling package calls the scale; any reported ratio is a logged ratio to it."""
        if self.needs is not Needs.ESTIMATE:
            return self.code
        return "RR" if self.is_ratio else "GEN"


_ALL = (
    Measure("PLO", "Proportion, logit scale", Needs.EVENTS, 1, ShownAs.PERCENT),
    Measure("PR", "Proportion, raw", Needs.EVENTS, 1, ShownAs.PERCENT),
    Measure("PAS", "Proportion, arcsine scale", Needs.EVENTS, 1, ShownAs.PERCENT),
    Measure("PFT", "Proportion, Freeman-Tukey scale", Needs.EVENTS, 1, ShownAs.PERCENT),
    Measure("PLN", "Proportion, log scale", Needs.EVENTS, 1, ShownAs.PERCENT),
    Measure("RR", "Risk ratio", Needs.EVENTS, 2, ShownAs.RATIO, 1.0),
    Measure("OR", "Odds ratio", Needs.EVENTS, 2, ShownAs.RATIO, 1.0),
    Measure("RD", "Risk difference", Needs.EVENTS, 2, ShownAs.PERCENT, 0.0),
    Measure("MN", "Mean", Needs.MEANS, 1, ShownAs.NUMBER),
    Measure("MD", "Mean difference", Needs.MEANS, 2, ShownAs.NUMBER, 0.0),
    Measure("SMD", "Standardised mean difference", Needs.MEANS, 2, ShownAs.NUMBER, 0.0),
    Measure("ROM", "Ratio of means", Needs.MEANS, 2, ShownAs.RATIO, 1.0),
    Measure("IRLN", "Incidence rate, log scale", Needs.RATES, 1, ShownAs.NUMBER),
    Measure("IRR", "Incidence rate ratio", Needs.RATES, 2, ShownAs.RATIO, 1.0),
    Measure("IRD", "Incidence rate difference", Needs.RATES, 2, ShownAs.NUMBER, 0.0),
    Measure("HR", "Hazard ratio, as reported", Needs.ESTIMATE, 2, ShownAs.RATIO, 1.0, "HR"),
    Measure("GEN_RR", "Risk ratio, as reported", Needs.ESTIMATE, 2, ShownAs.RATIO, 1.0, "RR"),
    Measure("GEN_OR", "Odds ratio, as reported", Needs.ESTIMATE, 2, ShownAs.RATIO, 1.0, "OR"),
    Measure("GEN_RD", "Risk difference, as reported", Needs.ESTIMATE, 2, ShownAs.NUMBER, 0.0, "RD"),
    Measure("GEN_MD", "Mean difference, as reported", Needs.ESTIMATE, 2, ShownAs.NUMBER, 0.0, "MD"),
    Measure(
        "GEN_SMD", "Standardised mean difference, as reported", Needs.ESTIMATE, 2, ShownAs.NUMBER, 0.0, "SMD"
    ),
)
MEASURES = {measure.code: measure for measure in _ALL}
# What outcomes of each kind can be pooled as, the usual choice first.
FOR_KIND = {
    "dichotomous": ("PLO", "PR", "PAS", "PFT", "PLN", "RR", "OR", "RD", "GEN_RR", "GEN_OR", "GEN_RD"),
    "continuous": ("MD", "SMD", "ROM", "MN", "GEN_MD", "GEN_SMD"),
    "rate": ("IRR", "IRD", "IRLN"),
    "time_to_event": ("HR",),
    "estimate": ("HR", "GEN_RR", "GEN_OR", "GEN_RD", "GEN_MD", "GEN_SMD"),
}


def measure_of(code: str) -> Measure:
    return MEASURES[code]
