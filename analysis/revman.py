"""The pooled data as a table in the manner of RevMan's: a row a study, an analysis and two groups."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from reviewsite.reviews.models import Review
from screening.exporters import safe

from .estimate.rows import ArmNumbers, DatasetRow
from .models import AnalysisRun
from .runs import rows_of_run

COLUMNS = (
    *("Analysis number", "Analysis name", "Outcome", "Effect measure", "Study", "Year", "Subgroup"),
    *("Experimental group", "Experimental cases", "Experimental N", "Experimental mean", "Experimental SD"),
    *("Control group", "Control cases", "Control N", "Control mean", "Control SD"),
    *("Effect", "CI start", "CI end", "Weight"),
)


def as_csv(review: Review) -> str:
    """Every analysis that has a result, by its latest run, in the order of the plan."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    latest: dict[int, AnalysisRun] = {}
    runs = AnalysisRun.objects.filter(spec__review=review).select_related("spec__outcome", "snapshot")
    for run in runs.order_by("spec__position", "spec", "run_at", "pk"):
        latest[run.spec_id] = run
    for number, run in enumerate((run for run in latest.values() if run.result), 1):
        writer.writerows([[_plain(cell) for cell in row] for row in _rows(number, run)])
    return out.getvalue()


def _rows(number: int, run: AnalysisRun) -> Iterator[list[Any]]:
    rows = {row.key: row for row in rows_of_run(run)}
    for study in run.result["studies"]:
        row: DatasetRow = rows[study["key"]]
        yield [
            *(number, run.spec.title, run.spec.outcome.name, run.result["shown"]["label"]),
            *(row.label, row.year, row.group),
            *_arm(row.experimental),
            *_arm(row.comparator),
            *(study.get("estimate"), study.get("ci_low"), study.get("ci_high"), study.get("weight_percent")),
        ]


def _arm(arm: ArmNumbers | None) -> list[Any]:
    if arm is None:
        return [None] * 5
    return [arm.label, arm.events, arm.n, arm.mean, arm.sd]


def _plain(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(cell, str):
        return safe(cell)
    return "" if cell is None else cell
