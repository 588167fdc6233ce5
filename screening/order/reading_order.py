"""The order of reading on title and abstract: agreed in the plan, made in the background, stored as places.

It learns from concluded citations alone, so that no vote still blind moves anything a colleague can see.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import Exists, IntegerField, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext

from reviewsite.reviews import jobs
from reviewsite.reviews.models import Review, Stage, record_act

from ..deciding.conclusions import Conclusion
from ..models import Citation, Place, RankingRun, ReadingPlan, Round, StopEvent
from ..ranking import NothingToLearn, batch_size, best_first, relevance_scores, with_random_share
from ..rounds.participation import LIVE_CITATION
from .feature_store import features_of

CONCLUDED = (Conclusion.INCLUDED, Conclusion.EXCLUDED)
# Learning more often than every tenth conclusion keeps the worker busy and changes little.
FEWEST_NEW = 10
OVERDUE_AFTER = timedelta(minutes=15)
PLACES_AT_ONCE = 250


class ReadingRefused(Exception):
    """The plan or the stop cannot be as asked; the text is a sentence for the person."""


def plan_of(review: Review) -> ReadingPlan:
    """The plan that stands; without one everything is read as imported."""
    return ReadingPlan.objects.filter(review=review).first() or ReadingPlan(review=review)


@transaction.atomic
def change_plan(*, review: Review, by, reason: str = "", **fields: object) -> ReadingPlan:
    """Store the plan with an audit entry; once somebody has decided, a change needs a written reason."""
    plan, _ = ReadingPlan.objects.get_or_create(review=review)
    changed = {name: value for name, value in fields.items() if getattr(plan, name) != value}
    if not changed:
        return plan
    has_begun = review.decisions.filter(stage="title_abstract").exists()
    if has_begun and not reason.strip():
        raise ReadingRefused(
            gettext("Screening has begun: say why the plan changes. It is kept with the old plan.")
        )
    before = {name: getattr(plan, name) for name in changed}
    for name, value in changed.items():
        setattr(plan, name, value)
    plan.save(update_fields=list(changed))
    ask_for_order(review, plan)
    record_act(
        review, by, "reading plan changed", before=before, after=changed, reason=reason, had_begun=has_begun
    )
    return plan


@dataclass(frozen=True)
class Reading:
    """How the citations of a stage are read now: by which order, and whether reading was stopped.

    concluded: citations concluded on title and abstract; learnt_from: how many were when the last order was
    made, None when there is none; ordering_since: when the one was asked for that is being made; has_places:
    whether an order was ever stored.
    """

    stage: str = Stage.TITLE_ABSTRACT
    order: str = ReadingPlan.Order.IMPORTED
    is_stopped: bool = False
    has_rounds: bool = True
    concluded: int = 0
    learnt_from: int | None = None
    ordering_since: datetime | None = None
    has_places: bool = False

    @property
    def is_ordered(self) -> bool:
        """Whether places say what comes next."""
        return self.order != ReadingPlan.Order.IMPORTED and self.has_places


def reading_at(review: Review, stage: str) -> Reading:
    """What stands at a stage, in one query."""
    columns = reading_columns(review, stage)
    (row,) = Review.objects.filter(pk=review.pk).values_list(*columns)
    return reading_of(stage, row)


def reading_columns(review: Review, stage: str) -> list[Any]:
    """What `reading_of` makes a Reading of: columns that may be read along with any row."""
    plans = ReadingPlan.objects.filter(review=review).order_by().values("order")[:1]
    acts = StopEvent.objects.filter(review=review).order_by("-at", "-pk").values("act")[:1]
    runs = RankingRun.objects.filter(review=review).order_by("-pk")
    concluded = review.citations.live().filter(title_abstract_state__in=CONCLUDED).order_by()
    return [
        Subquery(plans),
        Subquery(acts),
        Exists(Round.objects.at(review.pk, stage).order_by()),
        RowCount(concluded.values("pk")),
        Subquery(runs.values("concluded")[:1]),
        Subquery(runs.filter(finished_at=None).values("asked_at")[:1]),
        Exists(Place.objects.filter(review=review)),
    ]


def reading_of(stage: str, row: Sequence[Any]) -> Reading:
    """Plan and stop are those of title and abstract alone."""
    order, act, has_rounds, concluded, learnt_from, ordering_since, has_places = row
    if stage != Stage.TITLE_ABSTRACT:
        return Reading(stage=stage, has_rounds=has_rounds)
    return Reading(
        stage=stage,
        order=order or ReadingPlan.Order.IMPORTED,
        is_stopped=act == StopEvent.Act.STOPPED,
        has_rounds=has_rounds,
        concluded=concluded,
        learnt_from=learnt_from,
        ordering_since=ordering_since,
        has_places=has_places,
    )


class RowCount(Subquery):
    """How many rows a query has, counted inside another one."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def ask_if_due(review: Review, reading: Reading) -> None:
    """Ask for a new order when enough was concluded since the last one. Called at each refill of a page."""
    if reading.order != ReadingPlan.Order.RANKED:
        return
    if reading.ordering_since:
        is_due = reading.ordering_since < timezone.now() - OVERDUE_AFTER
    else:
        new = reading.concluded - (reading.learnt_from or 0)
        is_due = reading.learnt_from is None or new >= max(FEWEST_NEW, batch_size(reading.concluded))
    if is_due:
        ask_for_order(review, ReadingPlan.objects.get(review=review))


def ask_for_order(review: Review, plan: ReadingPlan) -> None:
    """Queue the making of an order; nothing when one is under way or the plan is to read as imported.

    One that should long be made is queued once more: its worker may have died. Made twice, it is the same.
    """
    from ..tasks import order_citations

    if plan.order == ReadingPlan.Order.IMPORTED:
        return
    try:
        with transaction.atomic():
            run = RankingRun.objects.create(review=review)
    except IntegrityError:
        overdue = review.ranking_runs.filter(
            finished_at=None, asked_at__lt=timezone.now() - OVERDUE_AFTER
        ).first()
        if overdue is None:
            return
        run = overdue
        run.asked_at = timezone.now()
        run.save(update_fields=["asked_at"])
    order_citations.enqueue(run.pk)


def record_failure(run: RankingRun, sentence: str) -> None:
    """The run has ended without an order; the one before it stands, and a new one comes as after any run."""
    run.concluded = run.review.citations.live().filter(title_abstract_state__in=CONCLUDED).count()
    run.has_failed, run.outcome, run.finished_at = True, sentence, timezone.now()
    run.save()


@dataclass(frozen=True)
class _Texts:
    keys: list[int]
    titles: list[str]
    abstracts: list[str]
    states: list[str]


def make_order(run: RankingRun) -> None:
    """Learn from what is concluded, order what is open, and store places and what it rests on."""
    review, plan = run.review, plan_of(run.review)
    _begin(run)
    texts = _texts(review)
    labels = _labels(texts, seed_citations(review, plan))
    is_open = np.array([state == Conclusion.UNDECIDED for state in texts.states], dtype=bool)
    rows = np.flatnonzero(is_open)
    scores, outcome = _scores(review, plan, texts, labels)
    seed = plan.seed * 1_000_003 + len(labels)
    if scores is None:
        # The plan's seed alone, so that an order at random is the same however far reading is.
        ordered = np.random.default_rng(plan.seed).permutation(len(texts.keys))
        ordered = ordered[is_open[ordered]]
        is_random = np.ones(len(ordered), dtype=bool)
    else:
        ordered, is_random = with_random_share(
            best_first(scores, rows), share=plan.random_percent / 100, seed=seed
        )
    keys = [texts.keys[row] for row in ordered]
    kept_scores = [None] * len(keys) if scores is None else [float(scores[row]) for row in ordered]
    settled = sum(state in CONCLUDED for state in texts.states)
    _store(run, keys, kept_scores, is_random.tolist())
    with transaction.atomic():
        _hold(run)
        run.concluded, run.relevant, run.ordered = settled, sum(labels.values()), len(keys)
        run.digest = hashlib.sha256(",".join(map(str, keys)).encode()).hexdigest()
        run.outcome, run.finished_at = outcome, timezone.now()
        run.save()
        record_act(review, None, "order of reading made", citations=len(keys), sha256=run.digest)


def seed_citations(review: Review, plan: ReadingPlan) -> set[int]:
    """The citations that the plan names as relevant, by PubMed id or DOI of any of their records."""
    named = {
        re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*|pmid:\s*)", "", w, flags=re.I).lower()
        for w in _lines(plan)
    }
    found = review.records.filter(Q(pmid__in=named) | Q(doi__in=named)).exclude(citation=None)
    return set(found.values_list("citation", flat=True)) if named else set()


def _lines(plan: ReadingPlan) -> list[str]:
    return [line.strip() for line in plan.seed_papers.splitlines() if line.strip()]


def _texts(review: Review) -> _Texts:
    rows = review.citations.live().order_by("pk")
    columns = ("pk", "representative__title", "representative__abstract", "title_abstract_state")
    keys, titles, abstracts, states = [], [], [], []
    for pk, title, abstract, state in rows.values_list(*columns).iterator(chunk_size=5000):
        keys.append(pk)
        titles.append(title)
        abstracts.append(abstract)
        states.append(state)
    return _Texts(keys, titles, abstracts, states)


def _labels(texts: _Texts, seeds: set[int]) -> dict[int, bool]:
    """Row to relevant or not: what is concluded, and the seed papers on which nothing is yet."""
    labels = {row: True for row, key in enumerate(texts.keys) if key in seeds}
    for row, state in enumerate(texts.states):
        if state in CONCLUDED:
            labels[row] = state == Conclusion.INCLUDED
    return labels


def _scores(review: Review, plan: ReadingPlan, texts: _Texts, labels: dict[int, bool]):
    if plan.order == ReadingPlan.Order.RANDOM:
        return None, "At random, from the seed of the plan."
    try:
        table = features_of(review.pk, texts.titles, texts.abstracts)
        scores = relevance_scores(table, list(labels), list(labels.values()), seed=plan.seed)
    except NothingToLearn:
        return None, "Nothing relevant is known yet, so the order is random until something is."
    return scores, f"Learnt from {len(labels):,} citations, {sum(labels.values()):,} of them relevant."


def _begin(run: RankingRun) -> None:
    """From now on what an earlier attempt at this order still writes is refused."""
    now = timezone.now()
    RankingRun.objects.filter(pk=run.pk).update(asked_at=now)
    run.asked_at = now


def _hold(run: RankingRun) -> None:
    """Within a transaction: nobody else makes this order until it ends. Raises JobTakenUp."""
    mine = RankingRun.objects.filter(pk=run.pk, asked_at=run.asked_at, finished_at=None)
    if not mine.select_for_update(no_key=True).exists():
        raise jobs.JobTakenUp


def _store(run: RankingRun, keys: list[int], scores: list[float | None], is_random: list[bool]) -> None:
    """A few hundred places at a time, from the first on, so that nobody who decides meanwhile has to wait.

    Half-way through each place is of the last order or of this one, and holds by itself; an attempt that was
    killed is made again whole.
    """
    rows = list(enumerate(zip(keys, scores, is_random, strict=True), 1))
    for start in range(0, len(rows), PLACES_AT_ONCE):
        _store_some(run, rows[start : start + PLACES_AT_ONCE])
        jobs.give_way()


@transaction.atomic
def _store_some(run: RankingRun, rows: list[tuple[int, tuple[int, float | None, bool]]]) -> None:
    _hold(run)
    # What was drawn for an audit keeps its place in front.
    drawn = Place.objects.filter(citation__in=[key for _, (key, _, _) in rows], audit__isnull=False)
    audited = set(drawn.values_list("citation", flat=True))
    Place.objects.bulk_create(
        [
            Place(citation_id=key, review=run.review, run=run, position=n, score=score, is_random=random)
            for n, (key, score, random) in rows
            if key not in audited
        ],
        update_conflicts=True,
        unique_fields=["citation"],
        update_fields=["run", "position", "score", "is_random"],
    )


def voted_citations(review: Review):
    """The live citations on which anybody has a standing vote on title and abstract."""
    votes = review.decisions.filter(stage="title_abstract").standing().order_by()
    return votes.annotate(live=LIVE_CITATION).values("live")


def not_screened(review: Review):
    """Citations left unread by a stop: undecided and without a vote; none while nothing was stopped."""
    if not reading_at(review, Stage.TITLE_ABSTRACT).is_stopped:
        return Citation.objects.none()
    undecided = review.citations.live().filter(title_abstract_state=Conclusion.UNDECIDED)
    return undecided.exclude(pk__in=voted_citations(review))
