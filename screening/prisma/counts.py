"""The rows behind every number of the PRISMA flow. A number is the length of its rows, nothing else.

`rows_behind(review)` names a queryset for each number of `flow.py`; the page that lists a number's rows and
the number itself read the same one, so they cannot differ.
"""

from collections import defaultdict

from django.db.models import Count, Q, QuerySet

from reviewsite.reviews.models import Review, Stage

from ..conclusions import Conclusion, Verdict
from ..models import Citation, Decision, Record, Report, Retrieval, SearchRun, Study
from ..queue import LIVE_CITATION
from ..reading_order import not_screened
from .flow import FlowCounts, ReasonCount, SourceCount

NO_REASON = "No reason recorded"


def rows_behind(review: Review) -> dict[str, QuerySet]:
    """The rows of each number by the number's key; records, citations, reports or studies."""
    records = Record.objects.filter(review=review).identified()
    unscreened = not_screened(review)
    abstracts = review.citations.live().filter(founding_record__search_run__imported_at__isnull=False)
    abstracts = abstracts.exclude(pk__in=unscreened.values("pk"))
    reports = Report.objects.filter(review=review)
    assessed = reports.in_retrieval(Retrieval.OBTAINED)
    return {
        **_sources(records),
        "records": records,
        "databases": records.filter(search_run__kind=SearchRun.SourceKind.DATABASE),
        "registers": records.filter(search_run__kind=SearchRun.SourceKind.REGISTER),
        "duplicates_removed": records.filter(founded_citation__merged_into__isnull=False),
        # Left unread when the stopping rule was met: of each citation the record that founded it.
        "removed_by_automation": records.filter(founded_citation__in=unscreened),
        "removed_other": records.none(),
        "citations": abstracts,
        "screened": _in(abstracts, Stage.TITLE_ABSTRACT, Conclusion.INCLUDED, Conclusion.EXCLUDED),
        "awaiting_screening": _in(abstracts, Stage.TITLE_ABSTRACT, Conclusion.UNDECIDED),
        "title_abstract_conflicts": _in(abstracts, Stage.TITLE_ABSTRACT, Conclusion.CONFLICT),
        "excluded_title_abstract": _in(abstracts, Stage.TITLE_ABSTRACT, Conclusion.EXCLUDED),
        "sought": reports.sought(),
        "not_retrieved": reports.in_retrieval(Retrieval.NOT_AVAILABLE),
        "awaiting_retrieval": reports.awaited(),
        "assessed": _of(assessed, Conclusion.INCLUDED, Conclusion.EXCLUDED),
        "awaiting_full_text": _of(assessed, Conclusion.UNDECIDED),
        "full_text_conflicts": _of(assessed, Conclusion.CONFLICT),
        "excluded_full_text": _of(assessed, Conclusion.EXCLUDED),
        **_by_reason(assessed),
        "included_reports": reports.included(),
        "reports_in_studies": reports.included().exclude(study=None),
        "reports_without_study": reports.without_study(),
        "included_studies": included_studies(review),
    }


def included_studies(review: Review) -> QuerySet[Study]:
    """Studies with at least one included report."""
    return review.studies.filter(reports__in=Report.objects.filter(review=review).included()).distinct()


def flow_counts(review: Review) -> FlowCounts:
    """Count every box of the flow from its rows."""
    rows = rows_behind(review)
    n = {key: query.count() for key, query in rows.items()}
    return FlowCounts(
        identified=_source_counts(review),
        excluded_by_reason=tuple(
            ReasonCount(key.removeprefix("reason:"), n[key]) for key in n if key.startswith("reason:")
        ),
        **{
            field: n[field]
            for field in FlowCounts.__dataclass_fields__
            if field not in {"identified", "excluded_by_reason"}
        },
    )


def primary_reasons(reports: QuerySet[Report]) -> dict[str, list[int]]:
    """Reports excluded at full text by the reason that counts: the adjudicator's, else the first vote's."""
    excluded = _of(reports, Conclusion.EXCLUDED)
    standing = (
        Decision.objects.filter(stage=Stage.FULL_TEXT, verdict=Verdict.EXCLUDE)
        .standing()
        .annotate(live=LIVE_CITATION)
        .filter(live__in=excluded.values("citation"))
        # "adjudicate" sorts before "screen"; within a kind the first vote comes first.
        .order_by("kind", "decided_at", "pk")
        .values_list("live", "reason__label")
    )
    reason_of: dict[int, str] = {}
    for citation, label in standing:
        reason_of.setdefault(citation, label or NO_REASON)
    by_reason: dict[str, list[int]] = defaultdict(list)
    for pk, citation in excluded.values_list("pk", "citation"):
        by_reason[reason_of.get(citation, NO_REASON)].append(pk)
    return by_reason


def _sources(records: QuerySet[Record]) -> dict[str, QuerySet[Record]]:
    names = records.order_by("search_run__database").values_list("search_run__database", flat=True).distinct()
    return {f"source:{name}": records.filter(search_run__database=name) for name in names}


def _source_counts(review: Review) -> tuple[SourceCount, ...]:
    runs = SearchRun.objects.filter(review=review).complete().values("database", "kind")
    counted = runs.annotate(n=Count("records")).order_by("kind", "-n", "database")
    return tuple(SourceCount(row["database"], row["kind"], row["n"]) for row in counted)


def _by_reason(assessed: QuerySet[Report]) -> dict[str, QuerySet[Report]]:
    grouped = sorted(primary_reasons(assessed).items(), key=lambda item: (-len(item[1]), item[0]))
    return {f"reason:{label}": assessed.filter(pk__in=pks) for label, pks in grouped}


def _in(citations: QuerySet[Citation], stage: str, *states: Conclusion) -> QuerySet[Citation]:
    return citations.filter(Q(**{f"{stage}_state__in": states}))


def _of(reports: QuerySet[Report], *states: Conclusion) -> QuerySet[Report]:
    return reports.filter(citation__full_text_state__in=states)
