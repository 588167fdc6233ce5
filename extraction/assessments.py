"""The rules of risk of bias: two people judge blind, the agreed judgement names both."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from screening.models import Study

from .models import Assessment, Judgement
from .risk_of_bias import Question, Tool, tool


class AssessmentRefused(Exception):
    """The assessment cannot be changed as asked; the text is a sentence for the person."""


@dataclass(frozen=True)
class Given:
    """What somebody said about one item."""

    answer: str = ""
    support: str = ""
    page: str = ""
    quote: str = ""


@transaction.atomic
def start_assessment(*, study: Study, assessor, tool: Tool) -> Assessment:
    """This person's own assessment of a study: the one they began, or a new one."""
    own = Assessment.objects.current().independent()
    if begun := own.filter(study=study, tool=tool.key, assessor=assessor).first():
        return begun
    if own.submitted().filter(study=study, tool=tool.key).count() >= 2:
        raise AssessmentRefused(f"Two people have assessed {study} already; it waits to be agreed.")
    return Assessment.objects.create(
        review_id=study.review_id, study=study, tool=tool.key, tool_version=tool.version, assessor=assessor
    )


@transaction.atomic
def save_judgements(*, assessment: Assessment, by, given: Mapping[str, Given]) -> None:
    """Keep what was said so far; items without an answer may wait."""
    if assessment.assessor_id != by.pk or assessment.kind != Assessment.Kind.INDEPENDENT:
        raise AssessmentRefused("Only the person who began an assessment can change it.")
    if Assessment.objects.select_for_update().get(pk=assessment.pk).submitted_at:
        raise AssessmentRefused("This assessment is submitted. Corrections are made when the two are agreed.")
    assessment.judgements.all().delete()
    _store(assessment, given)


@transaction.atomic
def submit_assessment(*, assessment: Assessment, by) -> Assessment:
    """Close one's own assessment. Raises AssessmentRefused naming the items without an answer."""
    if assessment.assessor_id != by.pk or assessment.submitted_at:
        raise AssessmentRefused("Only the person who began an assessment can submit it, once.")
    if missing := _missing(tool(assessment.tool), answers_of(assessment)):
        raise AssessmentRefused(f"Still without an answer: {', '.join(item.label for item in missing)}.")
    assessment.submitted_at = timezone.now()
    assessment.save(update_fields=["submitted_at"])
    return assessment


def pair_of(study: Study, used: Tool) -> tuple[Assessment, Assessment] | None:
    """The two submitted assessments of a study, the earlier first; None while one is missing."""
    submitted = Assessment.objects.filter(study=study, tool=used.key).current().independent().submitted()
    two = list(
        submitted.select_related("assessor").prefetch_related("judgements").order_by("submitted_at", "pk")[:2]
    )
    return (two[0], two[1]) if len(two) == 2 else None


@dataclass(frozen=True)
class ItemPair:
    """One item with both people's judgements."""

    item: Question
    left: Judgement
    right: Judgement

    @property
    def is_equal(self) -> bool:
        return self.left.answer == self.right.answer


def compare(left: Assessment, right: Assessment) -> list[ItemPair]:
    sides = [{judgement.item: judgement for judgement in each.judgements.all()} for each in (left, right)]
    return [ItemPair(item, sides[0][item.number], sides[1][item.number]) for item in tool(left.tool).items]


@transaction.atomic
def agree(*, study: Study, settled_by, tool: Tool, given: Mapping[str, Given]) -> Assessment:
    """The agreed assessment. given: for each item that differs what was agreed; equal ones are taken over."""
    pair = pair_of(study, tool)
    if pair is None:
        raise AssessmentRefused("Both people have to submit before their assessments can be agreed.")
    left, right = pair
    taken: dict[str, Given] = {}
    for each in compare(left, right):
        said = each.left
        taken[each.item.number] = (
            Given(said.answer, said.support, said.page, said.quote)
            if each.is_equal
            else given.get(each.item.number, Given())
        )
    if missing := _missing(tool, {key: each.answer for key, each in taken.items()}):
        raise AssessmentRefused(f"Choose what is agreed for: {', '.join(item.label for item in missing)}.")
    try:
        with transaction.atomic():
            agreed = Assessment.objects.create(
                review_id=study.review_id,
                study=study,
                tool=tool.key,
                tool_version=tool.version,
                kind=Assessment.Kind.AGREED,
                assessor=settled_by,
                left=left,
                right=right,
                submitted_at=timezone.now(),
            )
    except IntegrityError:
        raise AssessmentRefused(f"The assessment of {study} was agreed a moment ago.") from None
    _store(agreed, taken)
    return agreed


def answers_of(assessment: Assessment) -> dict[str, str]:
    return {judgement.item: judgement.answer for judgement in assessment.judgements.all()}


def _store(assessment: Assessment, given: Mapping[str, Given]) -> None:
    used = tool(assessment.tool)
    Judgement.objects.bulk_create(
        Judgement(
            assessment=assessment,
            item=item.number,
            answer=said.answer,
            support=said.support,
            page=said.page,
            quote=said.quote,
        )
        for item in used.items
        if (said := given.get(item.number)) and item.answer(said.answer)
    )


def _missing(used: Tool, answers: Mapping[str, str]) -> list[Question]:
    return [question for domain in used.domains for question in domain.missing(answers)]
