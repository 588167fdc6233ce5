"""The rule for getting hold of reports: each step is an event; the report shows the latest."""

from collections.abc import Iterable

from django.db import transaction

from .models import Report, RetrievalEvent


@transaction.atomic
def record_retrieval(*, reports: Iterable[Report], state: str, by, note: str = "") -> None:
    """Note the same step for several reports."""
    for report in reports:
        RetrievalEvent.objects.create(report=report, state=state, note=note, recorded_by=by)
        report.retrieval = state
        report.save(update_fields=["retrieval"])
