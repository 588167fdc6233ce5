"""From the judged domains to the certainty of the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Domain:
    """A reason to rate certainty down (choices 0, -1, -2, ...) or up (0, 1, 2)."""

    key: str
    label: str
    choices: tuple[int, ...]


DOMAINS = (
    Domain("risk_of_bias", "Risk of bias", (0, -1, -2, -3)),
    Domain("inconsistency", "Inconsistency", (0, -1, -2)),
    Domain("indirectness", "Indirectness", (0, -1, -2)),
    Domain("imprecision", "Imprecision", (0, -1, -2, -3)),
    Domain("publication_bias", "Publication bias", (0, -1)),
    Domain("large_effect", "Large effect", (0, 1, 2)),
    Domain("dose_response", "Dose-response gradient", (0, 1)),
    Domain("opposing_confounding", "Plausible confounding would lessen the effect", (0, 1)),
)
LEVELS = {1: "Very low", 2: "Low", 3: "Moderate", 4: "High"}
SYMBOLS = {1: "⊕◯◯◯", 2: "⊕⊕◯◯", 3: "⊕⊕⊕◯", 4: "⊕⊕⊕⊕"}
WORDS = {0: "not serious", -1: "serious", -2: "very serious", -3: "extremely serious"}


@dataclass(frozen=True, slots=True)
class Certainty:
    """One of four levels; `is_complete` once every domain that can lower it is judged."""

    level: int
    is_complete: bool

    @property
    def label(self) -> str:
        return LEVELS[self.level]

    @property
    def symbols(self) -> str:
        return SYMBOLS[self.level]


def certainty(start: int, steps: Mapping[str, int]) -> Certainty:
    """The level from where it starts (4 high, 2 low) and the steps judged by domain, kept within 1 and 4."""
    level = min(4, max(1, start + sum(steps.values())))
    lowering = [domain.key for domain in DOMAINS if min(domain.choices) < 0]
    return Certainty(level, all(key in steps for key in lowering))


def words(domain: Domain, steps: int) -> str:
    """How a judgement is said: "serious (−1)", "rated up by 1"."""
    if min(domain.choices) < 0:
        return WORDS[steps] + (f" (−{-steps})" if steps else "")
    return f"rated up by {steps}" if steps else "no"
