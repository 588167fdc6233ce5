"""The rules that make and change an analysis; a change is kept in the audit trail and makes its run stale."""

from typing import Any

from django.db import transaction

from reviewsite.reviews.models import Review, record_act

from .models import AnalysisSpec


@transaction.atomic
def create_spec(*, review: Review, by, **fields: Any) -> AnalysisSpec:
    position = review.analyses.count() + 1
    spec = AnalysisSpec.objects.create(review=review, created_by=by, **{"position": position, **fields})
    record_act(review, by, "analysis planned", analysis=spec.title)
    return spec


@transaction.atomic
def change_spec(*, spec: AnalysisSpec, by, **fields: Any) -> AnalysisSpec:
    stored = AnalysisSpec.objects.get(pk=spec.pk)
    changed = {name: value for name, value in fields.items() if getattr(stored, name) != value}
    if not changed:
        return stored
    before = {name: str(getattr(stored, name)) for name in changed}
    for name, value in changed.items():
        setattr(stored, name, value)
    stored.save(update_fields=list(changed))
    after = {name: str(value) for name, value in changed.items()}
    record_act(stored.review, by, "analysis changed", analysis=stored.title, before=before, after=after)
    return stored
