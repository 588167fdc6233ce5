"""The agreement page as a table for a spreadsheet or a statistics package: one row a coefficient."""

import csv
import io
from collections.abc import Iterable, Iterator

from reviewsite.reviews.models import Stage

from ..agreement import Agreement
from ..exporters.delimited import safe
from .agreement_report import RoundReport

HEADERS = ("Stage", "Round", "Reviewers", "Citations", "Coefficient", "Value", "95% low", "95% high", "SE")
NAMES = {
    "raw": "Raw agreement",
    "kappa": "Kappa",
    "pabak": "PABAK",
    "ac1": "Gwet's AC1",
    "alpha": "Krippendorff's alpha",
}


def agreement_csv(stages: Iterable[tuple[Stage, Iterable[RoundReport]]]) -> str:
    """Every coefficient of every round and pair, unrounded; empty where it is not defined."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    for stage, reports in stages:
        for report in reports:
            for who, agreement in _of(report):
                for row in _coefficients(agreement):
                    writer.writerow([stage.label, safe(report.round.name), safe(who), agreement.n, *row])
    return out.getvalue()


def _of(report: RoundReport) -> Iterator[tuple[str, Agreement]]:
    if report.agreement:
        yield "All", report.agreement
    for pair in report.pairs:
        yield f"{pair.first} and {pair.second}", pair.agreement


def _coefficients(agreement: Agreement) -> Iterator[list[object]]:
    for name, label in NAMES.items():
        found = agreement.named(name)
        numbers = (found.value, found.low, found.high, found.error)
        yield [label, *("" if number is None else repr(float(number)) for number in numbers)]
