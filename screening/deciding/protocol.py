"""The rule that changes the protocol: what changed is kept, and what it changes is folded anew."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from reviewsite.reviews.models import ExclusionReason, Membership, Protocol, Review, Stage, record_act

from ..rounds.gate import judge_every_stage
from .refolding import refold

FOLD_FIELDS = {"title_abstract_decisions", "full_text_decisions", "maybe_counts_as_include"}
GATE_FIELDS = {
    "pilot_statistic",
    "pilot_threshold",
    "pilot_judges_lower_limit",
    "maybe_counts_as_include",
}


@transaction.atomic
def change_protocol(*, review: Review, by, **fields: Any) -> Protocol:
    """Store the changed fields with an audit entry that holds old and new; refold when the rules changed."""
    protocol = Protocol.objects.select_for_update(no_key=True).get(review=review)
    changed = {name: value for name, value in fields.items() if getattr(protocol, name) != value}
    if not changed:
        return protocol
    before = {name: getattr(protocol, name) for name in changed}
    for name, value in changed.items():
        setattr(protocol, name, value)
    protocol.save(update_fields=list(changed))
    review.protocol = protocol
    if FOLD_FIELDS & changed.keys():
        for stage in Stage.values:
            refold(review, stage)
    if GATE_FIELDS & changed.keys():
        judge_every_stage(review)
    record_act(review, by, "protocol changed", before=before, after=changed)
    return protocol


@transaction.atomic
def change_reasons(*, review: Review, stage: str, labels: Sequence[str], by) -> None:
    """Set the reasons offered at a stage, in order. Dropped ones are retired, not deleted."""
    wanted = list(dict.fromkeys(label.strip() for label in labels if label.strip()))
    reasons = {reason.label: reason for reason in review.exclusion_reasons.filter(stage=stage)}
    before = [r.label for r in review.exclusion_reasons.offered(stage)]
    if wanted == before:
        return
    for label, reason in reasons.items():
        if label not in wanted and reason.retired_at is None:
            reason.retired_at = timezone.now()
            reason.save(update_fields=["retired_at"])
    for position, label in enumerate(wanted, 1):
        reason = reasons.get(label) or ExclusionReason(review=review, stage=stage, label=label)
        reason.position, reason.retired_at = position, None
        reason.save()
    record_act(review, by, "exclusion reasons changed", stage=stage, before=before, after=wanted)


@transaction.atomic
def name_adjudicators(*, review: Review, members: Sequence[Membership], by) -> None:
    """Say who settles conflicts."""
    current = review.memberships.current()
    before = [str(m.user) for m in current.filter(is_adjudicator=True)]
    current.update(is_adjudicator=False)
    current.filter(pk__in=[m.pk for m in members]).update(is_adjudicator=True)
    after = [str(m.user) for m in current.filter(is_adjudicator=True)]
    if before != after:
        record_act(review, by, "adjudicators named", before=before, after=after)
