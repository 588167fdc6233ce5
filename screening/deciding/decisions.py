"""The rules by which people decide: record, change, take back, adjudicate. The only writer of decisions.

Each rule locks the citation's row first, so that of two colleagues who decide at the same moment the second
folds both votes. That no history forks and nobody decides twice is held by the database's constraints.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext

from reviewsite.reviews.models import Blind, ExclusionReason, Protocol, Stage, record_act

from ..models import Citation, Decision, Report, Round
from ..room import leases
from ..rounds.gate import is_of_a_waiting_pilot, judge
from ..rounds.participation import refusal
from ..rounds.terms import round_of, terms_in
from .conclusions import Conclusion, Verdict, Vote, conclude


class DecisionRefused(Exception):
    """The decision cannot be stored as asked; the text is a sentence for the person."""


class AlreadyDecided(DecisionRefused):
    """There is a decision that the person had not seen, made in another tab or by another adjudicator."""

    def __init__(self, standing: Decision) -> None:
        self.standing = standing
        super().__init__(
            gettext(
                "Already decided by {person}: {verdict}. "
                "That decision stands; change it from the list of decisions if it is wrong."
            ).format(person=standing.reviewer, verdict=gettext(standing.get_verdict_display()).lower())
        )


@dataclass(frozen=True)
class _Said:
    """What a person says of a citation, before it is a decision."""

    stage: str
    person: Any
    kind: str
    verdict: str
    reason: ExclusionReason | None
    note: str
    client_uuid: uuid.UUID | None
    replaces: Decision | None


def record_decision(
    *,
    citation: Citation,
    stage: str,
    reviewer,
    verdict: str,
    reason: ExclusionReason | None = None,
    note: str = "",
    client_uuid: uuid.UUID | None = None,
    replaces: Decision | None = None,
) -> Decision:
    """Store one reviewer's verdict and fold what the team has concluded.

    replaces: the reviewer's own standing decision that this one changes.
    client_uuid: posting the same one again returns the decision it made the first time.
    Raises AlreadyDecided when another decision of theirs stands, DecisionRefused when it breaks a rule.
    """
    said = _Said(stage, reviewer, Decision.Kind.SCREEN, verdict, reason, note, client_uuid, replaces)
    return _decide(citation, said)


def adjudicate(
    *,
    citation: Citation,
    stage: str,
    adjudicator,
    verdict: str,
    reason: ExclusionReason | None = None,
    note: str = "",
    client_uuid: uuid.UUID | None = None,
    replaces: Decision | None = None,
) -> Decision:
    """Settle a conflict with a third decision; both votes stay as they are."""
    if Verdict(verdict) not in {Verdict.INCLUDE, Verdict.EXCLUDE}:
        raise DecisionRefused(
            gettext("An adjudication includes or excludes; nothing else settles a conflict.")
        )
    said = _Said(stage, adjudicator, Decision.Kind.ADJUDICATE, verdict, reason, note, client_uuid, replaces)
    return _decide(citation, said)


@transaction.atomic
def withdraw(*, decision: Decision, by, client_uuid: uuid.UUID | None = None) -> Decision:
    """Take one's own decision back: a new row, so that the earlier word stays readable.

    client_uuid: posting the same one again returns the row it made the first time.
    """
    if decision.reviewer_id != by.pk:
        raise DecisionRefused(gettext("Only the person who made a decision can take it back."))
    citation = _lock(decision.citation)
    if repeated := Decision.objects.filter(reviewer=by, client_uuid=client_uuid).first():
        return repeated
    if Decision.objects.filter(supersedes=decision).exists():
        raise DecisionRefused(gettext("This decision was already changed; nothing was taken back."))
    if not decision.is_adjudication and _heads(citation, decision.stage).adjudications().standing().exists():
        raise DecisionRefused(
            gettext("The conflict was settled by adjudication; the votes behind it stay as they are.")
        )
    withdrawn = Decision.objects.create(
        review_id=citation.review_id,
        citation_id=decision.citation_id,
        stage=decision.stage,
        kind=decision.kind,
        reviewer=by,
        verdict=Verdict.WITHDRAWN,
        client_uuid=client_uuid or uuid.uuid4(),
        supersedes=decision,
    )
    refresh_state(citation, decision.stage)
    _note(citation, withdrawn, "decision taken back", by)
    return withdrawn


def refresh_state(citation: Citation, stage: str) -> Conclusion:
    """Fold the standing votes on a live citation into its projection; make its report when it goes on."""
    return _keep_state(citation, stage, list(_heads(citation, stage)), round_of(citation, stage))


def _keep_state(citation: Citation, stage: str, heads: Sequence[Decision], round: Round | None) -> Conclusion:
    """heads: all of them, the earliest first. round: that which the citation is screened in."""
    protocol = Protocol.objects.get(review_id=citation.review_id)
    terms = terms_in(round, stage, protocol)
    state = conclude(
        latest_votes(heads),
        required=terms.required,
        experts=terms.experts,
        # At full text a maybe is not offered, so the policy only matters on title and abstract.
        maybe_counts_as_include=protocol.maybe_counts_as_include,
    )
    if state is not citation.state_at(stage):
        Citation.objects.filter(pk=citation.pk).update(**{f"{stage}_state": state})
        setattr(citation, f"{stage}_state", state)
    if stage == Stage.TITLE_ABSTRACT and state is Conclusion.INCLUDED:
        # One citation has one report: where there is one already, nothing happens.
        Report.objects.bulk_create(
            [Report(citation=citation, review_id=citation.review_id)], ignore_conflicts=True
        )
    return state


def differ_in_reason(citation: Citation, stage: str) -> bool:
    """The lighter conflict: everybody excludes at full text, for different reasons, and nobody settled which.

    The citation stays excluded meanwhile; PRISMA counts it under the reason given first.
    """
    heads = _heads(citation, stage)
    if stage != Stage.FULL_TEXT or citation.state_at(stage) is not Conclusion.EXCLUDED:
        return False
    if heads.adjudications().standing().exists():
        return False
    return heads.screening().standing().values("reason").order_by("reason").distinct().count() > 1


def latest_votes(heads) -> list[Vote]:
    """One vote a person and kind: of decisions on copies that were merged later, the latest counts."""
    votes: dict[tuple[int, str], Vote] = {}
    for head in heads:
        vote = Vote(head.reviewer_id, Verdict(head.verdict), head.is_adjudication)
        votes[head.reviewer_id, head.kind] = vote
    return list(votes.values())


def _decide(citation: Citation, said: _Said) -> Decision:
    try:
        with transaction.atomic():
            return _append(citation, said)
    except IntegrityError:
        # Only reachable where the row lock does not serialise: the constraint has kept one history.
        heads = _heads(citation.live_citation, said.stage).select_related("reviewer")
        standing = _own(heads, said.person, said.kind)
        raise (
            AlreadyDecided(standing) if standing else DecisionRefused(gettext("Please try again."))
        ) from None


def _append(citation: Citation, said: _Said) -> Decision:
    citation, stage, person = _lock(citation), said.stage, said.person
    if repeated := Decision.objects.filter(reviewer=person, client_uuid=said.client_uuid).first():
        return repeated
    _check(citation, said)
    # While the citation is held nobody else adds to them: they are read once.
    heads = list(_heads(citation, stage).select_related("reviewer"))
    head = _own(heads, person, said.kind)
    if head and head.verdict != Verdict.WITHDRAWN and head != said.replaces:
        raise AlreadyDecided(head)
    rounds = list(Round.objects.at(citation.review_id, stage).with_opening())
    if said.kind == Decision.Kind.SCREEN and head is None:
        _check_seat(citation, stage, person, rounds)
    decision = Decision.objects.create(
        review_id=citation.review_id,
        citation_id=head.citation_id if head else citation.pk,
        stage=stage,
        kind=said.kind,
        reviewer=person,
        verdict=said.verdict,
        reason=said.reason,
        note=said.note.strip(),
        client_uuid=said.client_uuid or uuid.uuid4(),
        supersedes=head,
    )
    now = [*(each for each in heads if each != head), decision]
    round = round_of(citation, stage, rounds)
    _keep_state(citation, stage, sorted(now, key=lambda each: (each.decided_at, each.pk)), round)
    leases.after_decision(citation, stage, person.pk)
    if is_of_a_waiting_pilot(round):
        judge(citation.review, stage)
    _note(citation, decision, _act_of(decision), person)
    return decision


def _act_of(decision: Decision) -> str:
    if decision.is_adjudication:
        return "conflict settled"
    return "decision changed" if decision.supersedes_id else "decision made"


def _note(citation: Citation, decision: Decision, act: str, person) -> None:
    """In the audit log; read by others once the citation is no longer blind."""
    record_act(
        decision.review_id,
        person,
        act,
        blind=Blind(decision.stage, decision.citation_id),
        decision=str(decision.client_uuid),
        citation=citation.title[:200],
        stage=decision.stage,
        verdict=decision.verdict,
        reason=decision.reason.label if decision.reason else "",
        note=decision.note,
    )


def _check_seat(citation: Citation, stage: str, person, rounds: list[Round]) -> None:
    if why := refusal(citation, stage, person.pk, rounds):
        raise DecisionRefused(why)


def _lock(citation: Citation) -> Citation:
    """The live citation with its `title`, its row held until the transaction ends."""
    live = citation.merged_into_id or citation.pk
    held = Citation.objects.select_for_update(no_key=True, of=("self",))
    return held.annotate(title=F("representative__title")).get(pk=live)


def _heads(citation: Citation, stage: str):
    return Decision.objects.on(citation, stage).heads().order_by("decided_at", "pk")


def _own(heads: Iterable[Decision], person, kind: str) -> Decision | None:
    """An adjudication is one history whoever settles; a reviewer's is their own."""
    found = [
        each
        for each in heads
        if each.kind == kind and (each.is_adjudication or each.reviewer_id == person.pk)
    ]
    return found[-1] if found else None


def _check(citation: Citation, said: _Said) -> None:
    stage, verdict, reason = said.stage, said.verdict, said.reason
    # Whatever is live has reached title and abstract.
    if stage == Stage.FULL_TEXT and not Citation.objects.at(stage).filter(pk=citation.pk).exists():
        raise DecisionRefused(
            gettext("This citation has not reached full text: its report is not obtained yet.")
        )
    if Verdict(verdict) is Verdict.WITHDRAWN:
        raise DecisionRefused(gettext("Choose include, maybe or exclude."))
    if stage == Stage.FULL_TEXT and verdict == Verdict.MAYBE:
        raise DecisionRefused(gettext("At full text a report is included or excluded; maybe is not offered."))
    if reason and (
        verdict != Verdict.EXCLUDE or reason.stage != stage or reason.review_id != citation.review_id
    ):
        raise DecisionRefused(gettext("That reason does not belong to an exclusion at this stage."))
    if stage == Stage.FULL_TEXT and verdict == Verdict.EXCLUDE and reason is None:
        raise DecisionRefused(gettext("Excluding at full text needs a reason: PRISMA counts reports by it."))
    if said.kind == Decision.Kind.ADJUDICATE:
        settled = Decision.objects.on(citation, stage).adjudications().standing().exists()
        if settled or citation.state_at(stage) is Conclusion.CONFLICT:
            return
        if not differ_in_reason(citation, stage):
            raise DecisionRefused(
                gettext("There is no conflict to settle here; it may have been settled meanwhile.")
            )
        if verdict != Verdict.EXCLUDE:
            raise DecisionRefused(
                gettext(
                    "Both excluded this report; choose the reason that counts, or let them change their "
                    "votes."
                )
            )
