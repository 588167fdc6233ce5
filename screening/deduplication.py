"""The rules by which records become citations; the only writer of duplicate links and what follows.

A link says that two records are copies; a citation is what a cluster of linked records is screened as.
Nothing is deleted: undoing a link brings back the citation that the record founded, with its decisions.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from django.db import IntegrityError, models, transaction
from django.db.models import Count, OuterRef, Q, Subquery

from reviewsite.reviews.models import Review, Stage

from . import dedup
from .conclusions import Conclusion
from .decisions import refresh_state
from .models import Citation, DuplicateLink, Record, SearchRun

Progress = Callable[[int, int], None] | None
PERSON = "person"
Verdict = DuplicateLink.Verdict
VERDICTS = {dedup.Verdict.SAME: Verdict.SAME, dedup.Verdict.UNSURE: Verdict.UNSURE}


class LinkRefused(Exception):
    """The verdict on a pair cannot be stored as asked; the text is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Link:
    """A live link, as far as grouping reads it."""

    first: int
    second: int
    verdict: str


@transaction.atomic
def found_citations(search_run: SearchRun) -> None:
    """Every record of a run founds a citation of its own; links may let it share another's later."""
    records = search_run.records.filter(citation=None).only("pk", "review_id")
    Citation.objects.bulk_create(
        [Citation(review_id=r.review_id, founding_record=r, representative=r) for r in records],
        batch_size=1000,
    )
    founded = Citation.objects.filter(founding_record=OuterRef("pk")).values("pk")[:1]
    search_run.records.filter(citation=None).update(citation=Subquery(founded))


def link_duplicates(*, search_run: SearchRun, progress: Progress = None) -> int:
    """Compare a run's records with one another and with all earlier ones; returns the number of new links.

    Earlier links, a person's verdicts above all, stay as they are: only pairs never linked get a row.
    """
    everything = Record.objects.filter(review=search_run.review).identified()
    new = [as_dedup_record(r) for r in everything.filter(search_run=search_run).iterator()]
    earlier = [as_dedup_record(r) for r in everything.exclude(search_run=search_run).iterator()]
    matches = dedup.find_matches(new, earlier, progress=progress)
    with transaction.atomic():
        links = _new_links(search_run.review, matches)
        DuplicateLink.objects.bulk_create(links, batch_size=1000)
        linked = {
            pk for link in links if link.verdict == Verdict.SAME for pk in (link.first_id, link.second_id)
        }
        regroup(search_run.review, linked)
    return len(links)


@transaction.atomic
def settle_pair(*, first: Record, second: Record, verdict: str, person) -> DuplicateLink:
    """A person's word on a pair: it supersedes the rule's, or their colleague's, and the citations follow."""
    first, second = sorted((first, second), key=lambda record: record.pk)
    if first.pk == second.pk or first.review_id != second.review_id:
        raise LinkRefused("A pair is two different records of one review.")
    standing = DuplicateLink.objects.live().filter(first=first, second=second).first()
    if standing and standing.verdict == verdict:
        return standing
    match = dedup.compare(as_dedup_record(first), as_dedup_record(second))
    try:
        with transaction.atomic():
            link = DuplicateLink.objects.create(
                review_id=first.review_id,
                first=first,
                second=second,
                verdict=verdict,
                score=match.score,
                rule=PERSON,
                evidence=[asdict(e) for e in match.evidence],
                decided_by=person,
                supersedes=standing,
            )
    except IntegrityError:
        raise LinkRefused("A colleague settled this pair a moment ago; look at it again.") from None
    regroup(first.review, {first.pk, second.pk})
    return link


@transaction.atomic
def undo_link(*, link: DuplicateLink, person) -> DuplicateLink:
    """Say that two records are not copies after all; their citations come apart again."""
    return settle_pair(first=link.first, second=link.second, verdict=Verdict.DIFFERENT, person=person)


def regroup(review: Review, record_ids: set[int]) -> None:
    """Rebuild the citations of everything connected with these records, and what was concluded about them."""
    if not record_ids:
        return
    links = live_links(review)
    component = connected(record_ids, links)
    records = {r.pk: r for r in Record.objects.filter(pk__in=component).select_related("founded_citation")}
    founded = [record.founded_citation for record in records.values()]
    progress = _how_far(founded)
    for group in group_records(component, links):
        _share_one_citation([records[pk] for pk in group], progress)
    Record.objects.bulk_update(records.values(), ["citation"], batch_size=500)
    Citation.objects.bulk_update(founded, ["merged_into", "representative"], batch_size=500)
    for citation in _with_something_to_fold(founded):
        for stage in Stage.values:
            refresh_state(citation, stage)


def live_links(review: Review) -> list[Link]:
    """What is held about every pair now; persons' verdicts first, then the rules' by falling score."""
    rows = (
        DuplicateLink.objects.live()
        .filter(review=review)
        .values_list("first", "second", "verdict", "rule", "score")
    )
    return [
        Link(first, second, verdict)
        for first, second, verdict, rule, score in sorted(
            rows, key=lambda r: (r[3] != PERSON, -r[4], r[0], r[1])
        )
    ]


def group_records(record_ids: set[int], links: Sequence[Link]) -> list[list[int]]:
    """Clusters of these records by the live links alone; a pair held different never shares one."""
    inside = [link for link in links if link.first in record_ids and link.second in record_ids]
    return dedup.cluster(
        sorted(record_ids),
        [(link.first, link.second) for link in inside if link.verdict == Verdict.SAME],
        [(link.first, link.second) for link in inside if link.verdict == Verdict.DIFFERENT],
    )


def connected(record_ids: set[int], links: Sequence[Link]) -> set[int]:
    """These records and all that links tie to them, of whatever verdict: a cut may free a third record."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for link in links:
        neighbours[link.first].add(link.second)
        neighbours[link.second].add(link.first)
    found, frontier = set(record_ids), list(record_ids)
    while frontier:
        fresh = neighbours[frontier.pop()] - found
        found |= fresh
        frontier.extend(fresh)
    return found


def best_record(records: Sequence[Record]) -> Record:
    """The record shown for a citation: with abstract, DOI and PMID before without, then the oldest."""
    return max(records, key=lambda r: (bool(r.abstract), bool(r.doi), bool(r.pmid), len(r.abstract), -r.pk))


def as_dedup_record(record: Record) -> dedup.DedupRecord:
    """The part of a record that deduplication reads; `key` is its primary key."""
    return dedup.DedupRecord(
        key=record.pk,
        title=record.title,
        authors=tuple(record.authors),
        year=record.year,
        journal=record.journal,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        doi=record.doi,
        pmid=record.pmid,
        abstract=record.abstract,
        database_id=record.database_id,
        publication_type=record.publication_type,
    )


@dataclass(frozen=True)
class _Progress:
    """How far a citation has come, to choose which of several merged ones goes on."""

    in_a_study: bool
    decisions: int


def _how_far(citations: Sequence[Citation]) -> dict[int, _Progress]:
    counted = Citation.objects.filter(pk__in=[c.pk for c in citations]).annotate(n=Count("decisions"))
    rows = counted.values_list("pk", "report__study", "n")
    return {pk: _Progress(study is not None, n) for pk, study, n in rows}


def _share_one_citation(records: Sequence[Record], progress: dict[int, _Progress]) -> None:
    founded = [record.founded_citation for record in records]
    live = max(founded, key=lambda c: (progress[c.pk].in_a_study, progress[c.pk].decisions > 0, -c.pk))
    for citation in founded:
        citation.merged_into = None if citation is live else live
        citation.representative = citation.founding_record
    live.representative = best_record(records)
    for record in records:
        record.citation = live


def _with_something_to_fold(citations: Sequence[Citation]) -> models.QuerySet[Citation]:
    """The live ones that have, or by a merge or a split have gained or lost, decisions."""
    live = Citation.objects.filter(pk__in=[c.pk for c in citations], merged_into=None)
    return live.filter(
        Q(decisions__isnull=False)
        | Q(merged__decisions__isnull=False)
        | ~Q(title_abstract_state=Conclusion.UNDECIDED)
        | ~Q(full_text_state=Conclusion.UNDECIDED)
    ).distinct()


def _new_links(review: Review, matches: Sequence[dedup.Match]) -> list[DuplicateLink]:
    known = set(DuplicateLink.objects.filter(review=review).values_list("first_id", "second_id"))
    links = []
    for match in matches:
        first, second = sorted((int(match.first), int(match.second)))
        if match.verdict in VERDICTS and (first, second) not in known:
            links.append(
                DuplicateLink(
                    review=review,
                    first_id=first,
                    second_id=second,
                    verdict=VERDICTS[match.verdict],
                    score=match.score,
                    rule=match.rule,
                    evidence=[asdict(e) for e in match.evidence],
                )
            )
    return links
