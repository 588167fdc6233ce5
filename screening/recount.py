"""Counts a review again from its rows alone, in plain Python, and says where stored or shown numbers differ.

Nothing here reads a projection or asks the database to count: it is the second opinion of `check_review`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from reviewsite.reviews.models import Review, Stage

from .deciding.conclusions import Conclusion, Verdict, Vote, conclude
from .duplicates.deduplication import group_records, live_links
from .models import (
    Citation,
    Decision,
    FieldChoice,
    Record,
    Report,
    Retrieval,
    Round,
    RoundCitation,
    StopEvent,
)
from .prisma.counts import NO_REASON, flow_counts
from .prisma.flow import NUMBERS, SEARCHED, STREAM_NUMBERS, FlowCounts, imbalances
from .rounds.terms import Terms, terms_in

FOLDED_FROM = ("pk", "citation", "reviewer", "verdict", "kind")


@dataclass
class Recount:
    """What the rows of a review come to."""

    live: dict[int, list[int]] = field(default_factory=dict)
    states: dict[str, dict[int, Conclusion]] = field(default_factory=dict)
    # Numbers and reasons of other methods begin with "other_".
    numbers: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    of_other_methods: set[int] = field(default_factory=set)
    voted: set[int] = field(default_factory=set)

    def column(self, citation: int) -> str:
        return "other_" if citation in self.of_other_methods else ""


def differences(review: Review) -> Iterator[str]:
    """Sentences, one for each number or projection that is not what the rows come to."""
    counted = recount(review)
    shown = flow_counts(review, with_outside=False)
    yield from _projection_differences(review, counted)
    for name, said in _shown_numbers(shown).items():
        if said != counted.numbers[name]:
            yield f"{name}: pages say {said}, the rows {counted.numbers[name]}"
    columns = [shown, shown.other] if shown.other else [shown]
    shown_reasons = Counter(
        {each.key: each.reports for column in columns for each in column.excluded_by_reason}
    )
    if shown_reasons != counted.reasons:
        yield f"reasons at full text: pages say {dict(shown_reasons)}, the rows {dict(counted.reasons)}"
    yield from (imbalance.sentence for imbalance in imbalances(shown))


def _shown_numbers(shown: FlowCounts) -> dict[str, int]:
    numbers = {name: getattr(shown, name) for name in (*NUMBERS, "not_screened")}
    if shown.other:
        numbers |= {f"other_{name}": getattr(shown.other, name) for name in STREAM_NUMBERS}
    return numbers


def recount(review: Review) -> Recount:
    counted = Recount()
    _group(review, counted)
    for stage in Stage:
        counted.states[stage] = _fold(review, stage, counted)
    _count_abstracts(review, counted)
    _count_reports(review, counted)
    return counted


def _group(review: Review, counted: Recount) -> None:
    """Clusters of the records of complete runs; each is known by the citation its records share."""
    rows = Record.objects.filter(review=review).exclude(search_run__imported_at=None)
    citation_of = dict(rows.values_list("pk", "citation"))
    searched = {pk for pk, kind in rows.values_list("pk", "search_run__kind") if kind in SEARCHED}
    for group in group_records(set(citation_of), live_links(review)):
        citation = citation_of[group[0]]
        counted.live[citation] = group
        if searched.isdisjoint(group):
            counted.of_other_methods.add(citation)
        of_searches = len(searched & set(group))
        counted.numbers["duplicates_removed"] += max(0, of_searches - 1)
        counted.numbers["other_duplicates_removed"] += len(group) - of_searches - (not of_searches)


def _fold(review: Review, stage: Stage, counted: Recount) -> dict[int, Conclusion]:
    superseded = set(Decision.objects.filter(review=review).values_list("supersedes", flat=True))
    founded = dict(Citation.objects.filter(review=review).values_list("pk", "founding_record"))
    home = {record: citation for citation, group in counted.live.items() for record in group}
    # Hundreds of thousands in a large review: votes that say the same are one object.
    votes: dict[int | None, dict[tuple[int, bool], Vote]] = defaultdict(dict)
    rows = Decision.objects.filter(review=review, stage=stage).order_by("decided_at", "pk")
    for pk, citation, *said in rows.values_list(*FOLDED_FROM).iterator():
        if pk not in superseded:
            vote, live = _vote(*said), home.get(founded[citation])
            # Of decisions on copies that were merged later, the latest counts.
            votes[live][vote.reviewer, vote.is_adjudication] = vote
            if stage == Stage.TITLE_ABSTRACT and vote.verdict is not Verdict.WITHDRAWN and live:
                counted.voted.add(live)
    protocol = review.protocol
    terms = _terms(review, stage, counted)
    return {
        citation: conclude(
            votes[citation].values() if citation in votes else (),
            required=terms[citation].required,
            experts=terms[citation].experts,
            maybe_counts_as_include=protocol.maybe_counts_as_include,
        )
        for citation in counted.live
    }


@cache
def _vote(reviewer: int, verdict: str, kind: str) -> Vote:
    return Vote(reviewer, Verdict(verdict), kind == Decision.Kind.ADJUDICATE)


def _terms(review: Review, stage: Stage, counted: Recount) -> dict[int, Terms]:
    """What each citation needs, from the rows of rounds; a citation's own place counts before a copy's."""
    rounds = {each.pk: each for each in Round.objects.at(review.pk, stage)}
    rest = next((each for each in rounds.values() if each.takes_the_rest), None)
    founder = dict(Citation.objects.filter(review=review).values_list("founding_record", "pk"))
    places = RoundCitation.objects.filter(round__in=rounds, released_at=None).values_list("citation", "round")
    round_of_founded = dict(places)
    terms = {None: terms_in(rest, stage, review.protocol)}
    terms |= {pk: terms_in(each, stage, review.protocol) for pk, each in rounds.items()}
    found = {}
    for citation, group in counted.live.items():
        copies = sorted(founder[record] for record in group)
        own = [round_of_founded[pk] for pk in [citation, *copies] if pk in round_of_founded]
        found[citation] = terms[own[0] if own else None]
    return found


def _count_abstracts(review: Review, counted: Recount) -> None:
    last = StopEvent.objects.filter(review=review).last()
    is_stopped = last is not None and last.act == StopEvent.Act.STOPPED
    names = {
        Conclusion.EXCLUDED: ("screened", "excluded_title_abstract"),
        Conclusion.INCLUDED: ("screened", "sought"),
        Conclusion.UNDECIDED: ("awaiting_screening",),
        Conclusion.CONFLICT: ("title_abstract_conflicts",),
    }
    for citation, state in counted.states[Stage.TITLE_ABSTRACT].items():
        column = counted.column(citation)
        if is_stopped and state is Conclusion.UNDECIDED and citation not in counted.voted:
            counted.numbers["other_removed_by_automation" if column else "not_screened"] += 1
            continue
        for name in ("citations", *names[state]):
            counted.numbers[column + name] += 1


def _count_reports(review: Review, counted: Recount) -> None:
    names = {
        Conclusion.UNDECIDED: "awaiting_full_text",
        Conclusion.CONFLICT: "full_text_conflicts",
        Conclusion.EXCLUDED: "assessed",
        Conclusion.INCLUDED: "assessed",
    }
    studies = set()
    numbers = counted.numbers
    for report in Report.objects.filter(review=review).prefetch_related("retrieval_events"):
        if counted.states[Stage.TITLE_ABSTRACT].get(report.citation_id) is not Conclusion.INCLUDED:
            continue
        column = counted.column(report.citation_id)
        events = list(report.retrieval_events.all())
        state = events[-1].state if events else Retrieval.WANTED
        if state != Retrieval.OBTAINED:
            missing = "not_retrieved" if state == Retrieval.NOT_AVAILABLE else "awaiting_retrieval"
            numbers[column + missing] += 1
            continue
        conclusion = counted.states[Stage.FULL_TEXT][report.citation_id]
        numbers[column + names[conclusion]] += 1
        if conclusion is Conclusion.EXCLUDED:
            counted.reasons[f"{column}reason:{_reason(report)}"] += 1
        if conclusion is Conclusion.INCLUDED:
            numbers[f"{column}included_reports"] += 1
            numbers["reports_without_study" if report.study_id is None else "reports_in_studies"] += 1
            studies.add(report.study_id)
    numbers["included_studies"] = len(studies - {None})


def _reason(report: Report) -> str:
    """The adjudicator's reason, else that of the first vote to exclude."""
    heads = Decision.objects.on(report.citation, Stage.FULL_TEXT).heads().select_related("reason")
    standing = [d for d in heads if d.verdict == Verdict.EXCLUDE]
    standing.sort(key=lambda d: (not d.is_adjudication, d.decided_at, d.pk))
    return standing[0].reason.label if standing and standing[0].reason else NO_REASON


def _projection_differences(review: Review, counted: Recount) -> Iterator[str]:
    chosen = list(FieldChoice.objects.filter(review=review).values_list("field", "record"))
    complete = Citation.objects.filter(review=review, founding_record__search_run__imported_at__isnull=False)
    stored = complete.only("merged_into", "chosen_fields", *(f"{stage}_state" for stage in Stage))
    for citation in stored.iterator():
        is_live = citation.pk in counted.live
        if is_live != (citation.merged_into_id is None):
            yield f"citation {citation.pk}: {'merged' if is_live else 'live'} as stored, not by the links"
        elif is_live:
            yield from _state_differences(citation, counted)
            members = set(counted.live[citation.pk])
            if citation.chosen_fields != {field: pk for field, pk in chosen if pk in members}:
                yield f"citation {citation.pk}: the fields that persons chose are not those stored"


def _state_differences(citation: Citation, counted: Recount) -> Iterator[str]:
    for stage in Stage:
        stored, folded = citation.state_at(stage), counted.states[stage][citation.pk]
        if stored != folded:
            yield f"citation {citation.pk}, {stage.label.lower()}: stored {stored}, the votes say {folded}"
