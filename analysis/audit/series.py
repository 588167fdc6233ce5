"""Rules over several results: survival falls with time, a complete response is a response."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from analysis.audit.findings import Finding, Severity
from analysis.audit.printed import Printed, Scale

MONTHS = {"d": 1 / 30.4375, "w": 7 / 30.4375, "m": 1.0, "y": 12.0}
TIME = re.compile(r"(\d+(?:\.\d+)?)[\s-]*(d|w|m|y)", re.IGNORECASE)
FALLING = re.compile(r"surviv|\b[oepdr]\.?f?s\b|free", re.IGNORECASE)
RISING = re.compile(r"cumulative|incidence|mortality|death|relapse|recurren", re.IGNORECASE)
COMPLETE = re.compile(r"complete[\s_-]*(remission|response)|\bcr\b", re.IGNORECASE)
OVERALL = re.compile(r"(overall|objective)[\s_-]*(response|remission)|\borr?\b", re.IGNORECASE)
SAME = "the results are of the same patients, or of studies that are alike"
Positioned = tuple[int, Finding]


def months(timepoint: str) -> float | None:
    """A time point such as "2 years" or "6 mo" in months."""
    match = TIME.search(timepoint)
    return float(match.group(1)) * MONTHS[match.group(2).lower()] if match else None


def _words(result: Printed) -> str:
    return result.outcome.replace("_", " ")


def monotone(results: Sequence[Printed]) -> Iterator[Positioned]:
    """Positions of results that stand against an earlier time point, with the finding."""
    series: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for i, result in enumerate(results):
        at = months(result.timepoint)
        if at is not None and result.scale in (Scale.PERCENT, Scale.PROPORTION):
            series[_words(result).casefold()].append((at, i))
    for outcome, points in series.items():
        sign = -1 if FALLING.search(outcome) else 1 if RISING.search(outcome) else 0
        ordered = sorted(points)
        for (_, earlier), (_, later) in zip(ordered, ordered[1:], strict=False) if sign else ():
            yield from _against(results[earlier], results[later], later, sign)


def _against(earlier: Printed, later: Printed, position: int, sign: int) -> Iterator[Positioned]:
    gone_up = later.estimate.low > earlier.estimate.high
    gone_down = later.estimate.high < earlier.estimate.low
    if not ((gone_up and sign < 0) or (gone_down and sign > 0)):
        return
    rule = f"{_words(later)} can only {'fall' if sign < 0 else 'rise'} with time"
    yield (
        position,
        Finding(
            rule="not_monotone",
            severity=Severity.IMPOSSIBLE,
            formula=rule,
            sentence=f"{later.estimate} at {later.timepoint} follows {earlier.estimate} at "
            f"{earlier.timepoint}, but {rule}.",
            assumption=SAME,
        ),
    )


def part_of_whole(results: Sequence[Printed]) -> Iterator[Positioned]:
    """A complete response above the overall response at the same time."""
    overall = {result.timepoint: result for result in results if OVERALL.search(_words(result))}
    for i, result in enumerate(results):
        whole = overall.get(result.timepoint)
        if whole is None or whole is result or not COMPLETE.search(_words(result)):
            continue
        if result.estimate.low > whole.estimate.high:
            yield (
                i,
                Finding(
                    rule="part_exceeds_whole",
                    severity=Severity.IMPOSSIBLE,
                    formula="complete response <= overall response",
                    sentence=f"{_words(result)}, {result.estimate}, is above {_words(whole)}, "
                    f"{whole.estimate}, of which it is a part.",
                    assumption=SAME,
                ),
            )
