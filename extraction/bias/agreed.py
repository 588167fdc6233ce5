"""Reads of the agreed judgements, for whatever stands above: analyses, pictures, certainty."""

from reviewsite.reviews.models import Review
from screening.models import Study
from screening.prisma.counts import included_studies

from ..models import Appraisal, Assessment, Outcome
from ..risk_of_bias import Level
from ..risk_of_bias.model import OVERALL
from .assessments import judgements_of


def agreed_judgements(appraisal: Appraisal) -> dict[Study, dict[str, str]]:
    """The agreed judgements of each included study, by slot."""
    rows = (
        Assessment.objects.filter(appraisal=appraisal).agreed().select_related("study", "appraisal__own_tool")
    )
    rows = rows.filter(study__in=included_studies(appraisal.review))
    found = rows.prefetch_related("judgements", "domain_judgements").order_by("study__label")
    return {row.study: judgements_of(row) for row in found}


def overall_levels(appraisal: Appraisal) -> dict[int, Level]:
    """The agreed overall judgement of each study by its primary key."""
    judged = {study.pk: told.get(OVERALL) for study, told in agreed_judgements(appraisal).items()}
    levels = {pk: appraisal.tool.level(value, OVERALL) for pk, value in judged.items()}
    return {pk: level for pk, level in levels.items() if level is not None}


class OverallLevels:
    """The agreed overall judgements of a review, each appraisal read at most once."""

    def __init__(self, review: Review) -> None:
        found = review.appraisals.select_related("review", "outcome", "own_tool")
        self._appraisals = [each for each in found if each.tool.has_overall]
        self._read: dict[int, dict[int, Level]] = {}

    def fitting(self, outcome: Outcome | None = None) -> list[Appraisal]:
        """The appraisals with an overall judgement that speak for an outcome: its own first."""
        wanted = outcome.pk if outcome else None
        found = [each for each in self._appraisals if each.outcome_id in (None, wanted)]
        return sorted(found, key=lambda each: each.outcome_id is None)

    def of(self, appraisal: Appraisal) -> dict[int, Level]:
        """The level of each study by its primary key."""
        if appraisal.pk not in self._read:
            self._read[appraisal.pk] = overall_levels(appraisal)
        return self._read[appraisal.pk]

    def tones(self, outcome: Outcome | None = None) -> dict[int, str]:
        """The tone of each study's agreed overall judgement, by the study's key.

        Tones are "low", "some", "high", "critical" and "none" (no information). An appraisal of
        the outcome itself goes before one of the whole study.
        """
        found: dict[int, str] = {}
        for appraisal in self.fitting(outcome):
            for study_pk, level in self.of(appraisal).items():
                found.setdefault(study_pk, level.tone)
        return found


def appraisals_for(review: Review, outcome: Outcome | None = None) -> list[Appraisal]:
    """The appraisals with an overall judgement that speak for an outcome: its own first."""
    return OverallLevels(review).fitting(outcome)
