"""The rules of risk of bias: two people judge blind, the agreed judgement names both."""

from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from reviewsite.reviews.models import Blind, BlindKind, record_act
from screening.models import Study

from ..models import Appraisal, Assessment, DomainJudgement, Judgement
from ..risk_of_bias import Tool
from .sheet import Given, GivenJudgement, Sheet, Verdict, equal_part, merged, verdicts


class AssessmentRefused(Exception):
    """The assessment cannot be changed as asked; the text is a sentence for the person."""


@transaction.atomic
def start_assessment(*, study: Study, assessor, appraisal: Appraisal) -> Assessment:
    """This person's own assessment of a study: the one they began, or a new one."""
    own = Assessment.objects.filter(study=study, appraisal=appraisal).current().independent()
    if begun := own.filter(assessor=assessor).first():
        return begun
    if own.submitted().count() >= 2:
        raise AssessmentRefused(
            gettext("Two people have assessed %(study)s already; it waits to be agreed.") % {"study": study}
        )
    begun = Assessment.objects.create(
        review_id=study.review_id, study=study, appraisal=appraisal, assessor=assessor
    )
    _note(begun, assessor, "assessment begun")
    return begun


def _note(assessment: Assessment, by, act: str, **details: object) -> None:
    """In the audit log; a colleague reads it once both have submitted."""
    told = {"study": assessment.study.label, "appraisal": str(assessment.appraisal), **details}
    blind = Blind(BlindKind.ASSESSMENT, assessment.pk)
    record_act(assessment.review_id, by, act, blind=blind, **told)


def _said(sheet: Sheet) -> dict[str, object]:
    """What a sheet says, for the audit log."""
    judged = {slot: given.judgement for slot, given in sheet.domains.items() if given.judgement}
    return {"answers": sheet.values, "judgements": judged}


@transaction.atomic
def save_assessment(*, assessment: Assessment, by, sheet: Sheet) -> None:
    """Keep what was said so far; questions without an answer may wait."""
    if assessment.assessor_id != by.pk or assessment.kind != Assessment.Kind.INDEPENDENT:
        raise AssessmentRefused(gettext("Only the person who began an assessment can change it."))
    if Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk).submitted_at:
        raise AssessmentRefused(
            gettext("This assessment is submitted. Corrections are made when the two are agreed.")
        )
    _store(assessment, sheet, is_draft=True)
    _note(assessment, by, "assessment saved", **_said(sheet))


@transaction.atomic
def submit_assessment(*, assessment: Assessment, by) -> Assessment:
    """Close one's own assessment. Raises AssessmentRefused naming what is without an answer."""
    if assessment.assessor_id != by.pk or assessment.submitted_at:
        raise AssessmentRefused(gettext("Only the person who began an assessment can submit it, once."))
    sheet = sheet_of(assessment)
    if told := unfinished(assessment.appraisal, sheet):
        raise AssessmentRefused(told)
    _store(assessment, sheet, is_draft=False)
    assessment.submitted_at = timezone.now()
    assessment.save(update_fields=["submitted_at"])
    _note(assessment, by, "assessment submitted", **_said(sheet))
    return assessment


def unfinished(appraisal: Appraisal, sheet: Sheet) -> str:
    """A sentence naming what is still missing; empty when the assessment is whole."""
    open_questions, open_judgements, without_reason = [], [], []
    for each in verdicts(appraisal, sheet):
        judged_directly = bool(each.given.judgement and each.given.reason)
        missing = each.domain.missing(sheet.values) if each.domain and not judged_directly else ()
        open_questions += [question.name for question in missing]
        if each.is_override and not each.given.reason:
            without_reason.append(_name(each))
        if not each.judgement and not missing:
            open_judgements.append(_name(each))
    if open_questions:
        return gettext("Still without an answer: %(questions)s.") % {"questions": ", ".join(open_questions)}
    if without_reason:
        return gettext("A judgement other than the proposed one needs its reason: %(judgements)s.") % {
            "judgements": ", ".join(without_reason)
        }
    return (
        gettext("Still without a judgement: %(judgements)s.") % {"judgements": ", ".join(open_judgements)}
        if open_judgements
        else ""
    )


def _name(verdict: Verdict) -> str:
    return verdict.domain.label if verdict.domain else "the overall judgement"


def pair_of(study: Study, appraisal: Appraisal) -> tuple[Assessment, Assessment] | None:
    """The two submitted assessments of a study, the earlier first; None while one is missing."""
    submitted = (
        Assessment.objects.filter(study=study, appraisal=appraisal).current().independent().submitted()
    )
    two = list(
        submitted.select_related("assessor", "appraisal")
        .prefetch_related("judgements", "domain_judgements")
        .order_by("submitted_at", "pk")[:2]
    )
    return (two[0], two[1]) if len(two) == 2 else None


@transaction.atomic
def agree(*, study: Study, settled_by, appraisal: Appraisal, sheet: Sheet) -> Assessment:
    """The agreed assessment. What both answered alike is taken over; the sheet says the rest."""
    pair = pair_of(study, appraisal)
    if pair is None:
        raise AssessmentRefused(gettext("Both people have to submit before their assessments can be agreed."))
    agreed_sheet = merged(appraisal, equal_part(*(sheet_of(each) for each in pair)), sheet)
    if told := unfinished(appraisal, agreed_sheet):
        raise AssessmentRefused(told)
    try:
        with transaction.atomic():
            agreed = Assessment.objects.create(
                review_id=study.review_id,
                study=study,
                appraisal=appraisal,
                kind=Assessment.Kind.AGREED,
                assessor=settled_by,
                left=pair[0],
                right=pair[1],
                submitted_at=timezone.now(),
            )
    except IntegrityError:
        raise AssessmentRefused(
            gettext("The assessment of %(study)s was agreed a moment ago.") % {"study": study}
        ) from None
    _store(agreed, agreed_sheet, is_draft=False)
    told = {"study": study.label, "study_pk": study.pk, "appraisal": str(appraisal), **_said(agreed_sheet)}
    record_act(study.review_id, settled_by, "assessment agreed", **told)
    return agreed


@transaction.atomic
def correct(*, agreed: Assessment, by, sheet: Sheet, reason: str) -> Assessment:
    """A new agreed version that says something else, with the reason; the earlier one stays."""
    if not reason.strip():
        raise AssessmentRefused(
            gettext("Say why the agreed judgement is corrected: its history shows the reason.")
        )
    appraisal = agreed.appraisal
    if told := unfinished(appraisal, sheet):
        raise AssessmentRefused(told)
    try:
        with transaction.atomic():
            version = Assessment.objects.create(
                review_id=agreed.review_id,
                study_id=agreed.study_id,
                appraisal=appraisal,
                kind=Assessment.Kind.AGREED,
                assessor=by,
                left_id=agreed.left_id,
                right_id=agreed.right_id,
                supersedes=agreed,
                change_reason=reason.strip(),
                submitted_at=timezone.now(),
            )
    except IntegrityError:
        raise AssessmentRefused(
            gettext("Somebody corrected this a moment ago; look at that version first.")
        ) from None
    _store(version, sheet, is_draft=False)
    record_act(
        agreed.review,
        by,
        "agreed judgement corrected",
        study=agreed.study.label,
        tool=appraisal.tool.name,
        reason=reason.strip(),
    )
    return version


def versions_of(agreed: Assessment) -> list[Assessment]:
    """The agreed version that stands and every one before it, the newest first."""
    same = Assessment.objects.filter(
        study=agreed.study_id, appraisal=agreed.appraisal_id, kind=Assessment.Kind.AGREED
    )
    return list(same.select_related("assessor").order_by("-submitted_at", "-pk"))


def answers_of(assessment: Assessment) -> dict[str, str]:
    return {judgement.item: judgement.answer for judgement in assessment.judgements.all()}


def sheet_of(assessment: Assessment) -> Sheet:
    """What an assessment says, as it was stored."""
    return Sheet(
        {
            each.item: Given(each.answer, each.support, each.page, each.quote)
            for each in assessment.judgements.all()
        },
        {
            each.domain: GivenJudgement(
                each.judgement, each.reason, each.direction, each.support, each.page, each.quote
            )
            for each in assessment.domain_judgements.all()
        },
    )


def reopened(agreed: Assessment) -> Sheet:
    """What was agreed, where judgements that only followed the proposal are left to follow it again."""
    told = sheet_of(agreed)
    followed = {
        each.domain
        for each in agreed.domain_judgements.all()
        if each.proposed and each.judgement == each.proposed
    }
    domains = {
        slot: replace(given, judgement="") if slot in followed else given
        for slot, given in told.domains.items()
    }
    return Sheet(told.answers, domains)


def judgements_of(assessment: Assessment) -> dict[str, str]:
    """The judgement of each domain by its slot, and of the whole."""
    if assessment.appraisal.tool.is_checklist:
        overall = {each.domain: each.judgement for each in assessment.domain_judgements.all()}
        return {**answers_of(assessment), **overall}
    return {each.domain: each.judgement for each in assessment.domain_judgements.all()}


def _store(assessment: Assessment, sheet: Sheet, *, is_draft: bool) -> None:
    """Write the sheet anew. Unreached questions are kept in a draft only: an answer before it may change."""
    appraisal = assessment.appraisal
    assessment.judgements.all().delete()
    assessment.domain_judgements.all().delete()
    reached = {q.number for domain in appraisal.domains for q in domain.reached(sheet.values)}
    Judgement.objects.bulk_create(
        Judgement(
            assessment=assessment,
            item=question.number,
            answer=said.answer,
            support=said.support,
            page=said.page,
            quote=said.quote,
        )
        for domain in appraisal.domains
        for question in domain.questions
        if (said := sheet.answers.get(question.number))
        and (question.answer(said.answer) or (is_draft and not said.answer and _says_more(said)))
        and (is_draft or question.number in reached)
    )
    DomainJudgement.objects.bulk_create(
        _domain_row(assessment, appraisal.tool, each, is_draft)
        for each in verdicts(appraisal, sheet)
        if _is_stored(appraisal.tool, each)
    )


def _says_more(said: Given) -> bool:
    return bool(said.support or said.page or said.quote)


def _is_stored(tool: Tool, verdict: Verdict) -> bool:
    """The answer to an item of a checklist is its judgement; only the whole has a row of its own."""
    return verdict.domain is None or not tool.is_checklist


def _domain_row(assessment: Assessment, tool: Tool, verdict: Verdict, is_draft: bool) -> DomainJudgement:
    given, proposed = verdict.given, verdict.proposal.judgement or ""
    judgement = given.judgement if tool.level(given.judgement, verdict.slot) else ""
    is_unfounded = bool(proposed and judgement and judgement != proposed and not given.reason)
    return DomainJudgement(
        assessment=assessment,
        domain=verdict.slot,
        # A draft may still lack the reason that an override needs; it is asked for on submitting.
        proposed="" if is_draft and is_unfounded else proposed,
        judgement=judgement or ("" if is_draft else proposed),
        reason=given.reason,
        direction=given.direction,
        support=given.support,
        page=given.page,
        quote=given.quote,
    )
