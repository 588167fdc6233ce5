"""All rules over all results of a table."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from analysis.audit import heterogeneity, intervals, series, sizes, widths
from analysis.audit.findings import Finding, Severity, Verdict, verdict_of
from analysis.audit.printed import Printed

# How many studies an analysis may have when neither it nor the reader says.
MOST_STUDIES = 20
SEVERITIES = list(Severity)
RULES: tuple[Callable[[Printed], Iterator[Finding]], ...] = (
    intervals.range_of_values,
    intervals.order_of_limits,
    intervals.ci_holds_estimate,
    intervals.pi_holds_estimate,
    intervals.pi_holds_ci,
    widths.pi_centre,
    intervals.pi_equals_ci,
    heterogeneity.i2_against_p,
    intervals.pi_missing,
    intervals.ci_scale,
)


@dataclass(frozen=True)
class Report:
    """One result with its findings, the worst first."""

    result: Printed
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.findings)


def audit(
    results: Sequence[Printed], *, most_studies: int = MOST_STUDIES, persons: int | None = None
) -> tuple[Report, ...]:
    """A report for each result, in their order.

    most_studies: studies included in the review, for results that do not say their own number. persons: in
    the whole review, for results that do not say theirs.
    """
    found: list[list[Finding]] = [list(_of_one(result, most_studies, persons)) for result in results]
    for position, finding in (*series.monotone(results), *series.part_of_whole(results)):
        found[position].append(finding)
    return tuple(
        Report(result, tuple(sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))))
        for result, findings in zip(results, found, strict=True)
    )


def _of_one(result: Printed, most_studies: int, persons: int | None) -> Iterator[Finding]:
    for rule in RULES:
        yield from rule(result)
    yield from widths.pi_width(result, most_studies)
    yield from sizes.implied_persons(result, persons)
