"""The gate between a pilot and the main round: when the pilot is complete, its agreement is judged once.

That it was passed is kept as an event with its numbers, so that neither a changed vote nor a later threshold
closes a main round that has begun.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reviewsite.reviews.models import Protocol, Review, Stage, record_act

from ..agreement import Agreement, Coefficient
from ..deciding.conclusions import Conclusion
from ..models import Round, RoundEvent
from .agreement_report import agreements_in
from .participation import OPENING, RoundAt, rounds_at


@dataclass(frozen=True)
class Verdict:
    """How a pilot stands: how much of it is decided, its agreement, and whether that is enough.

    `agreement` is None until the pilot is complete: halfway it would tell how colleagues voted.
    """

    round: RoundAt
    protocol: Protocol
    total: int
    undecided: int
    agreement: Agreement | None
    opened_by: RoundEvent | None

    @property
    def decided(self) -> int:
        return self.total - self.undecided

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.undecided == 0

    @property
    def coefficient(self) -> Coefficient | None:
        return self.agreement.named(self.protocol.pilot_statistic) if self.agreement else None

    @property
    def is_enough(self) -> bool:
        coefficient = self.coefficient
        if coefficient is None:
            return False
        judged = coefficient.low if self.protocol.pilot_judges_lower_limit else coefficient.value
        return judged is not None and judged >= self.protocol.pilot_threshold


def verdict_on(round: RoundAt) -> Verdict:
    states = Counter(round.citations().values_list(f"{round.stage}_state", flat=True))
    events = RoundEvent.objects.filter(round=round.round).select_related("by")
    return verdicts_on([(round, states, list(events))])[0]


def verdicts_on(pilots: Sequence[tuple[RoundAt, Counter[str], Sequence[RoundEvent]]]) -> list[Verdict]:
    """How each pilot of a stage stands, from the states of its citations and from its events."""
    complete = [round for round, states, _ in pilots if states and not states[Conclusion.UNDECIDED]]
    agreements = dict(zip([round.round for round in complete], agreements_in(complete), strict=True))
    return [
        Verdict(
            round=round,
            protocol=round.review.protocol,
            total=sum(states.values()),
            undecided=states[Conclusion.UNDECIDED],
            agreement=agreements.get(round.round),
            opened_by=next((event for event in events if event.act in OPENING), None),
        )
        for round, states, events in pilots
    ]


def judge(review: Review, stage: str) -> None:
    """Open the main round when the latest pilot has just been completed with enough agreement."""
    rounds = rounds_at(review, stage)
    pilots = {each.round.pk: each for each in rounds if each.round and each.round.is_pilot}
    if not pilots:
        return
    # Of two last votes at once neither would see the other's: the second has to wait for the first.
    latest = Round.objects.select_for_update(no_key=True).get(pk=max(pilots))
    verdict = verdict_on(pilots[latest.pk])
    if verdict.is_enough and verdict.opened_by is None:
        numbers = numbers_of(verdict)
        RoundEvent.objects.create(round=latest, act=RoundEvent.Act.PASSED, numbers=numbers)
        record_act(review, None, "pilot passed", round=latest.name, stage=stage, numbers=numbers)


def judge_every_stage(review: Review) -> None:
    """After the protocol changed: a lower threshold may be one that a complete pilot reaches."""
    # All of them first: whoever judges one of these holds it and then waits for the audit log.
    list(Round.objects.select_for_update(no_key=True).filter(review=review).order_by("pk").values_list("pk"))
    for stage in Stage.values:
        judge(review, stage)


def is_of_a_waiting_pilot(round: Round | None) -> bool:
    """Whether a vote on this round's citations can open the gate."""
    return bool(round and round.is_pilot and not round.events.filter(act__in=OPENING).exists())


def numbers_of(verdict: Verdict) -> dict[str, object]:
    """What the gate was judged on, to be read years later."""
    coefficient, protocol = verdict.coefficient, verdict.protocol
    return {
        "statistic": protocol.pilot_statistic,
        "threshold": protocol.pilot_threshold,
        "judges_lower_limit": protocol.pilot_judges_lower_limit,
        "citations": verdict.total,
        "undecided": verdict.undecided,
        "n": verdict.agreement.n if verdict.agreement else 0,
        "value": coefficient.value if coefficient else None,
        "low": coefficient.low if coefficient else None,
        "high": coefficient.high if coefficient else None,
    }
