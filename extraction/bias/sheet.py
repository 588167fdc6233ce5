"""What one assessment says, as values: two of them compared, what was agreed put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..models import Appraisal
from ..risk_of_bias import Domain, Proposal
from ..risk_of_bias.model import OVERALL


@dataclass(frozen=True)
class Given:
    """What somebody said about one question."""

    answer: str = ""
    support: str = ""
    page: str = ""
    quote: str = ""


@dataclass(frozen=True)
class GivenJudgement:
    """What somebody said about one domain; no judgement means: as the algorithm proposes."""

    judgement: str = ""
    reason: str = ""
    direction: str = ""
    support: str = ""
    page: str = ""
    quote: str = ""


@dataclass(frozen=True)
class Sheet:
    """All that one assessment says: answers by question number, judgements by the slot of the domain."""

    answers: Mapping[str, Given] = field(default_factory=dict)
    domains: Mapping[str, GivenJudgement] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        return {number: given.answer for number, given in self.answers.items() if given.answer}


@dataclass(frozen=True)
class Verdict:
    """A domain (None for the whole) with what the algorithm proposes and what the person judges."""

    domain: Domain | None
    slot: str
    proposal: Proposal
    given: GivenJudgement

    @property
    def judgement(self) -> str:
        return self.given.judgement or self.proposal.judgement or ""

    @property
    def counts(self) -> bool:
        """Whether the overall rule reads it: applicability is told beside the bias."""
        return self.domain is not None and self.domain.kind == "bias"

    @property
    def is_override(self) -> bool:
        proposed = self.proposal.judgement
        return bool(proposed and self.given.judgement and self.given.judgement != proposed)


def verdicts(appraisal: Appraisal, sheet: Sheet) -> list[Verdict]:
    """Every domain of the effect of interest, then the whole where the tool has such a judgement."""
    tool, values = appraisal.tool, sheet.values
    found = []
    for domain in appraisal.domains:
        given = sheet.domains.get(domain.slot, GivenJudgement())
        proposal = Proposal(values.get(domain.key)) if tool.is_checklist else domain.propose(values)
        found.append(Verdict(domain, domain.slot, proposal, given))
    if tool.has_overall:
        judged = {each.slot: each.judgement for each in found if each.judgement and each.counts}
        overall = tool.propose_overall(judged)
        found.append(Verdict(None, OVERALL, overall, sheet.domains.get(OVERALL, GivenJudgement())))
    return found


def equal_part(left: Sheet, right: Sheet) -> Sheet:
    """What both said alike: the answers, and the judgements of domains that both judged alike."""
    answers = {
        number: given
        for number, given in left.answers.items()
        if given.answer and given.answer == right.answers.get(number, Given()).answer
    }
    domains = {
        slot: given
        for slot, given in left.domains.items()
        if given.judgement and _same_judgement(given, right.domains.get(slot, GivenJudgement()))
    }
    return Sheet(answers, domains)


def _same_judgement(left: GivenJudgement, right: GivenJudgement) -> bool:
    """Alike, and both or neither with a reason of their own against the proposal."""
    return left.judgement == right.judgement and bool(left.reason) == bool(right.reason)


def merged(appraisal: Appraisal, equal: Sheet, said: Sheet) -> Sheet:
    """The equal answers with what was said about the others.

    Equal judgements stand unless another is said. Where an algorithm proposes one, the proposal from the
    agreed answers speaks: two people may have come to the same judgement by different answers. There a
    judgement is only taken over when both overrode the proposal alike.
    """
    answers = {**equal.answers, **{n: given for n, given in said.answers.items() if given.answer}}
    domains = {**said.domains}
    draft = Sheet(answers, said.domains)
    for each in verdicts(appraisal, draft):
        alike = equal.domains.get(each.slot)
        is_own = bool(alike and alike.reason) or not _has_algorithm(appraisal, each)
        if alike and is_own and not each.given.judgement and alike.judgement != each.proposal.judgement:
            domains[each.slot] = alike
    return Sheet(answers, domains)


def _has_algorithm(appraisal: Appraisal, verdict: Verdict) -> bool:
    return bool(verdict.domain.charts) if verdict.domain else appraisal.tool.overall is not None
