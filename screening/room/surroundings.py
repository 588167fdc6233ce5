"""What a page shows around the citations it hands out: reasons, labels and progress, read in one query."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import CharField, F, IntegerField, Value
from django.db.models.functions import Cast

from reviewsite.reviews.models import ExclusionReason, Review

from ..citations.labels import seen_on
from ..models import Citation


@dataclass(frozen=True)
class Reason:
    """A reason as its button needs it."""

    pk: int
    label: str


@dataclass(frozen=True)
class MyProgress:
    """How far one reviewer is at one stage; tells nothing about colleagues."""

    decided: int
    waiting: int

    @property
    def total(self) -> int:
        return self.decided + self.waiting

    @property
    def percent(self) -> int:
        return self.decided * 100 // self.total if self.total else 0


@dataclass
class Surroundings:
    """labels: the names offered. on: live citation to the names of the labels that this person sees on it."""

    reasons: list[Reason] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    on: dict[int, list[str]] = field(default_factory=dict)
    progress: MyProgress | None = None


def surroundings(
    review: Review,
    viewer,
    stage: str,
    citations: Collection[Citation],
    *,
    progress=None,
    offers: bool = True,
) -> Surroundings:
    """progress: the two counts, where they are wanted. offers: reasons and labels to choose from."""
    parts = []
    if citations:
        seen = seen_on(citations, viewer).order_by()
        parts.append(seen.values_list(_kind("on"), "label_id", _text("label__name"), "live"))
    if offers:
        reasons = ExclusionReason.objects.filter(review=review).offered(stage).order_by()
        parts.append(reasons.values_list(_kind("reason"), "pk", _text("label"), _number("position")))
        labels = review.labels.offered().order_by()
        parts.append(labels.values_list(_kind("label"), "pk", _text("name"), Value(0)))
    if progress is not None:
        decided, waiting = progress
        own = Review.objects.filter(pk=review.pk).order_by()
        parts.append(own.values_list(_kind("progress"), decided, _text(Value("")), waiting))
    first, *others = parts or [Review.objects.none()]
    return _sorted_out(first.union(*others, all=True) if others else first)


def _sorted_out(rows) -> Surroundings:
    found = Surroundings()
    reasons: list[tuple[int, Reason]] = []
    on: dict[int, dict[int, str]] = {}
    for kind, number, text, other in rows:
        match kind:
            case "reason":
                reasons.append((other, Reason(number, text)))
            case "label":
                found.labels.append(text)
            case "on":
                on.setdefault(other, {})[number] = text
            case "progress":
                found.progress = MyProgress(number, other)
    found.reasons = [reason for _, reason in sorted(reasons, key=lambda pair: (pair[0], pair[1].pk))]
    found.labels.sort(key=str.lower)
    found.on = {pk: sorted(names.values(), key=str.lower) for pk, names in on.items()}
    return found


def _kind(name: str) -> Value:
    return Value(name, output_field=CharField())


def _text(expression: str | Value) -> Cast:
    return Cast(F(expression) if isinstance(expression, str) else expression, CharField())


def _number(name: str) -> Cast:
    return Cast(F(name), IntegerField())
