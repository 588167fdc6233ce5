"""What was known of a review at a moment, folded again from its rows alone; and what is known now.

Rows are only ever added, so a past day can be told from those that were there by then: runs that were
complete, links and decisions that stood, terms of rounds and protocol as they were. A report counts to the
study it belongs to today, from the day on which that study was made: moving reports leaves no dated row.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from reviewsite.reviews.models import AuditEntry, Review, Stage

from ..deciding.conclusions import Conclusion, Verdict, Vote, conclude
from ..duplicates.deduplication import Link, group_records
from ..models import (
    Citation,
    Decision,
    DuplicateLink,
    FlowEvent,
    Record,
    Report,
    Retrieval,
    RetrievalEvent,
    ReviewVersion,
    Round,
    RoundCitation,
    RoundPerson,
    SearchRun,
    StopEvent,
)
from ..order.reading_order import not_screened
from .counts import NO_REASON, primary_reasons
from .flow import FlowCounts
from .lasting import basis_from
from .outside import with_events
from .placing import Facts, Placed, ReportFact, count, place


def flow_at(
    review: Review, moment: datetime | None = None, since: ReviewVersion | None = None
) -> tuple[FlowCounts, Placed]:
    """The flow as it stood at a moment, None for now, with the rows of each number.

    since: count only what came or was settled after this version.
    """
    basis = basis_from(review, since.content["basis"]) if since else None
    facts = facts_now(review) if moment is None else facts_at(review, moment)
    placed = place(facts, basis)
    counts = count(placed, facts, basis)
    events = FlowEvent.objects.filter(review=review)
    standing = events.standing() if moment is None else events.standing_at(moment)
    if since is not None:
        # What was entered by then is of that version.
        standing = standing.filter(entered_at__gt=since.frozen_at)
    return with_events(counts, standing), placed


def facts_now(review: Review) -> Facts:
    """From the projections, which `check_review` holds against the rows."""
    runs = _runs(SearchRun.objects.filter(review=review).complete())
    rows = Record.objects.filter(review=review).identified().order_by("pk")
    run_of, groups = {}, defaultdict(list)
    for pk, run, citation in rows.values_list("pk", "search_run", "citation").iterator(chunk_size=20000):
        run_of[pk] = run
        groups[citation].append(pk)
    live = (
        review.citations.live()
        .order_by()
        .values_list("pk", "founding_record", "title_abstract_state", "full_text_state")
    )
    abstracts, full_texts = {}, {}
    for pk, founder, abstract, full_text in live.iterator(chunk_size=20000):
        abstracts[pk], full_texts[pk] = abstract, full_text
        if pk in groups and groups[pk][0] != founder:
            groups[pk].sort(key=lambda record, first=founder: (record != first, record))
    sought = Report.objects.filter(review=review).sought()
    reports = {
        citation: ReportFact(pk, citation, retrieval, study)
        for pk, citation, retrieval, study in sought.values_list("pk", "citation", "retrieval", "study")
    }
    citation_of = {report.pk: report.citation for report in reports.values()}
    reasons = {
        citation_of[pk]: label
        for label, pks in primary_reasons(sought.filter(retrieval=Retrieval.OBTAINED)).items()
        for pk in pks
    }
    unread = set(not_screened(review).values_list("pk", flat=True))
    return Facts(runs, run_of, groups, abstracts, full_texts, unread, reports, reasons)


def facts_at(review: Review, moment: datetime) -> Facts:
    runs = _runs(SearchRun.objects.filter(review=review, imported_at__lte=moment))
    rows = Record.objects.filter(review=review, search_run__in=list(runs)).order_by("pk")
    run_of = dict(rows.values_list("pk", "search_run"))
    founded = _founded(review, run_of)
    groups = _groups(review, moment, run_of, founded)
    home = {founded[record]: citation for citation, records in groups.items() for record in records}
    terms = _TermsThen(review, moment)
    votes, reasons = _votes(review, moment, home)
    abstracts, full_texts = (
        _fold(groups, votes[stage], terms.of(stage, home), terms.maybe_counts_as_include) for stage in Stage
    )
    unread = _unread(review, moment, abstracts, votes[Stage.TITLE_ABSTRACT])
    reports = _reports(review, moment, home)
    return Facts(runs, run_of, groups, abstracts, full_texts, unread, reports, reasons)


def _runs(query) -> dict[int, tuple[str, Any]]:
    return {pk: (database, kind) for pk, database, kind in query.values_list("pk", "database", "kind")}


def _founded(review: Review, run_of: Mapping[int, int]) -> dict[int, int]:
    """Record to the citation it founded."""
    rows = Citation.objects.filter(review=review).order_by().values_list("founding_record", "pk")
    return {record: pk for record, pk in rows if record in run_of}


def _groups(
    review: Review, moment: datetime, run_of: Mapping[int, int], founded: Mapping[int, int]
) -> dict[int, list[int]]:
    """Clusters by the links that stood, each known by the citation that is live today where it has one."""
    rows = (
        DuplicateLink.objects.filter(review=review, decided_at__lte=moment)
        .exclude(superseded_by__decided_at__lte=moment)
        .values_list("first", "second", "verdict", "rule", "score")
    )
    held = sorted(rows, key=lambda r: (r[3] != "person", -r[4], r[0], r[1]))
    links = [Link(first, second, verdict, rule) for first, second, verdict, rule, _ in held]
    live = set(review.citations.live().values_list("pk", flat=True))
    found = {}
    for group in group_records(set(run_of), links):
        first = next((record for record in group if founded[record] in live), group[0])
        found[founded[first]] = [first, *(record for record in group if record != first)]
    return found


Votes = dict[int, dict[tuple[int, str], Vote]]


def _votes(
    review: Review, moment: datetime, home: Mapping[int, int]
) -> tuple[dict[str, Votes], dict[int, str]]:
    """By stage each person's latest vote on a citation, and the reason at full text that counts."""
    rows = (
        Decision.objects.filter(review=review, decided_at__lte=moment)
        .exclude(superseded_by__decided_at__lte=moment)
        .order_by("decided_at", "pk")
        .values_list("citation", "stage", "kind", "reviewer", "verdict", "reason__label")
    )
    votes: dict[str, Votes] = {stage: defaultdict(dict) for stage in Stage.values}
    reasons: dict[int, tuple[str, str]] = {}
    for founder, stage, kind, reviewer, verdict, reason in rows.iterator(chunk_size=20000):
        citation = home.get(founder)
        if citation is None:
            continue
        is_adjudication = kind == Decision.Kind.ADJUDICATE
        vote = Vote(reviewer, Verdict(verdict), is_adjudication)
        votes[stage][citation][reviewer, kind] = vote
        if stage == Stage.FULL_TEXT and verdict == Verdict.EXCLUDE:
            before = reasons.get(citation)
            # "adjudicate" sorts before "screen"; within a kind the first vote counts.
            if before is None or kind < before[0]:
                reasons[citation] = (kind, reason or NO_REASON)
    return votes, {citation: label for citation, (_, label) in reasons.items()}


def _fold(
    groups: Mapping[int, Any], votes: Votes, terms: "_StageTerms", maybe_counts: bool
) -> dict[int, str]:
    nothing = conclude((), required=1)
    return {
        citation: conclude(
            votes[citation].values(),
            required=terms.required(citation),
            experts=terms.experts(citation),
            maybe_counts_as_include=maybe_counts,
        )
        if citation in votes
        else nothing
        for citation in groups
    }


@dataclass
class _StageTerms:
    default: tuple[int, frozenset[int] | None]
    placed: Mapping[int, tuple[int, frozenset[int] | None]]

    def required(self, citation: int) -> int:
        return self.placed.get(citation, self.default)[0]

    def experts(self, citation: int) -> frozenset[int] | None:
        return self.placed.get(citation, self.default)[1]


class _TermsThen:
    """How many votes a citation needed then: the protocol with later changes taken back, and rounds."""

    def __init__(self, review: Review, moment: datetime) -> None:
        self.review, self.moment = review, moment
        names = ("title_abstract_decisions", "full_text_decisions", "maybe_counts_as_include")
        self.told = {name: getattr(review.protocol, name) for name in names}
        later = AuditEntry.objects.filter(review=review, act="protocol changed", at__gt=moment)
        for entry in later.order_by("-at", "-pk"):
            self.told |= {name: old for name, old in entry.details["before"].items() if name in names}

    @property
    def maybe_counts_as_include(self) -> bool:
        return self.told["maybe_counts_as_include"]

    def of(self, stage: str, home: Mapping[int, int]) -> _StageTerms:
        protocol = self.told[f"{stage}_decisions"]
        then = Round.objects.filter(review=self.review, stage=stage, created_at__lte=self.moment)
        rounds = list(then.filter(Q(dissolved_at=None) | Q(dissolved_at__gt=self.moment)))
        experts: dict[int, set[int]] = defaultdict(set)
        people = RoundPerson.objects.filter(round__in=rounds, is_expert=True, joined_at__lte=self.moment)
        for round_pk, user in people.values_list("round", "user"):
            experts[round_pk].add(user)
        terms = {
            each.pk: (
                each.decisions_needed or protocol,
                frozenset(experts[each.pk]) if each.needs_expert else None,
            )
            for each in rounds
        }
        rest = next((terms[each.pk] for each in rounds if each.takes_the_rest), (protocol, None))
        places = RoundCitation.objects.filter(round__in=rounds).filter(
            Q(released_at=None) | Q(released_at__gt=self.moment)
        )
        placed: dict[int, Any] = {}
        for citation, round_pk in places.values_list("citation", "round"):
            live = home.get(citation)
            # A citation's own place counts before a copy's.
            if live is not None and (live == citation or live not in placed):
                placed[live] = terms[round_pk]
        return _StageTerms(rest, placed)


def _unread(review: Review, moment: datetime, abstracts: Mapping[int, str], votes: Votes) -> set[int]:
    last = StopEvent.objects.filter(review=review, at__lte=moment).last()
    if last is None or last.act != StopEvent.Act.STOPPED:
        return set()
    voted = {
        citation
        for citation, given in votes.items()
        if any(vote.verdict is not Verdict.WITHDRAWN for vote in given.values())
    }
    return {
        citation
        for citation, state in abstracts.items()
        if state == Conclusion.UNDECIDED and citation not in voted
    }


def _reports(review: Review, moment: datetime, home: Mapping[int, int]) -> dict[int, ReportFact]:
    latest: dict[int, str] = {}
    events = RetrievalEvent.objects.filter(report__review=review, recorded_at__lte=moment)
    for report, state in events.order_by("recorded_at", "pk").values_list("report", "state"):
        latest[report] = state
    rows = Report.objects.filter(review=review).values_list("pk", "citation", "study", "study__created_at")
    return {
        home[citation]: ReportFact(
            pk,
            home[citation],
            latest.get(pk, Retrieval.WANTED),
            study if study is not None and made_at <= moment else None,
        )
        for pk, citation, study, made_at in _own_last(rows, home)
    }


def _own_last(rows: Iterable[tuple[Any, ...]], home: Mapping[int, int]) -> list[tuple[Any, ...]]:
    """Reports of known citations; that of the citation itself after those of its copies: it counts."""
    return sorted((row for row in rows if row[1] in home), key=lambda row: (home[row[1]] == row[1], row[0]))
