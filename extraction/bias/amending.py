"""An assessment changed part by part, as a program sends it: what is not named stays as it was.

The pages post a whole sheet. Both end in the rules of `assessments`; here a part is checked against the tool,
laid over what stands, and refused when something else stands than what the sender had read.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext

from ..models import Appraisal, Assessment
from ..risk_of_bias.model import OVERALL
from .assessments import AssessmentRefused, reopened, save_assessment, sheet_of
from .sheet import Given, GivenJudgement, Sheet

# Names of fields with what was said of each: {"1.1": {"answer": "Y"}}.
Said = Mapping[str, Mapping[str, str]]


class NoSuchPart(Exception):
    """The tool has no such question, answer, domain or judgement; the text is a sentence."""


class AssessmentMoved(AssessmentRefused):
    """Something else stands than what the sender had read."""


@transaction.atomic
def amend_assessment(
    *, assessment: Assessment, by, answers: Said, domains: Said, seen: str = ""
) -> Assessment:
    """Lay some answers and judgements over one's own assessment.

    seen: the revision on which the change rests. Raises NoSuchPart, AssessmentMoved, AssessmentRefused.
    """
    check_parts(assessment.appraisal, answers, domains)
    held = Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    sheet = sheet_of(held)
    if seen and seen != revision_of(sheet):
        raise AssessmentMoved(
            gettext("This assessment says something else by now; read it again and send what is to change.")
        )
    save_assessment(assessment=held, by=by, sheet=laid_over(sheet, answers, domains))
    return held


def correction_of(agreed: Assessment, answers: Said, domains: Said) -> Sheet:
    """What a correction of the agreed assessment says: as it was agreed, but for the parts named.

    Raises AssessmentMoved when the version is not the one that stands.
    """
    if hasattr(agreed, "superseded_by"):
        raise AssessmentMoved(gettext("Somebody corrected this a moment ago; look at that version first."))
    return laid_over(reopened(agreed), answers, domains)


def laid_over(sheet: Sheet, answers: Said, domains: Said) -> Sheet:
    """The sheet with these parts in place of its own; of each part the fields that are not named stay."""
    told = {number: replace(sheet.answers.get(number, Given()), **said) for number, said in answers.items()}
    judged = {
        slot: replace(sheet.domains.get(slot, GivenJudgement()), **said) for slot, said in domains.items()
    }
    return Sheet({**sheet.answers, **told}, {**sheet.domains, **judged})


def revision_of(sheet: Sheet) -> str:
    """A short name of what a sheet says: the same for the same, another for anything else."""
    said = {
        "answers": {number: asdict(given) for number, given in sheet.answers.items()},
        "domains": {slot: asdict(given) for slot, given in sheet.domains.items()},
    }
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def check_parts(appraisal: Appraisal, answers: Said, domains: Said) -> None:
    """Raises NoSuchPart for a part that the tool does not have in this review's use of it."""
    questions = {each.number: each for domain in appraisal.domains for each in domain.questions}
    for number, said in answers.items():
        if number not in questions:
            raise NoSuchPart(f"{appraisal.tool.name} asks no question {number!r} here.")
        answer = said.get("answer", "")
        if answer and questions[number].answer(answer) is None:
            raise NoSuchPart(f"{answer!r} is no answer to question {number}.")
    for slot, said in domains.items():
        _check_judgement(appraisal, slot, said)


def _check_judgement(appraisal: Appraisal, slot: str, said: Mapping[str, str]) -> None:
    tool = appraisal.tool
    # The answer to an item of a checklist is its judgement; only the whole is judged beside it.
    judged = {} if tool.is_checklist else {domain.slot: domain.directions for domain in appraisal.domains}
    if tool.has_overall:
        judged[OVERALL] = tool.directions
    if slot not in judged:
        raise NoSuchPart(f"{tool.name} judges no domain {slot!r} here.")
    judgement, direction = said.get("judgement", ""), said.get("direction", "")
    if judgement and tool.level(judgement, slot) is None:
        raise NoSuchPart(f"{judgement!r} is no judgement of {slot}.")
    if direction and direction not in judged[slot]:
        raise NoSuchPart(f"{direction!r} is no direction of bias of {slot}.")
