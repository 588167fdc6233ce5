"""Names of rows that last: the same on every installation, so that a hash over them is the same too.

Keys of the database change when a review is carried elsewhere. A search run and a study are named by the time
at which they were made, a record by its run and its place in it, a report by the record that founded it.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from reviewsite.reviews.models import Review

from ..models import Record, Report, SearchRun, Study
from .placing import Basis, Placed

Content = dict[str, Any]


def lasting(moment: datetime) -> str:
    """The name of a row that was made at a moment."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def run_names(review: Review) -> dict[int, str]:
    runs = SearchRun.objects.filter(review=review).complete()
    return {pk: lasting(made_at) for pk, made_at in runs.values_list("pk", "created_at")}


def basis_content(review: Review, placed: Placed) -> Content:
    """Where each citation stands and what is included, in lasting names; the basis of the next update."""
    runs = run_names(review)
    records = Record.objects.filter(review=review, search_run__in=list(runs)).order_by()
    where = {pk: (runs[run], n) for pk, run, n in records.values_list("pk", "search_run", "position")}
    places: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for record, place in placed.places.items():
        run, position = where[record]
        places[place][run].append(position)
    included = Report.objects.filter(review=review).included()
    founding = included.values_list("citation__founding_record", flat=True)
    studies = Study.objects.filter(reports__in=included).distinct()
    return {
        "runs": sorted(runs.values()),
        "places": {p: {run: sorted(found) for run, found in by.items()} for p, by in places.items()},
        "studies": sorted(lasting(made_at) for made_at in studies.values_list("created_at", flat=True)),
        "reports": sorted(list(where[record]) for record in founding),
    }


def basis_from(review: Review, told: Mapping[str, Any]) -> Basis:
    """The basis of an update in this installation's keys; what is gone since is counted and has no row."""
    runs = {name: pk for pk, name in run_names(review).items()}
    known = [runs[name] for name in told["runs"] if name in runs]
    records = Record.objects.filter(review=review, search_run__in=known).order_by()
    at = {(run, n): pk for pk, run, n in records.values_list("pk", "search_run", "position")}
    places = {
        at[runs[name], position]: place
        for place, by_run in told["places"].items()
        for name, positions in by_run.items()
        for position in positions
        if name in runs and (runs[name], position) in at
    }
    reports = Report.objects.filter(review=review).values_list("citation__founding_record", "pk")
    report_of = dict(reports)
    made = {lasting(at): pk for pk, at in review.studies.values_list("pk", "created_at")}
    founding = (at.get((runs.get(name), position)) for name, position in told["reports"])
    return Basis(
        frozenset(known),
        places,
        frozenset(made.get(name, -n) for n, name in enumerate(told["studies"], 1)),
        frozenset(report_of.get(record, -n) for n, record in enumerate(founding, 1)),
    )
