"""The rules that plan and change analyses. Once the plan is frozen, a change is a deviation with a reason."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext, gettext_lazy

from extraction.models import Extraction
from reviewsite.reviews.models import Review, record_act

from .models import AnalysisSpec, PlanDeviation, PlanFreeze


class PlanRefused(Exception):
    """The plan cannot be changed as asked; the text is a sentence for the person."""


NEEDS_REASON = gettext_lazy(
    "The plan is frozen. Say why this differs from it; the reason is kept as a deviation."
)


@transaction.atomic
def create_spec(*, review: Review, by, reason: str = "", **fields: Any) -> AnalysisSpec:
    """A new analysis. Raises PlanRefused when the plan is frozen and no reason is given."""
    position = review.analyses.count() + 1
    spec = AnalysisSpec.objects.create(review=review, created_by=by, **{"position": position, **fields})
    _note_deviation(spec, by, "an analysis that was not planned", reason)
    record_act(review, by, "analysis planned", analysis=spec.title)
    return spec


@transaction.atomic
def change_spec(*, spec: AnalysisSpec, by, reason: str = "", **fields: Any) -> AnalysisSpec:
    """Other settings for an analysis. Raises PlanRefused when the plan is frozen and no reason is given."""
    stored = AnalysisSpec.objects.get(pk=spec.pk)
    changed = {name: value for name, value in fields.items() if getattr(stored, name) != value}
    if not changed:
        return stored
    before = {name: str(getattr(stored, name)) for name in changed}
    for name, value in changed.items():
        setattr(stored, name, value)
    stored.save(update_fields=list(changed))
    after = {name: str(value) for name, value in changed.items()}
    _note_deviation(stored, by, _in_words(before, after), reason)
    record_act(stored.review, by, "analysis changed", analysis=stored.title, before=before, after=after)
    return stored


@transaction.atomic
def exclude_study(*, spec: AnalysisSpec, study_pk: int, by, reason: str) -> AnalysisSpec:
    """Take a study out of an analysis by hand. Raises PlanRefused without a reason."""
    if not reason.strip():
        raise PlanRefused(
            gettext("Say why the study is taken out; the reason stands in the list of what is left out.")
        )
    others = [each for each in spec.excluded if each[0] != study_pk]
    return change_spec(spec=spec, by=by, reason=reason, excluded=[*others, [study_pk, reason.strip()]])


def take_back_study(*, spec: AnalysisSpec, study_pk: int, by) -> AnalysisSpec:
    """Pool a study again that was taken out by hand."""
    others = [each for each in spec.excluded if each[0] != study_pk]
    return change_spec(spec=spec, by=by, reason="A study that was taken out is back in.", excluded=others)


@transaction.atomic
def freeze_plan(*, review: Review, by) -> PlanFreeze:
    """Keep the plan as it is now, with the date and how much data was agreed by then.

    Raises PlanRefused when it is frozen already or there is nothing to freeze.
    """
    specs = list(review.analyses.select_related("outcome", "time_point"))
    if not specs:
        raise PlanRefused(gettext("There is no analysis to freeze yet. Plan the analyses first."))
    content = [
        {
            "title": spec.title,
            "outcome": spec.outcome.name,
            "time_point": str(spec.time_point or ""),
            "settings": spec.plan.as_stored,
        }
        for spec in specs
    ]
    known = Extraction.objects.filter(review=review).agreed().count()
    try:
        with transaction.atomic():
            freeze = PlanFreeze.objects.create(
                review=review, content=content, agreed_extractions=known, frozen_by=by
            )
    except IntegrityError:
        raise PlanRefused(gettext("The plan is frozen already; what changes now is a deviation.")) from None
    record_act(review, by, "analysis plan frozen", analyses=len(specs), agreed_extractions=known)
    return freeze


def is_frozen(review: Review) -> bool:
    return PlanFreeze.objects.filter(review=review).exists()


def _note_deviation(spec: AnalysisSpec, by, what: str, reason: str) -> None:
    if not is_frozen(spec.review):
        return
    if not reason.strip():
        raise PlanRefused(NEEDS_REASON)
    PlanDeviation.objects.create(
        review=spec.review, title=spec.title, what=what, reason=reason.strip(), made_by=by
    )


def _in_words(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    return "; ".join(
        f"{name.replace('_', ' ')}: {before[name] or '(none)'} → {after[name] or '(none)'}" for name in after
    )
