"""Accepting many unsure pairs at once: a random sample is looked at first, and its error is kept."""

import random
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from scipy.stats import beta

from reviewsite.reviews.models import Review, record_act

from ..models import DuplicateLink, PairSample
from .deduplication import PERSON, LinkRefused, Verdict, regroup

SAMPLE_SIZE = 20
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class SampleError:
    """What a person found in a sample: pairs looked at, those not the same, and their share's interval."""

    drawn: int
    checked: int
    wrong: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.wrong / self.checked if self.checked else 0.0

    @property
    def is_complete(self) -> bool:
        return self.checked == self.drawn


def unsure_from(review: Review, threshold: float) -> QuerySet[DuplicateLink]:
    """Pairs that wait for a person and score this much or more."""
    waiting = DuplicateLink.objects.filter(review=review).awaiting_a_person()
    return waiting.filter(score__gte=threshold).order_by("-score", "pk")


@transaction.atomic
def draw_sample(
    *, review: Review, threshold: float, person, size: int = SAMPLE_SIZE, dice: random.Random | None = None
) -> PairSample:
    """Draw pairs at random among those that score `threshold` or more."""
    waiting = list(unsure_from(review, threshold).values_list("pk", flat=True))
    if not waiting:
        raise LinkRefused(
            gettext("No unsure pair scores {threshold:.2f} or more. Choose a lower score.").format(
                threshold=threshold
            )
        )
    drawn = (dice or random.SystemRandom()).sample(waiting, min(size, len(waiting)))
    sample = PairSample.objects.create(
        review=review, threshold=threshold, link_ids=sorted(drawn), drawn_by=person
    )
    told = {"threshold": threshold, "drawn": len(drawn), "waiting": len(waiting)}
    record_act(review, person, "sample of unsure pairs drawn", **told)
    return sample


def heads(sample: PairSample) -> list[DuplicateLink]:
    """What is held now about each pair that was drawn."""
    drawn = DuplicateLink.objects.filter(pk__in=sample.link_ids)
    pairs = list(drawn.order_by("pk").values_list("first", "second"))
    live = DuplicateLink.objects.filter(review=sample.review_id).live().select_related("first", "second")
    found = {(link.first_id, link.second_id): link for link in live.filter(first__in=[a for a, _ in pairs])}
    return [found[pair] for pair in pairs if pair in found]


def next_in(sample: PairSample) -> DuplicateLink | None:
    """The next drawn pair that still waits for a person."""
    return next((link for link in heads(sample) if link.verdict == Verdict.UNSURE), None)


def error_of(sample: PairSample) -> SampleError:
    """The share of a sample's pairs that a person found not to be the same.

    The interval is the exact one for a proportion: Clopper & Pearson 1934, Biometrika 26:404.
    """
    verdicts = [link.verdict for link in heads(sample) if link.rule == PERSON]
    n, wrong = len(verdicts), sum(verdict != Verdict.SAME for verdict in verdicts)
    tail = (1 - CONFIDENCE) / 2
    low = float(beta.ppf(tail, wrong, n - wrong + 1)) if wrong else 0.0
    high = float(beta.ppf(1 - tail, wrong + 1, n - wrong)) if wrong < n else 1.0
    return SampleError(len(sample.link_ids), n, wrong, low, high)


@transaction.atomic
def accept_rest(*, sample: PairSample, person) -> int:
    """Say of every pair that still waits at the sample's score or above that it is the same; how many."""
    if sample.accepted_at:
        raise LinkRefused(gettext("The pairs of this sample were accepted already."))
    if not error_of(sample).is_complete:
        raise LinkRefused(
            gettext("Look at every pair of the sample first; the rest is accepted on its strength.")
        )
    waiting = list(unsure_from(sample.review, sample.threshold))
    links = [_accepted(link, sample, person) for link in waiting]
    DuplicateLink.objects.bulk_create(links, batch_size=500)
    regroup(sample.review, {pk for link in waiting for pk in (link.first_id, link.second_id)})
    sample.accepted_by, sample.accepted_at, sample.accepted_count = person, timezone.now(), len(waiting)
    sample.save(update_fields=["accepted_by", "accepted_at", "accepted_count"])
    told = {"threshold": sample.threshold, "accepted": len(waiting)}
    record_act(sample.review, person, "unsure pairs accepted on a sample", **told)
    return len(waiting)


def _accepted(link: DuplicateLink, sample: PairSample, person) -> DuplicateLink:
    return DuplicateLink(
        review_id=link.review_id,
        first_id=link.first_id,
        second_id=link.second_id,
        verdict=Verdict.SAME,
        score=link.score,
        rule=f"sample_{sample.pk}",
        evidence=link.evidence,
        decided_by=person,
        supersedes=link,
    )
