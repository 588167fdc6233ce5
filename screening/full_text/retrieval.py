"""The rule for getting hold of reports: each step is an event; the report shows the latest."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Count

from reviewsite.reviews.models import Review, record_act

from ..models import Report, Retrieval, RetrievalEvent


@transaction.atomic
def record_retrieval(*, reports: Iterable[Report], state: str, by, note: str = "") -> None:
    """Note the same step for several reports."""
    found = list(reports)
    for report in found:
        RetrievalEvent.objects.create(report=report, state=state, note=note, recorded_by=by)
        report.retrieval = state
        report.save(update_fields=["retrieval"])
    if found:
        titles = [str(report)[:200] for report in found]
        told = {"state": state, "note": note, "titles": titles, "reports": [report.pk for report in found]}
        record_act(found[0].review_id, by, "retrieval noted", **told)


def counts_by_state(review: Review) -> dict[Retrieval, int]:
    """How many of the sought reports are in each state; all states are named."""
    sought = (
        Report.objects.filter(review=review).sought().order_by().values("retrieval").annotate(n=Count("pk"))
    )
    found = {row["retrieval"]: row["n"] for row in sought}
    return {state: found.get(state, 0) for state in Retrieval}


def state_to_show(counts: Mapping[Retrieval, int], asked: str) -> Retrieval:
    """The state asked for; else the first that holds any report, in the order in which work is done."""
    if asked in Retrieval.values:
        return Retrieval(asked)
    return next((state for state in Retrieval if counts[state]), Retrieval.WANTED)
