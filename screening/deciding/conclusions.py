"""From the standing verdicts on a citation to what the team has concluded: a pure fold."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    INCLUDE = "include"
    MAYBE = "maybe"
    EXCLUDE = "exclude"
    WITHDRAWN = "withdrawn"


class Conclusion(StrEnum):
    UNDECIDED = "undecided"
    CONFLICT = "conflict"
    INCLUDED = "included"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Vote:
    """A standing verdict: one reviewer's latest word, or the adjudicator's."""

    reviewer: int
    verdict: Verdict
    is_adjudication: bool = False


def conclude(
    votes: Iterable[Vote],
    *,
    required: int,
    maybe_counts_as_include: bool = True,
    experts: Collection[int] | None = None,
) -> Conclusion:
    """What the team has concluded from the verdicts that stand.

    experts: the people of whom at least one must have voted; None when nobody in particular must.

    An adjudication settles the matter whatever the votes say. Otherwise nothing is concluded before
    `required` reviewers have decided, and any difference between those who have is a conflict, also when
    more than `required` decided: a late vote is never thrown away.
    """
    standing = [vote for vote in votes if vote.verdict is not Verdict.WITHDRAWN]
    adjudications = [vote for vote in standing if vote.is_adjudication]
    if adjudications:
        return _side(adjudications[-1].verdict)
    voters = {vote.reviewer for vote in standing}
    if len(voters) < required or (experts is not None and voters.isdisjoint(experts)):
        return Conclusion.UNDECIDED
    verdicts = {vote.verdict for vote in standing}
    if maybe_counts_as_include and Verdict.MAYBE in verdicts:
        verdicts = (verdicts - {Verdict.MAYBE}) | {Verdict.INCLUDE}
    if len(verdicts) > 1:
        return Conclusion.CONFLICT
    return _side(verdicts.pop())


def _side(verdict: Verdict) -> Conclusion:
    return Conclusion.EXCLUDED if verdict is Verdict.EXCLUDE else Conclusion.INCLUDED
