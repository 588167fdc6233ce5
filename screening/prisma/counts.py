"""The rows behind every number of the PRISMA flow as it stands now. A number is the length of its rows.

`rows_behind(review)` names a queryset for each number; the page that lists a number's rows reads it.
`flow_counts(review)` counts the same rows in groups, some fifteen queries whatever the size of the review; a
test holds each number against the length of its rows. What a past day or an update looked like is in `past`.
"""

from collections import defaultdict
from dataclasses import replace

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from reviewsite.reviews.models import Review, Stage

from ..deciding.conclusions import Conclusion, Verdict
from ..models import Citation, Decision, FlowEvent, Record, Report, Retrieval, SearchRun, Study
from ..order.reading_order import not_screened
from ..rounds.participation import LIVE_CITATION
from .flow import OTHER_METHODS, SEARCHED, FlowCounts, ReasonCount, SourceCount, Stream
from .outside import with_events

NO_REASON = "No reason recorded"
_PENDING = (Conclusion.UNDECIDED, Conclusion.CONFLICT)


class Columns:
    """The review's records, citations and reports, parted into the two columns of the flow."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.records = Record.objects.filter(review=review).identified()
        runs = SearchRun.objects.filter(review=review).complete()
        self.runs = list(runs.values("pk", "database", "kind").annotate(n=Count("records")).order_by("pk"))
        self.has_other = any(run["kind"] in OTHER_METHODS for run in self.runs)
        self.unread = not_screened(review)
        self.is_stopped = not self.unread.query.is_empty()

    @property
    def live(self) -> QuerySet[Citation]:
        return self.review.citations.live().filter(founding_record__search_run__imported_at__isnull=False)

    def other_only(self) -> QuerySet[Citation]:
        """Citations that no database or register gave."""
        if not self.has_other:
            return Citation.objects.none()
        of_others = self.records.filter(search_run__kind__in=OTHER_METHODS, citation__isnull=False)
        searched = Record.objects.filter(citation=OuterRef("pk"), search_run__kind__in=SEARCHED)
        return self.live.filter(pk__in=of_others.order_by().values("citation")).exclude(Exists(searched))

    def citations(self, is_other: bool) -> QuerySet[Citation]:
        if not self.has_other:
            return Citation.objects.none() if is_other else self.live
        others = self.other_only().order_by().values("pk")
        return self.live.filter(pk__in=others) if is_other else self.live.exclude(pk__in=others)

    def to_screen(self, is_other: bool) -> QuerySet[Citation]:
        found = self.citations(is_other)
        return found.exclude(pk__in=self.unread.values("pk")) if self.is_stopped else found

    def reports(self, is_other: bool) -> QuerySet[Report]:
        found = Report.objects.filter(review=self.review).sought()
        if not self.has_other:
            return found.none() if is_other else found
        others = Q(citation__in=self.other_only().order_by().values("pk"))
        return found.filter(others if is_other else ~others)

    def given(self, is_other: bool) -> QuerySet[Record]:
        """The records that the sources of a column gave, whatever they turned out to be copies of."""
        return self.records.filter(search_run__kind__in=OTHER_METHODS if is_other else SEARCHED)

    def duplicates(self, is_other: bool) -> QuerySet[Record]:
        """All records of a column but one of each of its citations."""
        if is_other:
            return self.given(True).exclude(founded_citation__in=self.other_only().order_by().values("pk"))
        merged = self.given(False).filter(founded_citation__merged_into__isnull=False)
        if not self.has_other:
            return merged
        # Founded by another method's record: the first that a database gave stands for the citation here.
        late = self.given(False).filter(citation__founding_record__search_run__kind__in=OTHER_METHODS)
        stand = late.order_by().values("citation").annotate(first=Min("pk")).values("first")
        return merged.exclude(pk__in=stand)

    def left_unread(self, is_other: bool) -> QuerySet[Record]:
        """Of each citation that the stopping rule left unread, the record that founded it."""
        if not self.is_stopped:
            return self.records.none()
        unread = self.citations(is_other).filter(pk__in=self.unread.values("pk"))
        return self.records.filter(founded_citation__in=unread.order_by().values("pk"))


def rows_behind(review: Review) -> dict[str, QuerySet]:
    """The rows of each number by the number's key; records, citations, reports or studies."""
    columns = Columns(review)
    reports = Report.objects.filter(review=review)
    return {
        **_sources(columns),
        "records": columns.records,
        **_column(columns, is_other=False),
        **(_column(columns, is_other=True) if columns.has_other else {}),
        "included_reports": reports.included(),
        "reports_in_studies": reports.included().exclude(study=None),
        "reports_without_study": reports.without_study(),
        "included_studies": included_studies(review),
    }


def _column(columns: Columns, *, is_other: bool) -> dict[str, QuerySet]:
    p = "other_" if is_other else ""
    abstracts, reports = columns.to_screen(is_other), columns.reports(is_other)
    assessed = reports.filter(retrieval=Retrieval.OBTAINED)
    unread = "other_removed_by_automation" if is_other else "not_screened"
    return {
        f"{p}duplicates_removed": columns.duplicates(is_other),
        f"{p}removed_by_automation": columns.records.none(),
        f"{p}removed_other": columns.records.none(),
        unread: columns.left_unread(is_other),
        f"{p}citations": abstracts,
        f"{p}screened": _in(abstracts, Stage.TITLE_ABSTRACT, Conclusion.INCLUDED, Conclusion.EXCLUDED),
        f"{p}awaiting_screening": _in(abstracts, Stage.TITLE_ABSTRACT, Conclusion.UNDECIDED),
        f"{p}title_abstract_conflicts": _in(abstracts, Stage.TITLE_ABSTRACT, Conclusion.CONFLICT),
        f"{p}excluded_title_abstract": _in(abstracts, Stage.TITLE_ABSTRACT, Conclusion.EXCLUDED),
        f"{p}sought": reports,
        f"{p}not_retrieved": reports.filter(retrieval=Retrieval.NOT_AVAILABLE),
        f"{p}awaiting_retrieval": reports.filter(retrieval__in=[Retrieval.WANTED, Retrieval.REQUESTED]),
        f"{p}assessed": _of(assessed, Conclusion.INCLUDED, Conclusion.EXCLUDED),
        f"{p}awaiting_full_text": _of(assessed, Conclusion.UNDECIDED),
        f"{p}full_text_conflicts": _of(assessed, Conclusion.CONFLICT),
        f"{p}excluded_full_text": _of(assessed, Conclusion.EXCLUDED),
        **{
            f"{p}reason:{label}": assessed.filter(pk__in=pks)
            for label, pks in primary_reasons(assessed).items()
        },
    }


def included_studies(review: Review) -> QuerySet[Study]:
    """Studies with at least one included report."""
    return review.studies.filter(reports__in=Report.objects.filter(review=review).included()).distinct()


def flow_counts(review: Review, *, with_outside: bool = True) -> FlowCounts:
    """Count every box of the flow from its rows.

    with_outside: with the numbers entered for what was done outside of Winnow, which have no rows.
    """
    columns = Columns(review)
    included = Report.objects.filter(review=review).included()
    told = included.aggregate(
        reports=Count("pk"), grouped=Count("study"), studies=Count("study", distinct=True)
    )
    searched = _stream(columns, is_other=False)
    unread = columns.left_unread(False).count() if columns.is_stopped else 0
    counts = FlowCounts(
        **{name: getattr(searched, name) for name in Stream.__dataclass_fields__},
        included_studies=told["studies"],
        reports_in_studies=told["grouped"],
        reports_without_study=told["reports"] - told["grouped"],
        not_screened=unread,
        other=_stream(columns, is_other=True) if columns.has_other else None,
    )
    if not with_outside:
        return counts
    return with_events(counts, FlowEvent.objects.filter(review=review).standing())


def _stream(columns: Columns, *, is_other: bool) -> Stream:
    states = dict(
        columns.to_screen(is_other).order_by().values_list("title_abstract_state").annotate(n=Count("pk"))
    )
    reports = columns.reports(is_other)
    at = {
        (retrieval, state): n
        for retrieval, state, n in reports.order_by()
        .values_list("retrieval", "citation__full_text_state")
        .annotate(n=Count("pk"))
    }
    read = {state: at.get((Retrieval.OBTAINED, state), 0) for state in Conclusion}
    excluded, included = states.get(Conclusion.EXCLUDED, 0), states.get(Conclusion.INCLUDED, 0)
    by_reason = primary_reasons(reports.filter(retrieval=Retrieval.OBTAINED)) if at else {}
    unread = columns.left_unread(True).count() if is_other and columns.is_stopped else 0
    return Stream(
        identified=_source_counts(columns, is_other),
        duplicates_removed=columns.duplicates(is_other).count(),
        removed_by_automation=unread,
        removed_other=0,
        citations=sum(states.values()),
        screened=excluded + included,
        awaiting_screening=states.get(Conclusion.UNDECIDED, 0),
        title_abstract_conflicts=states.get(Conclusion.CONFLICT, 0),
        excluded_title_abstract=excluded,
        sought=sum(at.values()),
        not_retrieved=sum(n for (where, _), n in at.items() if where == Retrieval.NOT_AVAILABLE),
        awaiting_retrieval=sum(
            n for (where, _), n in at.items() if where in {Retrieval.WANTED, Retrieval.REQUESTED}
        ),
        assessed=read[Conclusion.INCLUDED] + read[Conclusion.EXCLUDED],
        awaiting_full_text=read[Conclusion.UNDECIDED],
        full_text_conflicts=read[Conclusion.CONFLICT],
        excluded_by_reason=reason_counts({label: len(pks) for label, pks in by_reason.items()}, is_other),
        included_reports=read[Conclusion.INCLUDED],
    )


def reason_counts(by_reason: dict[str, int], is_other: bool) -> tuple[ReasonCount, ...]:
    """The most frequent first."""
    ordered = sorted(by_reason.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ReasonCount(label, n, "other_" if is_other else "") for label, n in ordered)


def primary_reasons(reports: QuerySet[Report]) -> dict[str, list[int]]:
    """Reports excluded at full text by the reason that counts: the adjudicator's, else the first vote's."""
    excluded = _of(reports, Conclusion.EXCLUDED)
    standing = (
        Decision.objects.filter(stage=Stage.FULL_TEXT, verdict=Verdict.EXCLUDE)
        .standing()
        .annotate(live=LIVE_CITATION)
        .filter(live__in=excluded.order_by().values("citation"))
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


def _sources(columns: Columns) -> dict[str, QuerySet[Record]]:
    found: dict[str, QuerySet[Record]] = {}
    for run in columns.runs:
        found[f"{run['kind']}s"] = columns.records.filter(search_run__kind=run["kind"])
        key = SourceCount(run["database"], run["kind"], 0).key
        found[key] = columns.records.filter(
            search_run__database=run["database"], search_run__kind=run["kind"]
        )
    return found


def _source_counts(columns: Columns, is_other: bool) -> tuple[SourceCount, ...]:
    kinds = OTHER_METHODS if is_other else SEARCHED
    found: dict[str, SourceCount] = {}
    for run in columns.runs:
        if run["kind"] in kinds:
            this = SourceCount(run["database"], run["kind"], run["n"])
            before = found.get(this.key)
            found[this.key] = replace(this, records=this.records + (before.records if before else 0))
    return tuple(sorted(found.values(), key=lambda s: (kinds.index(s.kind), -s.records, s.name)))


def _in(citations: QuerySet[Citation], stage: str, *states: Conclusion) -> QuerySet[Citation]:
    return citations.filter(Q(**{f"{stage}_state__in": states}))


def _of(reports: QuerySet[Report], *states: Conclusion) -> QuerySet[Report]:
    return reports.filter(citation__full_text_state__in=states)
