"""What a rule found, and how bad it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """From what cannot be true to what is only worth knowing."""

    IMPOSSIBLE = "impossible"
    IMPLAUSIBLE = "implausible"
    SUSPICIOUS = "suspicious"
    WARNING = "warning"
    ADVICE = "advice"
    INFORMATION = "information"


class Verdict(StrEnum):
    """The worst of a result's findings; advice and information let it pass."""

    IMPOSSIBLE = "impossible"
    IMPLAUSIBLE = "implausible"
    SUSPICIOUS = "suspicious"
    WARNING = "warning"
    PASSES = "passes"


@dataclass(frozen=True)
class Finding:
    """One rule's answer for one result.

    rule: its name, stable over versions. formula: what was computed. sentence: what it means, with the
    numbers.
    assumption: under which the finding stands, empty when it needs none. numbers: what the sentence says, for
    programs.
    """

    rule: str
    severity: Severity
    formula: str
    sentence: str
    assumption: str = ""
    numbers: dict[str, float | int | str | None] = field(default_factory=dict)


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    found = {finding.severity.value for finding in findings}
    return next((verdict for verdict in Verdict if verdict.value in found), Verdict.PASSES)
