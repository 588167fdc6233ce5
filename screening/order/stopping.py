"""When screening on title and abstract may stop: what can be said now, the audit, the stop, its undoing.

Reads concluded citations alone; an unsettled conflict counts as relevant. Citations read before there was a
ranked order, at random or as seed papers are left out of the test, because the order did not bring them up.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext

from reviewsite.reviews.models import Review, record_act

from ..deciding.conclusions import Conclusion
from ..models import AuditDraw, Citation, Place, ReadingPlan, SearchRun, StopEvent
from ..ranking import (
    FurtherReading,
    Standing,
    StoppingRule,
    audit_bound,
    further_reading,
    standing,
)
from ..rounds.participation import LIVE_CITATION
from .reading_order import (
    ReadingRefused,
    ask_for_order,
    not_screened,
    plan_of,
    seed_citations,
    voted_citations,
)

AUDIT_SIZE = 50
# Below this many found, the bound moves with every single one.
FEWEST_FOUND = 10
SECONDS_PER_CITATION = 36
RELEVANT = (Conclusion.INCLUDED, Conclusion.CONFLICT)
CURVE_POINTS = 60


@dataclass(frozen=True)
class Audit:
    """The latest random audit: how much of it is read, what it found, and what it cannot rule out."""

    draw: AuditDraw
    size: int
    read: int
    relevant: int
    confidence: float

    @property
    def is_read(self) -> bool:
        return self.read == self.size

    @property
    def most_left(self) -> int | None:
        """Relevant citations that may still be among the unread of that day, without those it found."""
        if not self.is_read:
            return None
        return audit_bound(self.size, self.relevant, self.draw.unread, self.confidence) - self.relevant


@dataclass(frozen=True)
class CurvePoint:
    read: int
    found: int
    recall_at_least: float
    p: float

    @property
    def percent_at_least(self) -> int:
        return _rounded_down(self.recall_at_least)


@dataclass(frozen=True)
class StopState:
    """All that the stopping page says."""

    review: Review
    plan: ReadingPlan
    rule: StoppingRule
    in_order: tuple[bool, ...]
    total: int
    found_elsewhere: int
    unread: int
    audit: Audit | None
    last_event: StopEvent | None

    @cached_property
    def now(self) -> Standing:
        return standing(self.in_order, self.total, self.rule)

    @cached_property
    def ahead(self) -> FurtherReading | None:
        return None if self.now.is_met else further_reading(self.in_order, self.total, self.rule)

    @property
    def found(self) -> int:
        return self.now.found + self.found_elsewhere

    @property
    def recall_at_least(self) -> float:
        """With what was found outside the order counted as found."""
        most = self.now.most_relevant + self.found_elsewhere
        return self.found / most if most and self.now.found else 0.0

    @property
    def percent_at_least(self) -> int:
        return _rounded_down(self.recall_at_least)

    @property
    def is_stopped(self) -> bool:
        return self.last_event is not None and self.last_event.act == StopEvent.Act.STOPPED

    @property
    def says_little(self) -> bool:
        return self.now.found < FEWEST_FOUND

    @property
    def time_ahead(self) -> str:
        """What reading on takes all readers together, in words: hours, or minutes below two hours."""
        votes = self.review.protocol.title_abstract_decisions
        minutes = [n * SECONDS_PER_CITATION * votes / 60 for n in (self.ahead.fewest, self.ahead.likely_most)]
        unit, size = ("h", 60) if minutes[1] >= 120 else (gettext("minutes"), 1)
        low, high = (max(1, round(each / size)) for each in minutes)
        if low == high:
            return gettext("about {low} {unit}").format(low=low, unit=unit)
        return gettext("about {low} to {high} {unit}").format(low=low, high=high, unit=unit)

    @property
    def why_not(self) -> str:
        """Why a stop cannot be recorded now; empty when it can."""
        if self.is_stopped:
            return gettext("Screening is stopped already.")
        if not self.plan.may_stop:
            return gettext("The plan says that everything is read.")
        if not self.now.is_met or self.now.found == 0:
            return gettext("The rule is not met.")
        if self.audit is None:
            return gettext("Draw a random audit of {n} unread citations first.").format(
                n=min(AUDIT_SIZE, self.unread)
            )
        if not self.audit.is_read:
            return gettext("{n} citations of the random audit wait for their votes.").format(
                n=self.audit.size - self.audit.read
            )
        return ""

    def curve(self) -> list[CurvePoint]:
        """The rule's history, at evenly spaced moments of reading."""
        read = len(self.in_order)
        moments = np.unique(np.linspace(1, read, min(read, CURVE_POINTS)).astype(int)) if read else []
        points = []
        for moment in moments:
            then = standing(self.in_order[: int(moment)], self.total, self.rule)
            points.append(CurvePoint(then.read, then.found, then.recall_at_least, then.p))
        return points


def stop_state(review: Review) -> StopState:
    """What can be said now, from the rows."""
    plan = plan_of(review)
    elsewhere = seed_citations(review, plan)
    ranked = Place.objects.filter(review=review, is_random=False, audit=None, citation__merged_into=None)
    ranked = ranked.exclude(citation__in=elsewhere)
    concluded = ranked.exclude(citation__title_abstract_state=Conclusion.UNDECIDED)
    moments = dict(
        review.decisions.filter(stage="title_abstract")
        .standing()
        .order_by()
        .annotate(live=LIVE_CITATION)
        .values("live")
        .annotate(last=Max("decided_at"))
        .values_list("live", "last")
    )
    rows = [
        (moments[pk], pk, state in RELEVANT)
        for pk, state in concluded.values_list("citation", "citation__title_abstract_state")
        if pk in moments
    ]
    in_order = tuple(relevant for _, _, relevant in sorted(rows))
    undecided = ranked.filter(citation__title_abstract_state=Conclusion.UNDECIDED).count()
    all_found = review.citations.live().filter(title_abstract_state__in=RELEVANT).count()
    rule = StoppingRule(target=plan.recall_percent / 100, confidence=plan.confidence_percent / 100)
    return StopState(
        review=review,
        plan=plan,
        rule=rule,
        in_order=in_order,
        total=len(in_order) + undecided,
        found_elsewhere=all_found - sum(in_order),
        unread=_unread(review).count(),
        audit=_audit(review, rule),
        last_event=review.stop_events.select_related("by").last(),
    )


@transaction.atomic
def draw_audit(*, review: Review, by) -> AuditDraw:
    """Put unread citations, drawn at random, in front of everything else.

    Raises ReadingRefused when an earlier draw is not read yet, or nothing is unread.
    """
    state = stop_state(review)
    if state.audit and not state.audit.is_read:
        raise ReadingRefused(gettext("The last random audit is not read yet."))
    if not state.plan.may_stop or state.is_stopped:
        raise ReadingRefused(state.why_not)
    unread = list(_unread(review).order_by("pk").values_list("pk", flat=True))
    if not unread:
        raise ReadingRefused(gettext("Nothing is unread, so there is nothing to audit."))
    number = review.audit_draws.count()
    draw = AuditDraw.objects.create(
        review=review, seed=state.plan.seed + number, unread=len(unread), drawn_by=by
    )
    generator = np.random.default_rng([state.plan.seed, number])
    drawn = generator.choice(unread, min(AUDIT_SIZE, len(unread)), replace=False)
    Place.objects.bulk_create(
        [
            Place(citation_id=int(pk), review=review, position=n - AUDIT_SIZE, is_random=True, audit=draw)
            for n, pk in enumerate(drawn)
        ],
        update_conflicts=True,
        unique_fields=["citation"],
        update_fields=["position", "is_random", "audit"],
    )
    record_act(review, by, "random audit drawn", size=len(drawn), unread=len(unread), seed=draw.seed)
    return draw


@transaction.atomic
def stop(*, review: Review, by, reason: str = "") -> StopEvent:
    """Record that screening stops by the rule, with every number that it rests on.

    Raises ReadingRefused, with the reason, when the plan, the rule or the audit does not allow it.
    """
    state = stop_state(review)
    if state.why_not:
        raise ReadingRefused(state.why_not)
    last = review.ranking_runs.filter(has_failed=False).exclude(finished_at=None).first()
    numbers = {
        "recall_target": state.rule.target,
        "confidence": state.rule.confidence,
        "odds": state.rule.odds,
        "p": state.now.p,
        "recall_at_least": state.recall_at_least,
        "read": state.now.read,
        "found": state.found,
        "total": state.total,
        "unread": state.unread,
        "audit_size": state.audit.size,
        "audit_relevant": state.audit.relevant,
        "seed": state.plan.seed,
        "order_sha256": last.digest if last else "",
    }
    event = StopEvent.objects.create(
        review=review, act=StopEvent.Act.STOPPED, by=by, reason=reason.strip(), numbers=numbers
    )
    record_act(review, by, "screening stopped by the rule", **numbers)
    return event


@transaction.atomic
def resume(*, review: Review, by, reason: str) -> StopEvent:
    """Take screening up again; nothing is lost, and the stop stays readable. Needs a reason."""
    last = review.stop_events.last()
    if last is None or last.act != StopEvent.Act.STOPPED:
        raise ReadingRefused(gettext("Screening is not stopped."))
    if not reason.strip():
        raise ReadingRefused(gettext("Say why screening is taken up again."))
    event = StopEvent.objects.create(review=review, act=StopEvent.Act.RESUMED, by=by, reason=reason.strip())
    record_act(review, by, "screening taken up again", reason=reason.strip())
    return event


@transaction.atomic
def reopen_for(run: SearchRun) -> StopEvent | None:
    """What a search brought in after a stop was not there to be judged by the rule: screening goes on.

    Nothing when screening is not stopped, or all that came are copies of what was there. New citations also
    ask for a new order, whose urn they are then part of. Safe to call twice.
    """
    review = run.review
    new = review.citations.live().filter(founding_record__search_run=run).count()
    if not new:
        return None
    ask_for_order(review, plan_of(review))
    last = review.stop_events.last()
    if last is None or last.act != StopEvent.Act.STOPPED or last.at > (run.imported_at or last.at):
        return None
    reason = f"{new} new citation{'' if new == 1 else 's'} came from {run} after the stop."
    event = StopEvent.objects.create(
        review=review, act=StopEvent.Act.RESUMED, by=run.created_by, reason=reason
    )
    record_act(review, run.created_by, "screening taken up again", reason=reason)
    return event


def _rounded_down(share: float) -> int:
    """In percent. A lower bound that is rounded up is none."""
    return int(share * 100 + 1e-9)


def _unread(review: Review):
    """Undecided citations on which nobody has voted."""
    undecided = review.citations.live().filter(title_abstract_state=Conclusion.UNDECIDED)
    return undecided.exclude(pk__in=voted_citations(review))


def _audit(review: Review, rule: StoppingRule) -> Audit | None:
    draw = review.audit_draws.first()
    if draw is None:
        return None
    drawn = Citation.objects.filter(place__audit=draw, merged_into=None)
    read = drawn.exclude(title_abstract_state=Conclusion.UNDECIDED)
    relevant = read.filter(Q(title_abstract_state__in=RELEVANT)).count()
    return Audit(draw, drawn.count(), read.count(), relevant, rule.confidence)


__all__ = ["Audit", "StopState", "draw_audit", "not_screened", "reopen_for", "resume", "stop", "stop_state"]
