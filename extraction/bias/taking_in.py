"""Judgements made elsewhere, in robvis' layout, taken in as a person's own assessments."""

from django.db import transaction
from django.utils.translation import gettext

from screening.prisma.counts import included_studies

from ..models import Appraisal, Assessment
from ..risk_of_bias import robvis
from .assessments import AssessmentRefused, save_assessment, start_assessment
from .sheet import Given, GivenJudgement, Sheet


@transaction.atomic
def import_judgements(*, appraisal: Appraisal, by, text: str, name: str) -> int:
    """How many studies were taken in: all of the file or none.

    Each becomes this person's own assessment, not yet submitted. Judgements come without answers to
    questions, so each carries the file as its reason. Raises AnswersRefused or
    AssessmentRefused naming the line.
    """
    rows = robvis.read(appraisal.tool, appraisal.effect, text)
    studies = {study.label.casefold(): study for study in included_studies(appraisal.review)}
    seen: set[str] = set()
    for row in rows:
        key = row.study.casefold()
        if key not in studies:
            raise AssessmentRefused(
                gettext("Line %(line)s: there is no included study called “%(study)s”.")
                % {"line": row.line, "study": row.study}
            )
        if key in seen:
            raise AssessmentRefused(
                gettext("Line %(line)s: %(study)s is in the file twice.")
                % {"line": row.line, "study": row.study}
            )
        seen.add(key)
        _take_in(
            appraisal,
            studies[key],
            by,
            row,
            f"From {name}, line {row.line}.",
        )
    return len(rows)


def _take_in(appraisal: Appraisal, study, by, row: robvis.StudyJudgements, reason: str) -> None:
    if Assessment.objects.filter(appraisal=appraisal, study=study).agreed().exists():
        raise AssessmentRefused(
            gettext("Line %(line)s: %(study)s is agreed already.") % {"line": row.line, "study": study}
        )
    own = start_assessment(study=study, assessor=by, appraisal=appraisal)
    if own.is_submitted or own.judgements.exists() or own.domain_judgements.exclude(judgement="").exists():
        raise AssessmentRefused(
            gettext("Line %(line)s: you have judged %(study)s here already; it would be overwritten.")
            % {"line": row.line, "study": study}
        )
    save_assessment(assessment=own, by=by, sheet=_sheet(appraisal, row, reason))


def _sheet(appraisal: Appraisal, row: robvis.StudyJudgements, reason: str) -> Sheet:
    items = {domain.slot for domain in appraisal.domains} if appraisal.tool.is_checklist else set()
    return Sheet(
        {slot: Given(value, support=reason) for slot, value in row.judgements.items() if slot in items},
        {
            slot: GivenJudgement(value, reason=reason)
            for slot, value in row.judgements.items()
            if slot not in items
        },
    )
