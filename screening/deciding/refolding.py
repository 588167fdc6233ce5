"""Concludes anew on many citations at once, when a rule of deciding has changed for them."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction

from reviewsite.reviews.models import Review, Stage

from ..models import Citation, Decision, Report
from ..rounds.participation import LIVE_CITATION, RoundAt, rounds_at
from ..rounds.terms import Terms
from .conclusions import Conclusion, conclude
from .decisions import latest_votes

# SQLite takes at most 32,766 values in one statement.
BATCH = 5000


@transaction.atomic
def refold(review: Review, stage: str) -> int:
    """Fold the votes of every live citation anew; returns how many conclusions changed.

    The citations are locked first, so that nobody's vote is folded under the old rule meanwhile.
    """
    stored = dict(
        review.citations.live()
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", f"{stage}_state")
    )
    heads = _heads(review, stage)
    terms = _terms(review, stage)
    default = rounds_at(review, stage)[-1].terms
    changed: dict[Conclusion, list[int]] = defaultdict(list)
    for pk, before in stored.items():
        needed = terms.get(pk, default)
        state = conclude(
            latest_votes(heads.get(pk, ())),
            required=needed.required,
            experts=needed.experts,
            maybe_counts_as_include=review.protocol.maybe_counts_as_include,
        )
        if state != before:
            changed[state].append(pk)
    for state, keys in changed.items():
        _store(review, stage, state, keys)
    return sum(map(len, changed.values()))


def _heads(review: Review, stage: str) -> dict[int, list[Decision]]:
    heads = Decision.objects.filter(review=review, stage=stage).heads().annotate(live=LIVE_CITATION)
    found: dict[int, list[Decision]] = defaultdict(list)
    for head in heads.order_by("decided_at", "pk").iterator(chunk_size=BATCH):
        found[head.live].append(head)  # type: ignore[attr-defined]
    return found


def _terms(review: Review, stage: str) -> dict[int, Terms]:
    named: Sequence[RoundAt] = [each for each in rounds_at(review, stage) if not each.takes_the_rest]
    return {pk: each.terms for each in named for pk in each.citations().values_list("pk", flat=True)}


def _store(review: Review, stage: str, state: Conclusion, keys: Sequence[int]) -> None:
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        Citation.objects.filter(pk__in=batch).update(**{f"{stage}_state": state})
        if stage == Stage.TITLE_ABSTRACT and state is Conclusion.INCLUDED:
            reports = [Report(review=review, citation_id=pk) for pk in batch]
            Report.objects.bulk_create(reports, ignore_conflicts=True, batch_size=500)
