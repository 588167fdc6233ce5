"""The rules by which records become citations; the only writer of duplicate links and what follows.

A link says that two records are copies; a citation is what a cluster of linked records is screened as.
Nothing is deleted: undoing a link brings back the citation that the record founded, with its decisions.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext

from reviewsite.reviews import jobs
from reviewsite.reviews.models import Review, Stage, record_act

from .. import dedup
from ..citations import word_index
from ..deciding.conclusions import Conclusion
from ..deciding.decisions import refresh_state
from ..models import Citation, DuplicateLink, FieldChoice, Record, SearchRun
from .best_fields import FIELDS

Progress = Callable[[int, int], None] | None
PERSON = "person"
LINK_COLUMNS = ("first", "second", "verdict", "rule", "score")
LinkRow = tuple[int, int, str, str, float]
PAIRS_AT_ONCE = 50
Verdict = DuplicateLink.Verdict
VERDICTS = {
    dedup.Verdict.SAME: Verdict.SAME,
    dedup.Verdict.UNSURE: Verdict.UNSURE,
    dedup.Verdict.VERSION: Verdict.VERSION,
    dedup.Verdict.DIFFERENT: Verdict.DIFFERENT,
}


class LinkRefused(Exception):
    """The verdict on a pair cannot be stored as asked; the text is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Link:
    """A live link, as far as grouping reads it."""

    first: int
    second: int
    verdict: str
    rule: str

    @property
    def keeps_apart(self) -> bool:
        """Whether its records may not share a citation, even when a third one resembles both."""
        doubted = self.verdict == Verdict.UNSURE and self.rule in dedup.GUARD_RULES
        return doubted or self.verdict in {Verdict.DIFFERENT, Verdict.VERSION}


@transaction.atomic
def found_citations(search_run: SearchRun) -> None:
    """Every record of a run founds a citation of its own; links may let it share another's later."""
    found_aside(list(search_run.records.filter(citation=None).only("pk", "review_id")))
    bring_forth(search_run)
    word_index.add(search_run)


@transaction.atomic
def found_aside(records: Sequence[Record]) -> None:
    """Each record founds a citation that points to itself: no list and no count knows of it yet."""
    Citation.objects.bulk_create(
        [Citation(review_id=r.review_id, founding_record=r, representative=r) for r in records],
        batch_size=1000,
    )
    keys = [record.pk for record in records]
    Citation.objects.filter(founding_record__in=keys).update(merged_into=F("pk"))
    founded = Citation.objects.filter(founding_record=OuterRef("pk")).values("pk")[:1]
    Record.objects.filter(pk__in=keys).update(citation=Subquery(founded))


def bring_forth(search_run: SearchRun) -> None:
    """All that the run founded aside stands for itself, at one stroke."""
    founded = Citation.objects.filter(founding_record__search_run=search_run)
    founded.filter(merged_into=F("pk")).update(merged_into=None)


def drop_founded(search_run: SearchRun) -> None:
    """Take back what the run's records founded, which nobody has decided on."""
    search_run.records.update(citation=None)
    founded = Citation.objects.filter(founding_record__search_run=search_run)
    founded.update(merged_into=None)
    founded.delete()


def link_duplicates(*, search_run: SearchRun, progress: Progress = None) -> int:
    """Compare a run's records with one another and with all earlier ones; returns the number of new links.

    Earlier links, a person's verdicts above all, stay as they are: only pairs never linked get a row. Links
    are stored some at a time with what follows from them, copies of one work together, so that nobody who
    decides meanwhile has to wait; an attempt that was killed is gone on with.
    """
    everything = Record.objects.filter(review=search_run.review).identified()
    # One at a time: each is folded at once, and its abstract need not be held.
    new = map(as_dedup_record, everything.filter(search_run=search_run).iterator())
    earlier = map(as_dedup_record, everything.exclude(search_run=search_run).iterator())
    matches = dedup.find_matches(new, earlier, progress=progress)
    stored = 0
    for some in _some_at_a_time(matches):
        stored += _link(search_run, some)
        jobs.give_way()
    record_act(search_run.review, None, "records compared", run=str(search_run), new_links=stored)
    return stored


def _some_at_a_time(matches: Sequence[dedup.Match]) -> Iterator[list[dedup.Match]]:
    """The matches in lots; those that hang together by likeness are never parted."""
    same = [(int(m.first), int(m.second)) for m in matches if VERDICTS.get(m.verdict) == Verdict.SAME]
    group_of: dict[int, int] = {}
    for number, group in enumerate(dedup.cluster(sorted({key for pair in same for key in pair}), same, [])):
        group_of |= dict.fromkeys(group, number)
    together: dict[object, list[dedup.Match]] = defaultdict(list)
    for match in matches:
        together[group_of.get(int(match.first), (match.first, match.second))].append(match)
    lot: list[dedup.Match] = []
    for group in together.values():
        lot += group
        if len(lot) >= PAIRS_AT_ONCE:
            yield lot
            lot = []
    if lot:
        yield lot


@transaction.atomic
def _link(search_run: SearchRun, matches: Sequence[dedup.Match]) -> int:
    if search_run.job is not None:
        jobs.hold(search_run.job)
    links = _new_links(search_run.review, matches)
    DuplicateLink.objects.bulk_create(links, batch_size=1000)
    linked = {pk for link in links if link.verdict == Verdict.SAME for pk in (link.first_id, link.second_id)}
    _keep_apart(search_run.review, linked)
    regroup(search_run.review, linked)
    return len(links)


def _keep_apart(review: Review, record_ids: set[int]) -> None:
    """Store what speaks strongly against records that a chain of likenesses would bring together."""
    same = [link for link in _links_around(record_ids) if link.verdict == Verdict.SAME]
    component = connected(record_ids, same)
    records = Record.objects.filter(pk__in=component)
    pairs = [(link.first, link.second) for link in same if link.first in component]
    against = dedup.held_apart([as_dedup_record(record) for record in records], pairs)
    links = _new_links(review, [replace(match, verdict=dedup.Verdict.DIFFERENT) for match in against])
    DuplicateLink.objects.bulk_create(links, batch_size=1000)


@transaction.atomic
def settle_pair(*, first: Record, second: Record, verdict: str, person) -> DuplicateLink:
    """A person's word on a pair: it supersedes the rule's, or their colleague's, and the citations follow."""
    link, is_new = _settle(first, second, verdict, person)
    if is_new:
        told = {"first": str(link.first)[:200], "second": str(link.second)[:200]}
        record_act(link.review_id, person, "pair of records judged", verdict=verdict, **told)
    return link


def _settle(first: Record, second: Record, verdict: str, person) -> tuple[DuplicateLink, bool]:
    """The standing word on a pair, and whether it is new."""
    first, second = sorted((first, second), key=lambda record: record.pk)
    if first.pk == second.pk or first.review_id != second.review_id:
        raise LinkRefused(gettext("A pair is two different records of one review."))
    standing = DuplicateLink.objects.live().filter(first=first, second=second).first()
    if standing and standing.verdict == verdict:
        return standing, False
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
        raise LinkRefused(gettext("A colleague settled this pair a moment ago; look at it again.")) from None
    regroup(first.review, {first.pk, second.pk})
    return link, True


def mark_duplicate(*, citation: Citation, original: Citation, person) -> DuplicateLink:
    """A person's word, while screening, that a citation is a copy of another one."""
    first, second = citation.live_citation, original.live_citation
    if first == second:
        raise LinkRefused(gettext("These two are one citation already."))
    return settle_pair(
        first=first.representative, second=second.representative, verdict=Verdict.SAME, person=person
    )


@transaction.atomic
def split_off(*, record: Record, person) -> None:
    """Take one record out of its citation: a person's word that it is none of the others."""
    others = list(Record.objects.filter(citation=record.citation_id).exclude(pk=record.pk))
    if not others:
        raise LinkRefused(gettext("This record is alone in its citation; there is nothing to take it from."))
    for other in others:
        _settle(record, other, Verdict.DIFFERENT, person)
    told = {"record": str(record)[:200], "others": len(others)}
    record_act(record.review_id, person, "record taken out of its citation", **told)


@transaction.atomic
def choose_field(*, record: Record, field: str, person) -> None:
    """Show a field of the citation from this record, whatever the rules hold to be the best."""
    if field not in FIELDS or not getattr(record, field):
        raise LinkRefused(gettext("This record has nothing to show for that field."))
    FieldChoice.objects.create(review_id=record.review_id, record=record, field=field, decided_by=person)
    regroup(record.review, {record.pk})
    record_act(record.review_id, person, "field chosen", field=field, record=str(record)[:200])


def regroup(review: Review, record_ids: set[int]) -> None:
    """Rebuild the citations of everything connected with these records, and what was concluded about them."""
    if not record_ids:
        return
    links = _links_around(record_ids)
    component = connected(record_ids, links)
    records = {r.pk: r for r in Record.objects.filter(pk__in=component).select_related("founded_citation")}
    founded = [record.founded_citation for record in records.values()]
    progress = _how_far(founded)
    chosen = chosen_fields(component)
    for group in group_records(component, links):
        _share_one_citation([records[pk] for pk in group], progress, chosen)
    Record.objects.bulk_update(records.values(), ["citation"], batch_size=500)
    Citation.objects.bulk_update(founded, ["merged_into", "representative", "chosen_fields"], batch_size=500)
    for citation in _with_something_to_fold(founded):
        for stage in Stage.values:
            refresh_state(citation, stage)


def live_links(review: Review) -> list[Link]:
    """What is held about every pair now; persons' verdicts first, then the rules' by falling score."""
    return _in_turn(DuplicateLink.objects.live().filter(review=review).values_list(*LINK_COLUMNS))


def _links_around(record_ids: set[int]) -> list[Link]:
    """What is held now about these records and all that links tie to them, in the same turn."""
    found: set[LinkRow] = set()
    seen, frontier = set[int](), set(record_ids)
    while frontier:
        touching = Q(first__in=frontier) | Q(second__in=frontier)
        rows = set(DuplicateLink.objects.live().filter(touching).values_list(*LINK_COLUMNS))
        found |= rows
        seen |= frontier
        frontier = {key for row in rows for key in row[:2]} - seen
    return _in_turn(found)


def _in_turn(rows: Iterable[LinkRow]) -> list[Link]:
    return [
        Link(first, second, verdict, rule)
        for first, second, verdict, rule, score in sorted(
            rows, key=lambda r: (r[3] != PERSON, -r[4], r[0], r[1])
        )
    ]


def group_records(record_ids: set[int], links: Sequence[Link]) -> list[list[int]]:
    """Clusters of these records by the live links alone; a pair held different never shares one.

    What only the rules hold against a pair gives way where a person has linked one of the two.
    """
    inside = [link for link in links if link.first in record_ids and link.second in record_ids]
    by_hand = {
        key
        for link in inside
        if link.rule == PERSON and link.verdict == Verdict.SAME
        for key in (link.first, link.second)
    }
    return dedup.cluster(
        sorted(record_ids),
        [(link.first, link.second) for link in inside if link.verdict == Verdict.SAME],
        [
            (link.first, link.second)
            for link in inside
            if link.keeps_apart and (link.rule == PERSON or not {link.first, link.second} & by_hand)
        ],
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
    return dedup.DedupRecord.of(record, record.pk)


@dataclass(frozen=True)
class _Progress:
    """How far a citation has come, to choose which of several merged ones goes on."""

    in_a_study: bool
    decisions: int


def _how_far(citations: Sequence[Citation]) -> dict[int, _Progress]:
    counted = Citation.objects.filter(pk__in=[c.pk for c in citations]).annotate(n=Count("decisions"))
    rows = counted.values_list("pk", "report__study", "n")
    return {pk: _Progress(study is not None, n) for pk, study, n in rows}


def chosen_fields(record_ids: set[int]) -> list[tuple[str, int]]:
    """Persons' choices on these records, oldest first: field and record."""
    return list(FieldChoice.objects.filter(record__in=record_ids).values_list("field", "record"))


def _share_one_citation(
    records: Sequence[Record], progress: dict[int, _Progress], chosen: Sequence[tuple[str, int]]
) -> None:
    founded = [record.founded_citation for record in records]
    live = max(founded, key=lambda c: (progress[c.pk].in_a_study, progress[c.pk].decisions > 0, -c.pk))
    for citation in founded:
        citation.merged_into = None if citation is live else live
        citation.representative = citation.founding_record
        citation.chosen_fields = {}
    members = {record.pk for record in records}
    live.chosen_fields = {field: pk for field, pk in chosen if pk in members}
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
    pairs = [sorted((int(match.first), int(match.second))) for match in matches]
    known = set(
        DuplicateLink.objects.filter(review=review, first__in={first for first, _ in pairs}).values_list(
            "first_id", "second_id"
        )
    )
    links = []
    for match, (first, second) in zip(matches, pairs, strict=True):
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
