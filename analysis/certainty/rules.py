"""The rules of certainty (GRADE): lines in the summary of findings; judgements are only added."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from reviewsite.reviews.models import Review, record_act

from ..grade import DOMAINS
from ..models import AnalysisSpec, CertaintyJudgement, EvidenceProfile
from ..stored_words import in_words
from .evidence import Line, line_of


class CertaintyRefused(Exception):
    """The certainty cannot be judged as asked; the text is a sentence for the person."""


@dataclass(frozen=True)
class GivenSteps:
    """What a person says of one domain."""

    steps: int
    reason: str = ""


@transaction.atomic
def add_profile(*, review: Review, by, spec: AnalysisSpec, **fields: Any) -> EvidenceProfile:
    """A line in the summary of findings for an analysis."""
    try:
        with transaction.atomic():
            profile = EvidenceProfile.objects.create(review=review, spec=spec, created_by=by, **fields)
    except IntegrityError:
        raise CertaintyRefused(
            gettext("“%(spec)s” is in the summary of findings already.") % {"spec": spec}
        ) from None
    record_act(review, by, "outcome in the summary of findings", analysis=spec.title)
    return profile


@transaction.atomic
def change_profile(*, profile: EvidenceProfile, by, **fields: Any) -> EvidenceProfile:
    """Another start, importance, relative effect or baseline risks; kept in the audit trail."""
    changed = {name: value for name, value in fields.items() if getattr(profile, name) != value}
    for name, value in changed.items():
        setattr(profile, name, value)
    try:
        profile.full_clean(exclude=["review", "spec", "created_by", "baseline_risks", "comment"])
    except ValidationError as problem:
        raise CertaintyRefused(" ".join(problem.messages)) from None
    if changed:
        profile.save()
        told = {name: str(value) for name, value in changed.items()}
        record_act(profile.review, by, "summary of findings changed", analysis=profile.spec.title, **told)
    return profile


@transaction.atomic
def judge_certainty(
    *, profile: EvidenceProfile, by, given: Mapping[str, GivenSteps]
) -> list[CertaintyJudgement]:
    """Append a judgement for each domain that says something new.

    Raises CertaintyRefused naming the domain.
    """
    line = line_of(profile)
    written = []
    for domain in DOMAINS:
        said = given.get(domain.key)
        if said is None:
            continue
        if said.steps not in domain.choices:
            raise CertaintyRefused(
                gettext("%(domain)s: choose one of the steps offered.") % {"domain": in_words(domain.label)}
            )
        if said.steps and not said.reason.strip():
            down = said.steps < 0
            why = (
                gettext("%(domain)s: say why it is rated down.")
                if down
                else gettext("%(domain)s: say why it is rated up.")
            )
            raise CertaintyRefused(why % {"domain": in_words(domain.label)})
        before = line.judged.get(domain.key)
        if before and (before.steps, before.reason) == (said.steps, said.reason.strip()):
            continue
        written.append(_append(line, domain.key, said, before, by))
    for each in written:
        told = {"domain": each.domain, "steps": each.steps, "reason": each.reason}
        record_act(profile.review_id, by, "certainty judged", analysis=profile.spec.title, **told)
    return written


def _append(
    line: Line, domain: str, said: GivenSteps, before: CertaintyJudgement | None, by
) -> CertaintyJudgement:
    try:
        with transaction.atomic():
            return CertaintyJudgement.objects.create(
                profile=line.profile,
                domain=domain,
                proposed=line.proposals[domain].steps if line.proposals else None,
                steps=said.steps,
                reason=said.reason.strip(),
                run=line.run,
                judged_by=by,
                supersedes=before,
            )
    except IntegrityError:
        raise CertaintyRefused(
            gettext("Somebody judged this a moment ago; look at it and judge again.")
        ) from None
