"""The owner's decisions on many citations at once: one vote of theirs on each, with a note that says why.

Each goes through the rule that a single decision goes through, so that a citation that needs two votes still
waits for a colleague's, and nothing blind is opened. Run by the worker; safe to run twice.
"""

import uuid
from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext

from reviewsite.reviews import jobs
from reviewsite.reviews.models import ExclusionReason, Job, Review, record_act

from ..models import BulkDecision, Citation, Decision
from .conclusions import Verdict
from .decisions import DecisionRefused, record_decision, withdraw


class BulkRefused(Exception):
    """The act cannot be done as asked; the text is a sentence for the person."""


@transaction.atomic
def ask_for(
    *,
    review: Review,
    stage: str,
    citations: Sequence[int],
    verdict: str,
    reason: ExclusionReason | None,
    note: str,
    by,
) -> BulkDecision:
    """Write down what is to be done, and the job that does it; the caller hands its key to the worker."""
    if not citations:
        raise BulkRefused(gettext("Tick the citations first."))
    if not note.strip():
        raise BulkRefused(
            gettext("Say why; the note is kept with each of these decisions and in the audit trail.")
        )
    count = len(citations)
    act = "Take back decisions on" if verdict == Verdict.WITHDRAWN else verdict.capitalize()
    title = f"{act} {count} citation{'' if count == 1 else 's'} at once"
    bulk = BulkDecision.objects.create(
        review=review,
        stage=stage,
        citations=list(citations),
        verdict=verdict,
        reason=reason,
        note=note.strip(),
        asked_by=by,
        job=jobs.enqueue(review=review, kind=Job.Kind.BULK, title=title, requested_by=by),
    )
    record_act(review, by, "asked to decide on many at once", bulk=bulk.pk, stage=stage, asked=count)
    return bulk


def carry_out(bulk: BulkDecision) -> None:
    """Do what was asked, one citation after the other; what is done when it is cancelled stays done."""
    done, refusals, total = 0, Counter[str](), len(bulk.citations)
    report = jobs.reporter(bulk.job, "Deciding", every=25)
    found = Citation.objects.filter(review=bulk.review).select_related("merged_into").in_bulk(bulk.citations)
    try:
        for number, pk in enumerate(bulk.citations, 1):
            try:
                done += _decide(bulk, found.get(pk))
            except DecisionRefused as refusal:
                refusals[str(refusal)] += 1
            report(number, total)
    finally:
        _write_down(bulk, done, refusals)
    jobs.finish(bulk.job, _said(done, refusals))


def _decide(bulk: BulkDecision, citation: Citation | None) -> bool:
    if citation is None:
        raise DecisionRefused("No longer in this review.")
    act = uuid.uuid5(bulk.key, str(citation.pk))
    if bulk.verdict != Verdict.WITHDRAWN:
        record_decision(
            citation=citation,
            stage=bulk.stage,
            reviewer=bulk.asked_by,
            verdict=bulk.verdict,
            reason=bulk.reason,
            note=bulk.note,
            client_uuid=act,
        )
        return True
    own = Decision.objects.on(citation.live_citation, bulk.stage).screening().filter(reviewer=bulk.asked_by)
    if own.filter(client_uuid=act).exists():
        return True
    standing = own.standing().last()
    if standing is None:
        raise DecisionRefused("You have no decision here.")
    withdraw(decision=standing, by=bulk.asked_by, client_uuid=act)
    return True


def _write_down(bulk: BulkDecision, done: int, refusals: Counter[str]) -> None:
    record_act(
        bulk.review,
        bulk.asked_by,
        "decided on many at once",
        bulk=bulk.pk,
        stage=bulk.stage,
        asked=len(bulk.citations),
        done=done,
        not_done=dict(refusals),
    )


def _said(done: int, refusals: Counter[str]) -> str:
    said = f"{done} done."
    for sentence, count in refusals.most_common(5):
        said += f" {count} left as they were: {sentence}"
    return said
