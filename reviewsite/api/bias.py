"""Risk of bias by program: the same rules as on the pages, and blind as there."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from extraction.bias.amending import (
    Said,
    amend_assessment,
    check_parts,
    correction_of,
    laid_over,
    revision_of,
)
from extraction.bias.assessments import agree, correct, sheet_of, start_assessment, submit_assessment
from extraction.bias.sheet import Sheet
from extraction.models import Appraisal, Assessment
from extraction.risk_of_bias import Domain
from extraction.risk_of_bias.model import OVERALL
from reviewsite.reviews.models import Review, Role
from reviewsite.trail.visibility import no_longer_blind
from screening.prisma.counts import included_studies

from . import schemas as s
from . import schemas_bias as b
from .door import member, writer
from .errors import Refused
from .pages import Cursor, Limit, Page, page_of
from .router import router

ANSWERED = ("answer", "support", "page", "quote")
JUDGED = ("proposed", "judgement", "reason", "direction", "support", "page", "quote")


@router.get("/reviews/{slug}/appraisals", response=Page[b.AppraisalOut], tags=["Risk of bias"])
def appraisals(request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100) -> dict[str, Any]:
    """The tools in use, with their questions, answers and judgements."""
    rows = member(request, slug).review.appraisals.select_related("own_tool")
    return page_of(rows, appraisal_shown, cursor=cursor, limit=limit)


@router.get("/reviews/{slug}/assessments", response=Page[b.AssessmentOut], tags=["Risk of bias"])
def assessments(
    request: HttpRequest, slug: s.Slug, cursor: Cursor = "", limit: Limit = 100
) -> dict[str, Any]:
    """Your own, the agreed ones, and colleagues' once two people have submitted."""
    rows = readable_assessments(member(request, slug).review, request.user)
    return page_of(rows, assessment_shown, cursor=cursor, limit=limit)


@router.post("/reviews/{slug}/assessments", response=b.AssessmentOut, tags=["Risk of bias"])
def begin_assessment(request: HttpRequest, slug: s.Slug, wanted: b.AssessIn) -> dict[str, Any]:
    """Your own assessment of a study with a tool: the one that you began, or a new one."""
    review = _may_assess(request, slug)
    appraisal, study = _about(review, wanted.appraisal, wanted.study)
    if Assessment.objects.agreed().filter(study=study, appraisal=appraisal).exists():
        raise Refused(409, f"{study} is agreed already; correct the agreed assessment.")
    return _fresh(start_assessment(study=study, assessor=request.user, appraisal=appraisal))


@router.post("/reviews/{slug}/assessments/agree", response=b.AssessmentOut, tags=["Risk of bias"])
def agree_on_assessment(request: HttpRequest, slug: s.Slug, said: b.AgreeIn) -> dict[str, Any]:
    """The agreed assessment of two submitted ones; what they said alike need not be sent."""
    review = _may_assess(request, slug)
    appraisal, study = _about(review, said.appraisal, said.study)
    sheet = laid_over(Sheet(), *_checked(appraisal, said))
    return _fresh(agree(study=study, settled_by=request.user, appraisal=appraisal, sheet=sheet))


@router.post(
    "/reviews/{slug}/assessments/{assessment}/answers", response=b.AssessmentOut, tags=["Risk of bias"]
)
def amend(request: HttpRequest, slug: s.Slug, assessment: s.Key, said: b.AmendIn) -> dict[str, Any]:
    """Answers to questions and judgements of domains. All of them are stored, or none."""
    own = _own(request, slug, assessment)
    answers, domains = _checked(own.appraisal, said)
    return _fresh(
        amend_assessment(
            assessment=own, by=request.user, answers=answers, domains=domains, seen=said.revision
        )
    )


@router.post(
    "/reviews/{slug}/assessments/{assessment}/submit", response=b.AssessmentOut, tags=["Risk of bias"]
)
def submit_own(request: HttpRequest, slug: s.Slug, assessment: s.Key) -> dict[str, Any]:
    """Submit your assessment; what is still missing is said with status 409."""
    return _fresh(submit_assessment(assessment=_own(request, slug, assessment), by=request.user))


@router.post(
    "/reviews/{slug}/assessments/{assessment}/correct", response=b.AssessmentOut, tags=["Risk of bias"]
)
def correct_agreed(
    request: HttpRequest, slug: s.Slug, assessment: s.Key, said: b.CorrectIn
) -> dict[str, Any]:
    """A new version of an agreed assessment, with the reason. 409 when another version stands already."""
    rows = _whole(Assessment.objects.filter(review=_may_assess(request, slug), kind=Assessment.Kind.AGREED))
    agreed = get_object_or_404(rows, pk=assessment)
    sheet = correction_of(agreed, *_checked(agreed.appraisal, said))
    return _fresh(correct(agreed=agreed, by=request.user, sheet=sheet, reason=said.reason))


def _may_assess(request: HttpRequest, slug: str) -> Review:
    return writer(request, slug, Role.REVIEWER, Role.EXTRACTOR).review


def _about(review: Review, appraisal: int, study: int) -> tuple[Appraisal, Any]:
    found = get_object_or_404(review.appraisals.select_related("own_tool", "outcome"), pk=appraisal)
    return found, get_object_or_404(included_studies(review), pk=study)


def _own(request: HttpRequest, slug: str, key: int) -> Assessment:
    mine = Assessment.objects.filter(review=_may_assess(request, slug), assessor=request.user)
    return get_object_or_404(_whole(mine.independent().current()), pk=key)


def _checked(appraisal: Appraisal, said: b.PartsIn) -> tuple[Said, Said]:
    """The fields that were sent, stripped as a page strips them."""
    answers, domains = (
        {key: _sent(each) for key, each in part.items()} for part in (said.answers, said.domains)
    )
    check_parts(appraisal, answers, domains)
    return answers, domains


def _sent(part: b.AnsweredIn | b.JudgedIn) -> dict[str, str]:
    return {name: getattr(part, name).strip() for name in part.model_fields_set}


def readable_assessments(review: Review, viewer: Any) -> QuerySet[Assessment]:
    is_open = Q(assessor=viewer) | Q(kind="agreed") | Q(pk__in=no_longer_blind(review, Assessment))
    return _whole(Assessment.objects.filter(is_open, review=review))


def _whole(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    related = ("assessor", "superseded_by", "study", "review", "appraisal__own_tool", "appraisal__outcome")
    return rows.select_related(*related).prefetch_related("judgements", "domain_judgements")


def _fresh(assessment: Assessment) -> dict[str, Any]:
    return assessment_shown(_whole(Assessment.objects.all()).get(pk=assessment.pk))


def assessment_shown(row: Assessment) -> dict[str, Any]:
    return {
        "id": row.pk,
        "appraisal": row.appraisal_id,
        "study": row.study_id,
        "kind": row.kind,
        "by": str(row.assessor),
        "answers": {each.item: _named(each, ANSWERED) for each in row.judgements.all()},
        "domains": {each.domain: _named(each, JUDGED) for each in row.domain_judgements.all()},
        "submitted_at": row.submitted_at,
        "change_reason": row.change_reason,
        "standing": not hasattr(row, "superseded_by"),
        "revision": revision_of(sheet_of(row)),
    }


def _named(row: Any, names: tuple[str, ...]) -> dict[str, str]:
    return {name: getattr(row, name) for name in names}


def appraisal_shown(row: Appraisal) -> dict[str, Any]:
    tool = row.tool
    return {
        "id": row.pk,
        "tool": tool.name,
        "version": row.tool_version,
        "unit": tool.unit,
        "outcome": row.outcome_id,
        "effect": row.effect,
        "overall": _levels(tool.levels_of(OVERALL)) if tool.has_overall else {},
        "domains": [_domain(row, domain) for domain in row.domains],
    }


def _domain(row: Appraisal, domain: Domain) -> dict[str, Any]:
    return {
        "slot": domain.slot,
        "label": domain.label,
        "judgements": {} if row.tool.is_checklist else _levels(row.tool.levels_of(domain.slot)),
        "directions": list(domain.directions),
        "questions": [
            {
                "number": each.number,
                "text": each.text,
                "answers": {answer.value: answer.label for answer in each.answers},
                "asked_if": each.condition,
            }
            for each in domain.questions
        ],
    }


def _levels(levels: Any) -> dict[str, str]:
    return {level.value: level.label for level in levels}
